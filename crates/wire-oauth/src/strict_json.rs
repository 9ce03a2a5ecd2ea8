//! JSON documents that decide about security, read so that two readers cannot differ (T-007).
//!
//! Common libraries take the last of two equal members and others the first; here the second is an error.
//! Nesting is bounded (T-002), so that neither this nor a later walk over the value can exhaust the stack.
//! U+0000 is an error as well: some stores and languages end a text there.
//!
//! `fiador_jose::strict_json` has the same bounds. Neither crate may use the other, nor the kernel.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Deepest nesting of arrays and objects (T-002).
pub const MAX_DEPTH: usize = 32;

/// The text is not JSON, repeats a member name within one object, holds U+0000, or nests deeper than
/// [`MAX_DEPTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a JSON document with unique members, no U+0000 and at most {MAX_DEPTH} levels")]
pub struct StrictJsonError;

/// Reads one document with nothing but white space after it.
pub fn parse(text: &[u8]) -> Result<Value, StrictJsonError> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Level { depth_left: MAX_DEPTH }.deserialize(&mut deserializer);
    let value = value.map_err(|_| StrictJsonError)?;
    deserializer.end().map_err(|_| StrictJsonError)?;
    Ok(value)
}

/// Reads one value that may nest `depth_left` times more.
#[derive(Clone, Copy)]
struct Level {
    depth_left: usize,
}

impl Level {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let depth_left = self.depth_left.checked_sub(1).ok_or_else(|| E::custom("too deep"))?;
        Ok(Self { depth_left })
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        refuse_nul(value)?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let level = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(level)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let level = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            refuse_nul(&name)?;
            if object.contains_key(&name) {
                return Err(A::Error::custom("repeated member"));
            }
            object.insert(name, members.next_value_seed(level)?);
        }
        Ok(Value::Object(object))
    }
}

fn refuse_nul<E: Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') { Err(E::custom("a string holds U+0000")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_as_any_reader_reads_it() {
        let text = r#" {"a":[1,-2,0.5,true,null,"x\n"],"b":{}} "#;
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(parse(text.as_bytes()), Ok(value));
    }

    /// T-007.
    #[test]
    fn repeated_members_are_refused_at_every_level_and_behind_escapes() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"c":2,"a":3}}]"#, r#"{"a":1,"\u0061":2}"#]
        {
            assert_eq!(parse(text.as_bytes()), Err(StrictJsonError), "{text}");
        }
    }

    /// T-002.
    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(parse(nested(MAX_DEPTH + 1).as_bytes()), Err(StrictJsonError));
        assert_eq!(parse("[".repeat(16_000).as_bytes()), Err(StrictJsonError));
    }

    #[test]
    fn nul_is_refused_in_names_and_values() {
        for text in [r#"{"a":"x\u0000"}"#, r#"{"\u0000":1}"#, r#"["\u0000"]"#] {
            assert_eq!(parse(text.as_bytes()), Err(StrictJsonError), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_json_document_is_refused() {
        for text in [&b""[..], b"{", b"{} {}", b"{'a':1}", b"\xff", b"[1,]", b"\"\xff\"", b"1e999"]
        {
            assert_eq!(parse(text), Err(StrictJsonError));
        }
    }
}
