//! `[sms]`

use schemars::JsonSchema;
use serde::Deserialize;

/// Codes and links by text message.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SmsSection {
    /// The authenticators that subscribers may have, the preferred one first: of `sms_otp`, `sms_url`,
    /// `sms_otp_url`.
    pub authenticators: Vec<String>,
    /// Sender as phones show it: 1 to 11 letters, digits and spaces, or 3 to 15 digits.
    pub sender: String,
    /// Seconds a code or link is valid, 61 to 300.
    pub code_lifetime_seconds: u64,
    /// Where links in messages lead, when that is not the issuer: an https URL without trailing slash,
    /// the shorter the better, whose `/l/` reaches this gateway's public listener.
    pub link_base: Option<String>,
    /// Thousandths of the operator's currency that a message costs, for policies that go by cost.
    pub message_cost: u32,
    /// Says on the waiting page what became of the message. It tells whoever typed a number that it is
    /// known and its phone is on.
    pub show_delivery: bool,
    /// The operator's own words for messages, in place of the shipped ones.
    pub texts: Vec<MessageTextSection>,
    /// Segments that a message in the operator's own words may take, 1 to 3.
    pub message_parts: usize,
    /// Of at least 50 messages in an hour for one application or number block, fewer than so many
    /// percent lead to a login: somebody may send for the sake of sending, so the send budget is
    /// halved and an alarm raised. 0 never does.
    pub conversion_percent: u32,
    /// Send budgets (T-122). Anything looser than the defaults is logged at start-up.
    pub budgets: BudgetSection,
}

/// Words for the messages of one authenticator in one language.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageTextSection {
    /// `sms_otp`, `sms_url` or `sms_otp_url`.
    pub authenticator: String,
    /// Language tag, such as `es`.
    pub language: String,
    /// The words, with `{client}` and `{details}` in them once, and `{code}` where there is a code.
    pub text: String,
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
            authenticators: ["sms_otp", "sms_url", "sms_otp_url"].map(str::to_owned).to_vec(),
            sender: "Fiador".to_owned(),
            code_lifetime_seconds: 180,
            link_base: None,
            message_cost: 0,
            show_delivery: false,
            texts: Vec::new(),
            message_parts: 1,
            conversion_percent: 30,
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
