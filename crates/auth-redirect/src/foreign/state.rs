//! What the journey keeps of a request.

use fiador_kernel::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

use crate::kept::Kept;

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
}

impl Kept for State {
    fn attempts_left(&mut self) -> &mut u8 {
        &mut self.attempts_left
    }
}
