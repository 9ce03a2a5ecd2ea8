//! The body of a verified-number request (mobile-connect.md §2.9, Verified MSISDN): a number that is to
//! be compared with the user's own.

use std::fmt;

use serde_json::{Map, Value};

use crate::masked::Masked;
use crate::strict_json;

/// Longest run of digits that is passed on, as in [`crate::login_hint`].
const MAX_DIGITS: usize = 24;

/// What the service provider believes the number to be. `Debug` shows the kind only.
#[derive(Clone, PartialEq, Eq)]
pub enum NumberClaim {
    /// `device_msisdn`: 1 to 24 digits, here without `+`.
    Number(String),
    /// `device_msisdn_hash`: 64 hexadecimal digits, SHA-256 of the number with `+`.
    Hash(String),
}

/// The body is not strict JSON, or asks for no number, or for two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("mc_claims does not name exactly one number")]
pub struct NumberClaimError;

impl NumberClaim {
    /// Reads `{"mc_claims":{"device_msisdn":"+447700900907"}}`; `None` for an object without
    /// `mc_claims`, which asks nothing about a number. Unknown members are ignored.
    pub fn parse(document: &[u8]) -> Result<Option<Self>, NumberClaimError> {
        let Ok(Value::Object(document)) = strict_json::parse(document) else {
            return Err(NumberClaimError);
        };
        match document.get("mc_claims") {
            None => Ok(None),
            Some(Value::Object(claims)) => Self::read(claims).ok_or(NumberClaimError).map(Some),
            Some(_) => Err(NumberClaimError),
        }
    }

    fn read(claims: &Map<String, Value>) -> Option<Self> {
        match (claims.get("device_msisdn"), claims.get("device_msisdn_hash")) {
            (Some(Value::String(number)), None) => digits(number).map(Self::Number),
            (None, Some(Value::String(hash))) => {
                let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
                is_hash.then(|| Self::Hash(hash.clone()))
            }
            _ => None,
        }
    }
}

/// With or without `+`: SDKs strip it.
fn digits(number: &str) -> Option<String> {
    let digits = number.strip_prefix('+').unwrap_or(number);
    let fits = (1..=MAX_DIGITS).contains(&digits.len());
    (fits && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.to_owned())
}

impl fmt::Debug for NumberClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Number(_) => "Number",
            Self::Hash(_) => "Hash",
        };
        f.debug_tuple(kind).field(&Masked).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<Option<NumberClaim>, NumberClaimError> {
        NumberClaim::parse(text.as_bytes())
    }

    #[test]
    fn a_number_or_a_hash_is_read() {
        let number = NumberClaim::Number("447700900907".to_owned());
        for text in ["+447700900907", "447700900907"] {
            let document = format!(r#"{{"mc_claims":{{"device_msisdn":"{text}","x":1}},"y":2}}"#);
            assert_eq!(parse(&document), Ok(Some(number.clone())));
        }
        let hash = "01a03859d1dd000bb5f648c3e97dad6a3dae5f40b9d103769a68d316bd905559";
        let document = format!(r#"{{"mc_claims":{{"device_msisdn_hash":"{hash}"}}}}"#);
        assert_eq!(parse(&document), Ok(Some(NumberClaim::Hash(hash.to_owned()))));
        assert_eq!(parse("{}"), Ok(None));
    }

    #[test]
    fn anything_but_exactly_one_number_is_refused() {
        for document in [
            "",
            "[]",
            r#"{"mc_claims":null}"#,
            r#"{"mc_claims":{}}"#,
            r#"{"mc_claims":{"device_msisdn":"+44 7700 900907"}}"#,
            r#"{"mc_claims":{"device_msisdn":""}}"#,
            r#"{"mc_claims":{"device_msisdn":447700900907}}"#,
            r#"{"mc_claims":{"device_msisdn":"1234567890123456789012345"}}"#,
            r#"{"mc_claims":{"device_msisdn_hash":"01a0"}}"#,
            r#"{"mc_claims":{"device_msisdn":"447700900907","device_msisdn_hash":null}}"#,
            r#"{"mc_claims":{},"mc_claims":{"device_msisdn":"447700900907"}}"#,
        ] {
            assert_eq!(parse(document), Err(NumberClaimError), "{document}");
        }
    }

    #[test]
    fn debug_shows_no_number_t_280() {
        assert!(!format!("{:?}", NumberClaim::Number("4477".to_owned())).contains("4477"));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(number in "\\+?[0-9]{0,30}|\\PC{0,30}") {
            let document = serde_json::json!({"mc_claims": {"device_msisdn": number}}).to_string();
            match parse(&document) {
                Ok(Some(NumberClaim::Number(digits))) => {
                    prop_assert_eq!(number.trim_start_matches('+'), digits);
                }
                other => prop_assert_eq!(other, Err(NumberClaimError)),
            }
        }
    }
}
