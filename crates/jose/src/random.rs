//! The operating system's generator. Content keys and nonces never come from `Entropy`, which may be
//! seeded (T-077).

/// Fills `buffer`; `None` if the operating system gives no random bytes.
#[expect(clippy::disallowed_methods, reason = "content keys and nonces must not be seeded")]
pub(crate) fn fill(buffer: &mut [u8]) -> Option<()> {
    aws_lc_rs::rand::fill(buffer).ok()
}
