//! Where codes come from.

use std::sync::Arc;

use fiador_kernel::Entropy;
use fiador_ports::Challenge;

/// Makes the one-time codes.
///
/// A seam for simulated phones, whose codes a test must know. Production wires [`EntropyCodes`];
/// there is no setting that replaces it.
pub trait CodeSource: Send + Sync {
    /// A code of exactly `digits` decimal digits for this challenge.
    fn code(&self, challenge: &Challenge<'_>, digits: u8) -> String;
}

/// Uniform codes from a random generator (T-120).
pub struct EntropyCodes(Arc<dyn Entropy>);

impl EntropyCodes {
    /// Codes drawn from `entropy`.
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self(entropy)
    }
}

impl CodeSource for EntropyCodes {
    fn code(&self, _: &Challenge<'_>, digits: u8) -> String {
        // One draw over the whole range, so every code is as likely as any other. Nine digits are
        // the most that a draw of 32 bits can give.
        let digits = digits.min(9);
        let value = self.0.below(10_u32.pow(u32::from(digits)));
        format!("{value:0width$}", width = usize::from(digits))
    }
}
