//! Randomness as an argument: rules ask [`Entropy`], the sandbox may seed it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// Where unpredictable bytes come from.
///
/// Seals never use this port: their nonces come straight from the operating system, because a
/// seeded source would repeat a nonce (decision 0001).
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random values.
    fn fill(&self, bytes: &mut [u8]);

    /// A uniform number below `bound` (which must not be zero), by rejection sampling, so that no
    /// value is likelier than another (T-120).
    fn below(&self, bound: u32) -> u32 {
        let bound = bound.max(1);
        let zone = u32::MAX - (u32::MAX % bound);
        loop {
            let mut bytes = [0; 4];
            self.fill(&mut bytes);
            let value = u32::from_le_bytes(bytes);
            if value < zone {
                return value % bound;
            }
        }
    }
}

/// The generator of the operating system (T-077).
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that asks the system's generator"
        )]
        #[expect(
            clippy::expect_used,
            reason = "a system without a random generator must not go on: every secret would be guessable"
        )]
        aws_lc_rs::rand::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// A new handle of 256 random bits as 43 characters of base64url: journeys, sessions, cookies.
pub fn handle(entropy: &dyn Entropy) -> String {
    token_text(entropy, 32)
}

/// `bytes` random bytes as unpadded base64url text.
pub fn token_text(entropy: &dyn Entropy, bytes: usize) -> String {
    let mut value = vec![0; bytes];
    entropy.fill(&mut value);
    URL_SAFE_NO_PAD.encode(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_of_a_small_bound_occurs_and_none_above() {
        let mut seen = [0_u32; 10];
        for _ in 0..10_000 {
            seen[OsEntropy.below(10) as usize] += 1;
        }
        assert!(seen.iter().all(|&count| count > 700), "{seen:?}");
    }

    #[test]
    fn handles_are_43_url_safe_characters_and_differ() {
        let (one, two) = (handle(&OsEntropy), handle(&OsEntropy));
        assert_eq!(one.len(), 43);
        assert!(one.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert_ne!(one, two);
    }
}
