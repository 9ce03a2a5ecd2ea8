//! Randomness for keys and nonces, from the operating system and nowhere else (T-077).
//!
//! The `Entropy` port may be seeded for repeatable sandboxes and tests. A nonce or key drawn from a
//! seeded source would repeat, and a repeated nonce lets seals be compared and, under some ciphers,
//! forged. So this crate never takes an `Entropy`.

use aws_lc_rs::error::Unspecified;

/// AES-256-GCM-SIV nonces have 96 bits (RFC 8452 §4).
pub(crate) const NONCE_BYTES: usize = 12;

pub(crate) fn nonce() -> Result<[u8; NONCE_BYTES], Unspecified> {
    let mut nonce = [0; NONCE_BYTES];
    fill(&mut nonce)?;
    Ok(nonce)
}

#[expect(
    clippy::disallowed_methods,
    reason = "keys and nonces come from the operating system's generator, never from a seeded port"
)]
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Unspecified> {
    aws_lc_rs::rand::fill(bytes)
}
