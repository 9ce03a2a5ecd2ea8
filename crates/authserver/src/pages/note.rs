//! A remark at the top of a page, carried through the redirect that led there. It only chooses
//! among fixed texts, so a forged one does no harm.

use std::time::Duration;

use fiador_kernel::AuthenticatorId;
use fiador_wire_oauth::{parameters::Parameters, redirect_uri::append};

/// The name of its parameter.
const PARAMETER: &str = "note";

/// The remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// The answer to this authenticator was wrong.
    Wrong(AuthenticatorId),
    /// What was typed is no telephone number.
    NotANumber,
    /// No message can be sent for so long.
    Wait(Duration),
    /// Another message could not be sent.
    NotSent,
}

impl Note {
    /// `address` with the remark in its query.
    pub(crate) fn added_to(&self, address: &str) -> String {
        let text = match self {
            Self::Wrong(authenticator) => format!("wrong-{}", authenticator.as_str()),
            Self::NotANumber => "number".to_owned(),
            Self::NotSent => "unsent".to_owned(),
            Self::Wait(wait) => format!("wait-{}", wait.as_secs().max(1)),
        };
        append(address, [(PARAMETER, text)])
    }

    /// Reads it back; whatever else is there means none.
    pub(crate) fn of_query(query: Option<&str>) -> Option<Self> {
        let parameters = Parameters::parse_query(query?.as_bytes()).ok()?;
        match parameters.get(PARAMETER)?.split_once('-') {
            Some(("wrong", authenticator)) => {
                AuthenticatorId::new(authenticator).ok().map(Self::Wrong)
            }
            Some(("wait", seconds)) => {
                let seconds: u32 = seconds.parse().ok()?;
                Some(Self::Wait(Duration::from_secs(seconds.into())))
            }
            Some(_) => None,
            None => match parameters.get(PARAMETER)? {
                "number" => Some(Self::NotANumber),
                "unsent" => Some(Self::NotSent),
                _ => None,
            },
        }
    }

    /// Whose answer was wrong.
    pub(crate) const fn wrong(&self) -> Option<&AuthenticatorId> {
        match self {
            Self::Wrong(authenticator) => Some(authenticator),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_survives_the_redirect_and_others_are_none() {
        let wait = Note::Wait(Duration::from_secs(59));
        let wrong = |id| Note::Wrong(AuthenticatorId::new(id).unwrap());
        for note in [wrong("sms_otp"), wrong("a&b=\"c%-d"), Note::NotANumber, Note::NotSent, wait] {
            let address = note.added_to("/page");
            let query = address.strip_prefix("/page?");
            assert_eq!(Note::of_query(query), Some(note), "{address}");
        }
        for query in [
            None,
            Some(""),
            Some("note="),
            Some("note=wait--1"),
            Some("note=wrong"),
            Some("note=%zz"),
            Some("note=<script>"),
        ] {
            assert_eq!(Note::of_query(query), None);
        }
    }
}
