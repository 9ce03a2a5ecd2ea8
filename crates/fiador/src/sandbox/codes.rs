//! One-time codes that tests can know.

use std::{collections::HashMap, sync::Mutex};

use fiador_auth_sms::CodeSource;
use fiador_ports::Challenge;
use fiador_sandbox::{AUTO_CODE, Seed, phones};

/// Codes that follow from the seed, the phone and how many it has had; the automatic phone always
/// gets [`AUTO_CODE`].
pub struct SandboxCodes {
    seed: Seed,
    sent: Mutex<HashMap<String, u64>>,
}

impl SandboxCodes {
    /// Codes of this run.
    pub fn new(seed: Seed) -> Self {
        Self { seed, sent: Mutex::default() }
    }
}

impl CodeSource for SandboxCodes {
    fn code(&self, challenge: &Challenge<'_>, digits: u8) -> String {
        let subscriber = challenge.subject.subscriber.as_ref().map_or("nobody", |id| id.as_str());
        let auto = phones().iter().any(|phone| phone.auto && phone.subscriber_id() == subscriber);
        if auto {
            return AUTO_CODE.to_owned();
        }
        let mut sent = self.sent.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // "nobody" is one entry, so the map has at most one entry per simulated phone and one more.
        let count = sent.entry(subscriber.to_owned()).or_default();
        *count += 1;
        self.seed.decimal(&format!("code {subscriber} {count}"), usize::from(digits))
    }
}
