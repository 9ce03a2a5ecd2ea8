//! Where in another party's JSON something stands (RFC 6901).

use serde_json::Value;

/// A JSON pointer, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPointer(String);

/// A text that is no JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no JSON pointer: write / before each member, such as /result/network (RFC 6901)")]
pub struct JsonPointerError(String);

impl JsonPointer {
    /// Checks the text: empty for the whole document, else `/` before each member, `~0` for `~` and
    /// `~1` for `/` (RFC 6901 §3).
    pub fn new(text: &str) -> Result<Self, JsonPointerError> {
        let escapes = text
            .match_indices('~')
            .all(|(at, _)| matches!(text.as_bytes().get(at + 1), Some(b'0' | b'1')));
        let is_pointer = escapes && (text.is_empty() || text.starts_with('/'));
        is_pointer.then(|| Self(text.to_owned())).ok_or_else(|| JsonPointerError(text.to_owned()))
    }

    /// What stands there; `None` when nothing does.
    pub fn find<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        document.pointer(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_finds_its_member_and_what_is_none_is_refused() {
        let document = json!({"a": [{"b/c": 7}]});
        let find = |text: &str| JsonPointer::new(text).unwrap().find(&document).cloned();
        assert_eq!(find("/a/0/b~1c"), Some(json!(7)));
        assert_eq!(find("").as_ref(), Some(&document));
        assert_eq!(find("/a/1"), None);
        for text in ["a", "a/b", "/a~", "/a~2", "$.a"] {
            assert!(JsonPointer::new(text).is_err(), "{text}");
        }
    }
}
