//! The `scope` parameter (RFC 6749 §3.3).

use std::fmt;

/// Most scopes in one request (T-002).
pub const MAX_SCOPES: usize = 100;

/// Requested scopes in the order they were written, each once. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeList(Vec<String>);

/// Why a `scope` value cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// No scope in it.
    #[error("the scope value is empty")]
    Empty,
    /// More than [`MAX_SCOPES`].
    #[error("more than {MAX_SCOPES} scopes")]
    TooMany,
    /// A character outside `scope-token` of RFC 6749 §3.3.
    #[error("a scope has a character that RFC 6749 does not allow")]
    InvalidCharacter,
}

impl ScopeList {
    /// Reads a space-separated list. A repeated scope and a repeated space add nothing (order has no
    /// meaning, and the list is a set); scopes are case-sensitive.
    pub fn parse(value: &str) -> Result<Self, ScopeError> {
        let mut scopes: Vec<String> = Vec::new();
        for (count, scope) in value.split(' ').filter(|scope| !scope.is_empty()).enumerate() {
            if count == MAX_SCOPES {
                return Err(ScopeError::TooMany);
            }
            if !scope.bytes().all(is_scope_character) {
                return Err(ScopeError::InvalidCharacter);
            }
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        if scopes.is_empty() { Err(ScopeError::Empty) } else { Ok(Self(scopes)) }
    }

    /// Whether that scope was requested.
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|known| known == scope)
    }

    /// The scopes, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// How many different scopes.
    #[expect(clippy::len_without_is_empty, reason = "a list is never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// The list as a `scope` value: one space between scopes.
impl fmt::Display for ScopeList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// `%x21 / %x23-5B / %x5D-7E`: printable ASCII without space, quote and backslash.
fn is_scope_character(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'"' && byte != b'\\'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_order_and_drops_repetitions() {
        let scopes = ScopeList::parse(" openid  mc_authn openid profile").unwrap();
        assert_eq!(scopes.to_string(), "openid mc_authn profile");
        assert_eq!(scopes.len(), 3);
        assert!(scopes.contains("mc_authn"));
        assert!(!scopes.contains("MC_AUTHN"));
    }

    #[test]
    fn nothing_is_not_a_list() {
        assert_eq!(ScopeList::parse(""), Err(ScopeError::Empty));
        assert_eq!(ScopeList::parse("  "), Err(ScopeError::Empty));
    }

    #[test]
    fn characters_outside_the_grammar_are_refused() {
        for value in ["open\"id", "open\\id", "openid\tprofile", "opené", "a\u{7f}"] {
            assert_eq!(ScopeList::parse(value), Err(ScopeError::InvalidCharacter));
        }
    }

    /// T-002: repetitions count, else a long list of one scope would be free.
    #[test]
    fn one_hundred_scopes_are_the_most() {
        assert!(ScopeList::parse(&vec!["a"; 100].join(" ")).is_ok());
        assert_eq!(ScopeList::parse(&vec!["a"; 101].join(" ")), Err(ScopeError::TooMany));
    }
}
