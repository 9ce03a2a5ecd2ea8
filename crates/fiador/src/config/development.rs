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
}

impl DevelopmentSection {
    /// Whether any exception is in force.
    pub const fn any(self) -> bool {
        self.plain_http || self.loose_send_budgets
    }
}
