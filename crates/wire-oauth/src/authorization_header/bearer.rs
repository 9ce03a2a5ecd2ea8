//! `Bearer` access tokens.

use std::fmt;

use crate::masked::Masked;

/// An access token as presented: `b64token` of RFC 6750 §2.1, never empty. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct BearerToken(String);

impl BearerToken {
    /// Reads what follows the scheme; `None` when it is not a `b64token`.
    pub(super) fn parse(token: &[u8]) -> Option<Self> {
        let end = token.iter().rposition(|&byte| byte != b'=')? + 1;
        let in_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(byte);
        token[..end].iter().all(in_alphabet).then_some(())?;
        String::from_utf8(token.to_vec()).ok().map(Self)
    }

    /// The token's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BearerToken").field(&Masked).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6750 §2.1.
    #[test]
    fn a_token_is_of_the_b64token_alphabet_with_equal_signs_only_at_its_end() {
        for good in ["a", "mF_9.B5f-4.1JqM", "a~+/==", "A="] {
            assert_eq!(BearerToken::parse(good.as_bytes()).unwrap().as_str(), good);
        }
        for bad in ["", "=", "==", "a=b", "a b", "a\"b", "é", "a,b"] {
            assert!(BearerToken::parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
