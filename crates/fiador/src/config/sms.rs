//! `[sms]`

use schemars::JsonSchema;
use serde::Deserialize;

/// One-time codes by SMS.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SmsSection {
    /// Sender as phones show it: 1 to 11 letters, digits and spaces, or 3 to 15 digits.
    pub sender: String,
    /// Seconds a code is valid, 61 to 300.
    pub code_lifetime_seconds: u64,
    /// Send budgets (T-122). Anything looser than the defaults is logged at start-up.
    pub budgets: BudgetSection,
}

/// Budgets of messages; each list is in force as a whole.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetSection {
    /// To one subscription.
    pub subscription: Vec<LimitSection>,
    /// For one client.
    pub client: Vec<LimitSection>,
    /// From one network of browsers (IPv4 /24, IPv6 /56).
    pub browser_network: Vec<LimitSection>,
    /// To one number block (first seven digits).
    pub number_block: Vec<LimitSection>,
}

/// At most `count` messages in any `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitSection {
    /// How many.
    pub count: u32,
    /// In which stretch of time.
    pub seconds: u64,
}

const fn limit(count: u32, seconds: u64) -> LimitSection {
    LimitSection { count, seconds }
}

impl Default for SmsSection {
    fn default() -> Self {
        Self {
            sender: "Fiador".to_owned(),
            code_lifetime_seconds: 180,
            budgets: BudgetSection::default(),
        }
    }
}

impl Default for BudgetSection {
    fn default() -> Self {
        Self {
            subscription: vec![limit(1, 60), limit(3, 600), limit(10, 86_400)],
            client: vec![limit(20, 1), limit(100_000, 86_400)],
            browser_network: vec![limit(30, 600)],
            number_block: vec![limit(100, 60)],
        }
    }
}
