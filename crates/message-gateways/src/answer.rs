//! What a gateway's answer to a message means.

use std::ops::RangeInclusive;

use fiador_domain::json_pointer::JsonPointer;
use fiador_ports::{FetchError, FetchResponse};
use regex::{Regex, RegexBuilder};

/// Longest id of a message that is remembered, in bytes.
const MAX_ID: usize = 128;
/// Bytes that one compiled pattern may take.
const MAX_PATTERN: usize = 1 << 20;

/// How the answers of a gateway are read. Patterns are regular expressions of the `regex` crate, which
/// take time in proportion to the answer, whatever the pattern.
#[derive(Clone, Debug)]
pub struct AnswerSettings {
    /// Statuses with which the gateway has taken a message. 200 to 299.
    pub accepted: Vec<RangeInclusive<u16>>,
    /// What the body of such an answer must match besides; otherwise it is a refusal.
    pub accepted_body: Option<String>,
    /// Statuses with which it has *not* taken a message for a reason of its own, so that it may be sent
    /// again. 429 and 503. Any other status from 500 leaves it open whether the message was taken.
    pub busy: Vec<RangeInclusive<u16>>,
    /// A body that says the same, whatever the status.
    pub busy_body: Option<String>,
    /// Where the gateway's own name for the message stands.
    pub message_id: Option<MessageIdPlace>,
}

impl Default for AnswerSettings {
    fn default() -> Self {
        Self {
            accepted: vec![200..=299],
            accepted_body: None,
            busy: vec![429..=429, 503..=503],
            busy_body: None,
            message_id: None,
        }
    }
}

/// Where the gateway's name for a message stands in its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageIdPlace {
    /// A JSON pointer to a string or a number (RFC 6901).
    Pointer(String),
    /// A pattern whose first group is the id.
    Pattern(String),
}

/// Settings that cannot be read by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// A pattern is wrong.
    #[error("{field}: {error}")]
    Pattern {
        /// Which setting.
        field: &'static str,
        /// What is wrong with it.
        error: String,
    },
    /// Nothing would ever be taken.
    #[error("accepted: name the statuses of success, such as 200 to 299")]
    Accepted,
}

/// What became of a message at the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has the message, perhaps under a name of its own.
    Accepted(Option<String>),
    /// It has not, and may have it later; so may another.
    Busy,
    /// It has not and will not.
    Refused(u16),
    /// It was not reached: nothing was sent.
    Unreached,
    /// It may have the message (T-131).
    Unknown,
}

impl Verdict {
    /// The word in metrics and logs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Busy => "busy",
            Self::Refused(_) => "refused",
            Self::Unreached => "unreached",
            Self::Unknown => "unknown",
        }
    }
}

/// How answers are read, checked.
#[derive(Clone, Debug)]
pub struct AnswerReader {
    accepted: Vec<RangeInclusive<u16>>,
    accepted_body: Option<Regex>,
    busy: Vec<RangeInclusive<u16>>,
    busy_body: Option<Regex>,
    message_id: Option<IdReader>,
}

#[derive(Clone, Debug)]
enum IdReader {
    Pointer(JsonPointer),
    Pattern(Regex),
}

impl AnswerReader {
    /// Checks the settings and compiles their patterns.
    pub fn compile(settings: &AnswerSettings) -> Result<Self, AnswerError> {
        if settings.accepted.iter().all(RangeInclusive::is_empty) {
            return Err(AnswerError::Accepted);
        }
        let optional = |field, text: &Option<String>| {
            text.as_ref().map(|text| pattern(field, text)).transpose()
        };
        let message_id = match &settings.message_id {
            None => None,
            Some(MessageIdPlace::Pattern(text)) => Some(IdReader::Pattern(id_pattern(text)?)),
            Some(MessageIdPlace::Pointer(text)) => {
                let wrong = |error: &dyn ToString| AnswerError::Pattern {
                    field: "message_id",
                    error: error.to_string(),
                };
                Some(IdReader::Pointer(JsonPointer::new(text).map_err(|error| wrong(&error))?))
            }
        };
        Ok(Self {
            accepted: settings.accepted.clone(),
            accepted_body: optional("accepted_body", &settings.accepted_body)?,
            busy: settings.busy.clone(),
            busy_body: optional("busy_body", &settings.busy_body)?,
            message_id,
        })
    }

    /// What an answer, or none, means for the message.
    pub fn read(&self, answer: &Result<FetchResponse, FetchError>) -> Verdict {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.may_have_been_sent() => return Verdict::Unknown,
            Err(_) => return Verdict::Unreached,
        };
        let body = String::from_utf8_lossy(&answer.body);
        let matches = |pattern: &Regex| pattern.is_match(&body);
        let is_in = |ranges: &[RangeInclusive<u16>]| {
            ranges.iter().any(|range| range.contains(&answer.status))
        };
        if is_in(&self.busy) || self.busy_body.as_ref().is_some_and(matches) {
            Verdict::Busy
        } else if is_in(&self.accepted) && self.accepted_body.as_ref().is_none_or(matches) {
            Verdict::Accepted(self.message_id.as_ref().and_then(|place| place.read(&body)))
        } else if answer.status >= 500 && !is_in(&self.accepted) {
            Verdict::Unknown
        } else {
            Verdict::Refused(answer.status)
        }
    }
}

impl IdReader {
    fn read(&self, body: &str) -> Option<String> {
        let id = match self {
            Self::Pattern(pattern) => pattern.captures(body)?.get(1)?.as_str().to_owned(),
            Self::Pointer(pointer) => word(pointer.find(&serde_json::from_str(body).ok()?)?)?,
        };
        (1..=MAX_ID).contains(&id.len()).then_some(id)
    }
}

