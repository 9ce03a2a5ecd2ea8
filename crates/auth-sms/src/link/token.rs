//! The secret in a link.

use fiador_kernel::{Digest, Entropy, Issuer};

/// Characters of a token: 62^22 is more than 2^130 (T-126 wants 128 bits).
const LENGTH: u32 = 22;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// As long as every token, for measuring texts.
pub(crate) const SAMPLE_TOKEN: &str = "zzzzzzzzzzzzzzzzzzzzzz";

/// The path segment of a link: 22 characters of base62. The gateway keeps only its SHA-256, as the
/// reference of the prompt; the token itself is in the message and nowhere else.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// A new one, every character as likely as any other.
    pub(crate) fn draw(entropy: &dyn Entropy) -> Self {
        let character = |_| {
            let index = usize::try_from(entropy.below(62)).unwrap_or_default();
            char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
        };
        Self((0..LENGTH).map(character).collect())
    }

    /// One from an address. `None` for what was never a token, which then costs no look-up.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let fits =
            text.len() == SAMPLE_TOKEN.len() && text.bytes().all(|b| b.is_ascii_alphanumeric());
        fits.then(|| Self(text.to_owned()))
    }

    /// By what the prompt is found.
    pub(crate) fn reference(&self) -> Digest {
        Digest::of(&self.0)
    }

    /// The text of it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What a form of the link's page carries: it cannot be made without the link, nor from the link
    /// alone, for `salt` never leaves the journey otherwise. So whoever sends it has loaded the page.
    pub(crate) fn form_token(&self, salt: &str) -> Digest {
        Digest::of(format!("sms link form:{}:{salt}", self.0))
    }
}

/// The whole link. It names no number, no journey and no client (T-126).
pub(crate) fn address(base: &Issuer, token: &str) -> String {
    format!("{base}/l/{token}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use fiador_kernel::OsEntropy;

    use super::*;

    #[test]
    fn a_token_has_22_characters_of_base62_and_is_never_drawn_twice_t_126() {
        let mut seen = HashSet::new();
        let mut characters = HashSet::new();
        for _ in 0..2_000 {
            let token = Token::draw(&OsEntropy);
            assert_eq!(Token::read(token.as_str()).unwrap().reference(), token.reference());
            characters.extend(token.as_str().chars());
            assert!(seen.insert(token.0));
        }
        assert_eq!(characters.len(), 62);
        assert!(f64::from(LENGTH) * 62_f64.log2() >= 128.0);
    }

    #[test]
    fn what_is_no_token_is_not_looked_up() {
        for text in
            ["", "short", "zzzzzzzzzzzzzzzzzzzzz.", "zzzzzzzzzzzzzzzzzzzzzzz", "ééééééééééé"]
        {
            assert!(Token::read(text).is_none(), "{text}");
        }
    }
}
