//! What the journey keeps of a challenge.

use fiador_kernel::{Digest, JourneyId, Timestamp};
use fiador_ports::{Exhausted, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The state of one code. There is one per journey: a new code takes the place of the old one and
/// so voids it (T-121).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Random, new for every send; part of what is hashed.
    pub(crate) salt: String,
    /// Keyed hash of the code (T-120).
    pub(crate) code_hash: Digest,
    /// From then on the code is wrong.
    pub(crate) expires_at: Timestamp,
    /// Answers that will still be evaluated.
    pub(crate) attempts_left: u8,
    /// Codes sent in this journey, this one included.
    pub(crate) sends: u8,
    /// When "send again" is allowed.
    pub(crate) again_at: Timestamp,
}

impl State {
    /// Reads what [`State::write`] wrote.
    pub(crate) fn read(value: &Value) -> Result<Self, StoreError> {
        Self::deserialize(value).map_err(|_| StoreError::Corrupt)
    }

    /// As the journey keeps it.
    pub(crate) fn write(&self) -> Result<Value, StoreError> {
        serde_json::to_value(self).map_err(|_| StoreError::Corrupt)
    }

    /// The same state with one attempt less.
    pub(crate) fn admit(mut self) -> Result<Self, Exhausted> {
        self.attempts_left = self.attempts_left.checked_sub(1).ok_or(Exhausted)?;
        Ok(self)
    }
}

/// What binds a hashed code to one journey and one send (T-120).
pub(crate) fn hash_context(journey: &JourneyId, salt: &str) -> String {
    format!("sms_otp:{journey}:{salt}")
}