/// A JSON string or number as text.
pub(crate) fn word(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn id_pattern(text: &str) -> Result<Regex, AnswerError> {
    let compiled = pattern("message_id", text)?;
    if compiled.captures_len() < 2 {
        let error = "the pattern needs a group, such as id=([0-9a-f-]+)".to_owned();
        return Err(AnswerError::Pattern { field: "message_id", error });
    }
    Ok(compiled)
}

fn pattern(field: &'static str, text: &str) -> Result<Regex, AnswerError> {
    RegexBuilder::new(text)
        .size_limit(MAX_PATTERN)
        .build()
        .map_err(|error| AnswerError::Pattern { field, error: error.to_string() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(status: u16, body: &str) -> FetchResponse {
        FetchResponse { status, content_type: None, body: body.as_bytes().to_vec() }
    }

    fn read(settings: &AnswerSettings, status: u16, body: &str) -> Verdict {
        AnswerReader::compile(settings).unwrap().read(&Ok(answer(status, body)))
    }

    #[test]
    fn without_further_word_the_status_decides() {
        let plain = AnswerSettings::default();
        assert_eq!(read(&plain, 202, ""), Verdict::Accepted(None));
        for status in [400, 401, 403, 404, 410, 422] {
            assert_eq!(read(&plain, status, ""), Verdict::Refused(status));
        }
        assert_eq!([read(&plain, 429, ""), read(&plain, 503, "")], [Verdict::Busy, Verdict::Busy]);
    }

    #[test]
    fn a_server_that_failed_may_have_taken_the_message_t_131() {
        for status in [500, 502, 504, 599] {
            assert_eq!(read(&AnswerSettings::default(), status, ""), Verdict::Unknown);
        }
    }

    #[test]
    fn what_was_surely_not_sent_is_told_from_what_may_have_been_t_131() {
        let reader = AnswerReader::compile(&AnswerSettings::default()).unwrap();
        for error in [FetchError::Unreachable, FetchError::Tls, FetchError::NotAsked] {
            assert_eq!(reader.read(&Err(error)), Verdict::Unreached, "{error}");
        }
        for error in [FetchError::TimedOut, FetchError::Broken, FetchError::BodyTooLarge] {
            assert_eq!(reader.read(&Err(error)), Verdict::Unknown, "{error}");
        }
    }

    #[test]
    fn a_body_can_turn_success_into_refusal_or_into_later() {
        let settings = AnswerSettings {
            accepted_body: Some("^(0|3):".to_owned()),
            busy_body: Some("try again".to_owned()),
            ..AnswerSettings::default()
        };
        assert_eq!(read(&settings, 202, "0: Accepted for delivery"), Verdict::Accepted(None));
        assert_eq!(read(&settings, 202, "4: no credit"), Verdict::Refused(202));
        assert_eq!(read(&settings, 200, "0: no, try again"), Verdict::Busy);
    }

    #[test]
    fn the_name_of_the_message_is_found_by_pointer_or_pattern() {
        let with = |place| AnswerSettings { message_id: Some(place), ..AnswerSettings::default() };
        let pointer = with(MessageIdPlace::Pointer("/messages/0/id".to_owned()));
        let found = |text: &str| Verdict::Accepted(Some(text.to_owned()));
        assert_eq!(read(&pointer, 200, r#"{"messages":[{"id":"a-1"}]}"#), found("a-1"));
        assert_eq!(read(&pointer, 200, r#"{"messages":[{"id":17}]}"#), found("17"));
        let pattern = with(MessageIdPlace::Pattern("^ID: ([0-9a-f]+)$".to_owned()));
        assert_eq!(read(&pattern, 200, "ID: 7b"), found("7b"));
        for body in ["", "ID: ", "{}", r#"{"messages":[{"id":null}]}"#] {
            assert_eq!(read(&pointer, 200, body), Verdict::Accepted(None), "{body}");
            assert_eq!(read(&pattern, 200, body), Verdict::Accepted(None), "{body}");
        }
        let long = format!("ID: {}", "a".repeat(MAX_ID + 1));
        assert_eq!(read(&pattern, 200, &long), Verdict::Accepted(None));
    }

    #[test]
    fn patterns_that_are_none_are_refused_by_name() {
        let refused = |settings| AnswerReader::compile(&settings).map(drop).unwrap_err();
        let wrong = || Some("(".to_owned());
        let field = |error| match error {
            AnswerError::Pattern { field, .. } => field,
            AnswerError::Accepted => "accepted",
        };
        let plain = AnswerSettings::default;
        assert_eq!(
            field(refused(AnswerSettings { accepted_body: wrong(), ..plain() })),
            "accepted_body"
        );
        assert_eq!(field(refused(AnswerSettings { busy_body: wrong(), ..plain() })), "busy_body");
        assert_eq!(field(refused(AnswerSettings { accepted: vec![], ..plain() })), "accepted");
        for place in [
            MessageIdPlace::Pattern("no group".to_owned()),
            MessageIdPlace::Pointer("no slash".to_owned()),
        ] {
            let settings = AnswerSettings { message_id: Some(place), ..plain() };
            assert_eq!(field(refused(settings)), "message_id");
        }
    }

    proptest! {
        #[test]
        fn any_answer_has_one_meaning(status in 200_u16..600, body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let settings = AnswerSettings {
                accepted_body: Some("ok".to_owned()),
                message_id: Some(MessageIdPlace::Pointer("/id".to_owned())),
                ..AnswerSettings::default()
            };
            let reader = AnswerReader::compile(&settings).unwrap();
            let read = reader.read(&Ok(FetchResponse { status, content_type: None, body }));
            if matches!(read, Verdict::Accepted(_)) {
                prop_assert!((200..300).contains(&status));
            }
        }
    }
}
