//! What the journey keeps of a challenge.

use fiador_kernel::{Digest, JourneyId, Timestamp};
use fiador_ports::{Exhausted, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::link::NumberMatch;

/// The state of one message. There is one per prompt: a new message takes the place of the old one
/// and so voids its code and its link (T-121).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Random, new for every send; part of what is hashed.
    pub(crate) salt: String,
    /// Keyed hash of the code, where the message has one (T-120).
    pub(crate) code_hash: Option<Digest>,
    /// The link, where the message has one. Its token is the prompt's reference.
    #[serde(default)]
    pub(crate) link: Option<Link>,
    /// From then on nothing of the message is good for anything.
    pub(crate) expires_at: Timestamp,
    /// Answers that will still be evaluated, by whichever road they come.
    pub(crate) attempts_left: u8,
    /// Messages sent in this journey, this one included.
    pub(crate) sends: u8,
    /// When "send again" is allowed.
    pub(crate) again_at: Timestamp,
    /// When it was sent.
    #[serde(default)]
    pub(crate) sent_at: Timestamp,
}

/// What belongs to a link besides its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    /// What the other screen shows and the phone must choose.
    pub(crate) number: NumberMatch,
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

    /// The number that the other screen shows.
    pub(crate) fn number(&self) -> Option<&NumberMatch> {
        self.link.as_ref().map(|link| &link.number)
    }
}

/// What binds a hashed code to one journey and one send (T-120).
pub(crate) fn hash_context(journey: &JourneyId, salt: &str) -> String {
    format!("sms_otp:{journey}:{salt}")
}
