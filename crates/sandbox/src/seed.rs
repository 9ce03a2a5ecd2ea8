//! Everything in the sandbox that looks random but repeats.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fiador_kernel::{Digest, Entropy};

/// The number behind ids, secrets and one-time codes. With the same seed they are the same in
/// every run, in whatever order they are asked for, since each follows from the seed and its own
/// label. **Not secret.** Signing keys do not come from here, and seals never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// The seed given with `--seed`.
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// A fresh seed.
    pub fn random(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 8];
        entropy.fill(&mut bytes);
        Self(u64::from_le_bytes(bytes))
    }

    /// 22 characters of `[A-Za-z0-9_-]` for `label`.
    pub fn text(self, label: &str) -> String {
        URL_SAFE_NO_PAD.encode(&self.bytes(label)[..16])
    }

    /// `digits` decimal digits (at most 9) for `label`.
    pub fn decimal(self, label: &str, digits: usize) -> String {
        let bytes = self.bytes(label);
        let number = u64::from_le_bytes([
            bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
        ]);
        let digits = digits.min(9);
        format!("{:0digits$}", number % 10_u64.pow(u32::try_from(digits).unwrap_or(9)))
    }

    fn bytes(self, label: &str) -> [u8; 32] {
        *Digest::of(format!("fiador sandbox {} {label}", self.0)).as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_values_every_time_and_another_seed_others() {
        let (one, two) = (Seed::new(1), Seed::new(2));
        assert_eq!(one.text("a"), Seed::new(1).text("a"));
        assert_ne!(one.text("a"), one.text("b"));
        assert_ne!(one.text("a"), two.text("a"));
        assert_eq!(one.decimal("a", 6).len(), 6);
        assert!(one.text("a").bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)));
    }
}
