//! What the journey keeps of a request.

use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{Exhausted, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Answers that are looked at. Routes let only well-signed and bound ones through, so none is wrong but
/// those that somebody posts by hand.
const ATTEMPTS: u8 = 5;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// SHA-256 of the transaction secret: the prompt's reference.
    pub(super) transaction: Digest,
    /// SHA-256 of the nonce.
    pub(super) nonce: Digest,
    /// The pseudonym that was asked for.
    pub(super) sub: String,
    /// The number that the waiting page shows and the phone must send back.
    #[serde(default)]
    pub(super) number: Option<String>,
    /// Browser form: where the browser goes, request included. Back-channel form: the request.
    pub(super) request: String,
    /// When it was made.
    pub(super) asked_at: Timestamp,
    /// Answers that will still be evaluated.
    pub(super) attempts_left: u8,
}

impl State {
    /// A fresh one.
    pub(super) fn new(
        [transaction, nonce]: [&str; 2],
        sub: String,
        number: Option<String>,
        request: String,
        asked_at: Timestamp,
    ) -> Self {
        let [transaction, nonce] = [transaction, nonce].map(Digest::of);
        Self { transaction, nonce, sub, number, request, asked_at, attempts_left: ATTEMPTS }
    }

    /// Reads what [`State::write`] wrote.
    pub(super) fn read(value: &Value) -> Result<Self, StoreError> {
        Self::deserialize(value).map_err(|_| StoreError::Corrupt)
    }

    /// As the journey keeps it.
    pub(super) fn write(&self) -> Result<Value, StoreError> {
        serde_json::to_value(self).map_err(|_| StoreError::Corrupt)
    }

    /// The same with one attempt less.
    pub(super) fn admit(mut self) -> Result<Self, Exhausted> {
        self.attempts_left = self.attempts_left.checked_sub(1).ok_or(Exhausted)?;
        Ok(self)
    }
}
