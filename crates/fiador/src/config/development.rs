//! `[development]`

use schemars::JsonSchema;
use serde::Deserialize;

/// Named exceptions. With any of them set every response carries `X-Fiador-Development`.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DevelopmentSection {
    /// Allow an `http` issuer, plain HTTP on any address, cookies without `Secure`, and `http`
    /// redirect URIs.
    pub plain_http: bool,
    /// Allow budgets looser than the defaults of T-122.
    pub loose_send_budgets: bool,
    /// Allow `keys.publish_hours` below 24.
    pub short_key_publication: bool,
}

impl DevelopmentSection {
    /// The names of the exceptions in force.
    pub fn in_force(self) -> impl Iterator<Item = &'static str> {
        let named = [
            ("development.plain_http", self.plain_http),
            ("development.loose_send_budgets", self.loose_send_budgets),
            ("development.short_key_publication", self.short_key_publication),
        ];
        named.into_iter().filter(|(_, set)| *set).map(|(name, _)| name)
    }
}
