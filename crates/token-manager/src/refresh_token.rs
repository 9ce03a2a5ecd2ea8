//! The text of a refresh token: random, never sealed, remembered as a hash (T-054).
//!
//! 48 octets as 64 characters of base64url: 16 random ones that all tokens of a family share and
//! the family is found by, the generation as 4 octets (big-endian), and 28 that change with every
//! generation. Whoever does not hold a token of the family can neither name the family nor make a
//! token of it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fiador_kernel::{Digest, Entropy};

const LENGTH: usize = 64;
const FAMILY: usize = 16;
const SECRET: usize = 28;
/// Keeps the digest of a successor apart from every other digest.
const SUCCESSOR: &[u8] = b"fiador refresh token successor\0";

/// A refresh token. It has no `Debug`, so that it is not logged by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    family: [u8; FAMILY],
    generation: u32,
    text: String,
}

impl RefreshToken {
    /// The first token of a new family.
    pub fn first(entropy: &dyn Entropy) -> Self {
        let (mut family, mut secret) = ([0; FAMILY], [0; SECRET]);
        entropy.fill(&mut family);
        entropy.fill(&mut secret);
        Self::of(family, 0, &secret)
    }

    /// Reads what a client presents; `None` for whatever cannot be a refresh token of ours. Any
    /// text of 64 characters of base64url can.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != LENGTH {
            return None;
        }
        let octets = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (family, rest) = octets.split_first_chunk::<FAMILY>()?;
        let (generation, _) = rest.split_first_chunk::<4>()?;
        Some(Self {
            family: *family,
            generation: u32::from_be_bytes(*generation),
            text: text.to_owned(),
        })
    }

    /// The token that replaces this one: the same for the same seed, and not to be had from the
    /// seed without this token (T-051). `None` after four thousand million replacements.
    pub fn successor(&self, seed: &Digest) -> Option<Self> {
        let generation = self.generation.checked_add(1)?;
        let digest = Digest::of([SUCCESSOR, seed.as_bytes(), self.text.as_bytes()].concat());
        let (secret, _) = digest.as_bytes().split_first_chunk::<SECRET>()?;
        Some(Self::of(self.family, generation, secret))
    }

    /// What its family is stored under.
    pub fn family(&self) -> Digest {
        Digest::of(self.family)
    }

    /// Which token of its family it says it is; the first is 0.
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// What it is remembered by: the digest of the whole text.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.text)
    }

    /// What the client holds.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn of(family: [u8; FAMILY], generation: u32, secret: &[u8; SECRET]) -> Self {
        let octets = [&family[..], &generation.to_be_bytes(), secret].concat();
        Self { family, generation, text: URL_SAFE_NO_PAD.encode(octets) }
    }
}

impl From<RefreshToken> for String {
    fn from(token: RefreshToken) -> Self {
        token.text
    }
}

#[cfg(test)]
mod tests {
    use fiador_kernel::OsEntropy;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_of_a_family_share_its_name_and_nothing_else() {
        let first = RefreshToken::first(&OsEntropy);
        let seed = Digest::of("seed");
        let second = first.successor(&seed).unwrap();
        assert_eq!((first.as_str().len(), second.as_str().len()), (LENGTH, LENGTH));
        assert_eq!(first.family(), second.family());
        assert_eq!((first.generation(), second.generation()), (0, 1));
        assert_ne!(first.digest(), second.digest());
        assert!(RefreshToken::parse(second.as_str()) == Some(second.clone()));
        assert!(first.successor(&seed) == Some(second), "a retry gets the same again");
        let other = first.successor(&Digest::of("other seed")).unwrap();
        assert_ne!(Some(other.digest()), first.successor(&seed).map(|token| token.digest()));
    }

    #[test]
    fn two_families_have_nothing_in_common() {
        let (a, b) = (RefreshToken::first(&OsEntropy), RefreshToken::first(&OsEntropy));
        assert_ne!(a.family(), b.family());
        assert_ne!(a.digest(), b.digest());
    }

    proptest! {
        /// T-008, T-054: nothing is read in two ways.
        #[test]
        fn what_is_read_is_the_text_itself(text in "[A-Za-z0-9_-]{60,68}|.{0,80}") {
            if let Some(token) = RefreshToken::parse(&text) {
                prop_assert_eq!(token.as_str(), &text);
                prop_assert_eq!(text.len(), LENGTH);
            }
        }
    }
}
