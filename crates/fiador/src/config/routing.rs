//! `[routing]`

use schemars::JsonSchema;
use serde::Deserialize;

/// How an authenticator is chosen. The policy itself is put in force through the admin API
/// (docs/reference/routing-policy.md).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoutingSection {
    /// How often one subscription may be prompted (T-106). Anything looser than the defaults needs
    /// `development.loose_send_budgets`.
    pub prompts: PromptsSection,
    /// How long a decision waits for signs of a takeover, in milliseconds, 1 to 3000; without them
    /// they are unknown, and policy says what that means.
    pub risk_timeout_ms: u64,
    /// What unknown numbers are taken for, so that they look like subscriptions: lists of
    /// authenticators as subscriptions have them, in about the same shares. Each number gets one of
    /// them for good; a list that stands here twice is got twice as often. At most 64 lists of at most
    /// 16 authenticators; without any, an unknown number has the first authenticator that needs
    /// nothing but a phone.
    pub unknown_numbers: Vec<Vec<String>>,
}

/// Limits on prompts of one subscription, whichever authenticator prompts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PromptsSection {
    /// Logins that may prompt at the same time.
    pub live: usize,
    /// Prompts that led to no proof, those that were sent again included, in any `window_seconds`.
    pub unanswered: usize,
    /// See `unanswered`.
    pub window_seconds: u64,
    /// How long an application waits after the subscriber turned it down.
    pub rest_seconds: u64,
}

impl Default for RoutingSection {
    fn default() -> Self {
        Self {
            prompts: PromptsSection::default(),
            risk_timeout_ms: 1000,
            unknown_numbers: Vec::new(),
        }
    }
}

impl Default for PromptsSection {
    fn default() -> Self {
        Self { live: 1, unanswered: 3, window_seconds: 600, rest_seconds: 600 }
    }
}
