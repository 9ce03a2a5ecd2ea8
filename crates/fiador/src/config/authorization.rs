//! `[authorization]`

use schemars::JsonSchema;
use serde::Deserialize;

/// What authorization requests may say.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AuthorizationSection {
    /// A request that does not say whose phone to reach leads to a page that asks for the number.
    /// Otherwise a `mobile_connect` request without a hint is refused. Default: true.
    pub asks_for_number: bool,
    /// Offer `mc_di_v3.0`, whose rules are known from one SDK alone. Default: false.
    pub mobile_connect_3_0: bool,
    /// Longest `context`, in characters. What an authenticator cannot show whole it does not show:
    /// the next one is tried, and without another the request is refused. Default: 120.
    pub context_length: u16,
    /// Longest `binding_message`, in characters. Default: 50.
    pub binding_message_length: u16,
}

impl Default for AuthorizationSection {
    fn default() -> Self {
        Self {
            asks_for_number: true,
            mobile_connect_3_0: false,
            context_length: 120,
            binding_message_length: 50,
        }
    }
}
