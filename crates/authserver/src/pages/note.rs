//! A remark at the top of a page, carried through the redirect that led there. It only chooses
//! among fixed texts, so a forged one does no harm.

use std::time::Duration;

/// The remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// The answer was wrong.
    Wrong,
    /// What was typed is no telephone number.
    NotANumber,
    /// No message can be sent for so long.
    Wait(Duration),
    /// Another message could not be sent.
    NotSent,
}

impl Note {
    /// As a query, with its `?`.
    pub(crate) fn query(self) -> String {
        match self {
            Self::Wrong => "?note=wrong".to_owned(),
            Self::NotANumber => "?note=number".to_owned(),
            Self::NotSent => "?note=unsent".to_owned(),
            Self::Wait(wait) => format!("?note=wait-{}", wait.as_secs().max(1)),
        }
    }

    /// Reads it back; whatever else is there means none.
    pub(crate) fn of_query(query: Option<&str>) -> Option<Self> {
        match query?.strip_prefix("note=")? {
            "wrong" => Some(Self::Wrong),
            "number" => Some(Self::NotANumber),
            "unsent" => Some(Self::NotSent),
            wait => {
                let seconds: u32 = wait.strip_prefix("wait-")?.parse().ok()?;
                Some(Self::Wait(Duration::from_secs(seconds.into())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_survives_the_redirect_and_others_are_none() {
        let wait = Note::Wait(Duration::from_secs(59));
        for note in [Note::Wrong, Note::NotANumber, Note::NotSent, wait] {
            assert_eq!(Note::of_query(note.query().strip_prefix('?')), Some(note));
        }
        for query in [None, Some(""), Some("note="), Some("note=wait--1"), Some("note=<script>")] {
            assert_eq!(Note::of_query(query), None);
        }
    }
}
