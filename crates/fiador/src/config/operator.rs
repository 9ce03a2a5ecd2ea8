//! `[operator]`

use schemars::JsonSchema;
use serde::Deserialize;

/// Who runs the gateway.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorSection {
    /// The name users know, shown on every page.
    pub name: String,
    /// ISO 3166-1 alpha-2 country whose numbers may be typed in national form.
    pub home_region: String,
    /// Number ranges of this operator: prefixes of digits, without `+`, for Discovery. Messages go
    /// to registered subscribers only, in or out of these ranges (T-123).
    pub number_ranges: Vec<String>,
    /// Accent colour of pages as `#rrggbb`.
    #[serde(default)]
    pub accent_colour: Option<String>,
}
