//! JSON for security documents: duplicate members and NUL are refused (T-007).
//!
//! RFC 8259 §4 leaves the meaning of a repeated member open, and RFC 7515 §4 asks for refusal or
//! "last one wins". Refusal is the only choice under which two parsers cannot disagree. Nesting is
//! bounded (T-002).
//!
//! `fiador_wire_oauth::strict_json` has the same bounds. Neither crate may use the other, nor the
//! kernel.

use std::collections::HashSet;
use std::fmt;

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess};

/// Deepest nesting of arrays and objects (T-002).
pub const MAX_DEPTH: usize = 32;

/// Why a document was refused.
#[derive(Debug, thiserror::Error)]
#[error("refused JSON document: {0}")]
pub struct StrictJsonError(#[from] serde_json::Error);

/// Reads one JSON document. At any depth a member name may occur once per object, and no string may
/// hold U+0000; arrays and objects nest at most [`MAX_DEPTH`] deep. The parser refuses invalid UTF-8.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, StrictJsonError> {
    let mut parser = serde_json::Deserializer::from_slice(json);
    UniqueMembers { depth_left: MAX_DEPTH }.deserialize(&mut parser)?;
    parser.end()?;
    Ok(serde_json::from_slice(json)?)
}

/// Walks a document without keeping it, only the member names of the objects it is inside of.
#[derive(Clone, Copy)]
struct UniqueMembers {
    /// How many times the value may nest more.
    depth_left: usize,
}

impl UniqueMembers {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        let depth_left = self.depth_left.checked_sub(1);
        let too_deep = || E::custom(format_args!("nested deeper than {MAX_DEPTH} levels"));
        Ok(Self { depth_left: depth_left.ok_or_else(too_deep)? })
    }
}

impl<'de> DeserializeSeed<'de> for UniqueMembers {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> de::Visitor<'de> for UniqueMembers {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let level = self.deeper()?;
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            refuse_nul(&name)?;
            map.next_value_seed(level)?;
            if let Some(repeated) = names.replace(name) {
                // The name itself may be personal data or megabytes long: only its size is told.
                return Err(de::Error::custom(format_args!(
                    "a member name of {} bytes occurs twice in one object",
                    repeated.len()
                )));
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let level = self.deeper()?;
        while list.next_element_seed(level)?.is_some() {}
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        refuse_nul(text)
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

fn refuse_nul<E: de::Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') { Err(E::custom("a string holds U+0000")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn ordinary_documents_are_read_whole() {
        let document = json!({"a": [1, -2, 0.5, true, null, {"a": "x"}], "b": {"a": 1}});
        let read: Value = from_slice(document.to_string().as_bytes()).unwrap();
        assert_eq!(read, document);
    }

    #[test]
    fn duplicate_members_are_refused_at_any_depth() {
        // T-007; the third spells the same name with an escape.
        for text in [r#"{"a":1,"a":1}"#, r#"{"b":[{"a":1,"c":2,"a":3}]}"#, r#"{"a":1,"\u0061":2}"#]
        {
            assert!(from_slice::<Value>(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn nul_trailing_text_and_bad_utf8_are_refused() {
        for text in
            [&br#"{"a":"\u0000"}"#[..], br#"{"\u0000":1}"#, b"{} {}", b"{\"a\":\"\xff\"}", b""]
        {
            assert!(from_slice::<Value>(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_stack_overflow() {
        // T-002.
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(from_slice::<Value>(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert!(from_slice::<Value>(nested(MAX_DEPTH + 1).as_bytes()).is_err());
        assert!(from_slice::<Value>("[".repeat(100_000).as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn random_text_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = from_slice::<Value>(&bytes);
        }
    }
}
