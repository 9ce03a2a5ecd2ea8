//! What the journey keeps of an authorization request.

use fiador_kernel::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

use crate::kept::Kept;

/// Responses that are looked at: each costs the provider a request.
const ATTEMPTS: u8 = 3;

/// One authorization request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// SHA-256 of `state`: the prompt's reference.
    pub(super) reference: Digest,
    /// SHA-256 of `nonce`.
    pub(super) nonce: Digest,
    /// The PKCE verifier.
    pub(super) verifier: String,
    /// Where the browser goes, parameters included.
    pub(super) address: String,
    /// When it was made.
    pub(super) asked_at: Timestamp,
    /// Responses that will still be evaluated.
    pub(super) attempts_left: u8,
}

impl State {
    pub(super) fn new(
        [state, nonce]: [&str; 2],
        verifier: String,
        address: String,
        asked_at: Timestamp,
    ) -> Self {
        let [reference, nonce] = [state, nonce].map(Digest::of);
        Self { reference, nonce, verifier, address, asked_at, attempts_left: ATTEMPTS }
    }
}

impl Kept for State {
    fn attempts_left(&mut self) -> &mut u8 {
        &mut self.attempts_left
    }
}
