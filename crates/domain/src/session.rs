//! Login sessions of a browser (single sign-on of `oidc` clients, decision 0006).

use std::time::Duration;

use fiador_kernel::{Digest, SubscriberId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::assurance::Evidence;

/// A session nobody used for so long is over.
pub const IDLE: Duration = Duration::from_mins(30);
/// A session is over after so long, however much it is used.
pub const ABSOLUTE: Duration = Duration::from_hours(12);

/// A browser in which a subscriber has authenticated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoginSession {
    /// SHA-256 of the cookie value.
    pub id: Digest,
    /// Who.
    pub subscriber: SubscriberId,
    /// What was proven, and when (`auth_time`).
    pub evidence: Evidence,
    /// When the session began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Timestamp,
}

impl LoginSession {
    /// When it ends if nobody uses it any more.
    pub fn expires_at(&self) -> Timestamp {
        (self.used_at + IDLE).min(self.created_at + ABSOLUTE)
    }

    /// Whether it can answer a request that demands an authentication at most `max_age` old.
    pub fn answers(&self, now: Timestamp, max_age: Option<Duration>) -> bool {
        now < self.expires_at() && max_age.is_none_or(|age| now.since(self.evidence.at) <= age)
    }
}
