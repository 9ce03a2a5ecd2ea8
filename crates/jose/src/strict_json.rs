//! JSON for security documents: duplicate members and NUL are refused (T-007).
//!
//! RFC 8259 §4 leaves the meaning of a repeated member open, and RFC 7515 §4 asks for refusal or
//! "last one wins". Refusal is the only choice under which two parsers cannot disagree.

use std::collections::HashSet;
use std::fmt;

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess};

/// Why a document was refused.
#[derive(Debug, thiserror::Error)]
#[error("refused JSON document: {0}")]
pub struct StrictJsonError(#[from] serde_json::Error);

/// Reads one JSON document. At any depth a member name may occur once per object, and no string may
/// hold U+0000; invalid UTF-8 and more than 128 levels of nesting are refused by the parser.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, StrictJsonError> {
    let mut parser = serde_json::Deserializer::from_slice(json);
    UniqueMembers.deserialize(&mut parser)?;
    parser.end()?;
    Ok(serde_json::from_slice(json)?)
}

/// Walks a document without keeping it, only the member names of the objects it is inside of.
struct UniqueMembers;

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
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            refuse_nul(&name)?;
            map.next_value_seed(UniqueMembers)?;
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
        while list.next_element_seed(UniqueMembers)?.is_some() {}
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
        assert!(from_slice::<Value>("[".repeat(100_000).as_bytes()).is_err());
    }

    proptest! {
        #[test]
        fn random_text_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = from_slice::<Value>(&bytes);
        }
    }
}
