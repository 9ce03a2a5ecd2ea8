//! How often a subscription may be prompted (T-106): one live prompt at a time, few that nobody
//! answers, and a rest for the client that was turned down.

use std::time::Duration;

use fiador_kernel::{ClientId, Digest, JourneyId, Timestamp};
use serde::{Deserialize, Serialize};

/// Limits on prompts. The defaults are the strict ones of T-106; only a named setting loosens them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptLimits {
    /// Journeys that may prompt one subscription at the same time.
    pub live: usize,
    /// Prompted journeys that nobody answered, in any stretch of [`Self::window`].
    pub unanswered: usize,
    /// See [`Self::unanswered`].
    pub window: Duration,
    /// How long a client rests that the subscriber has turned down.
    pub rest: Duration,
}

impl Default for PromptLimits {
    fn default() -> Self {
        Self {
            live: 1,
            unanswered: 3,
            window: Duration::from_mins(10),
            rest: Duration::from_mins(10),
        }
    }
}

/// What has happened to one number lately. It is kept for unknown numbers in the same way (T-048).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// Journeys whose prompts are live.
    live: Vec<LivePrompt>,
    /// When prompts began that nobody answered.
    unanswered: Vec<Timestamp>,
    /// Clients that were turned down.
    resting: Vec<Resting>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct LivePrompt {
    journey: JourneyId,
    /// The browser that waits: it may replace its own prompt.
    browser: Option<Digest>,
    since: Timestamp,
    until: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Resting {
    client: ClientId,
    until: Timestamp,
}
