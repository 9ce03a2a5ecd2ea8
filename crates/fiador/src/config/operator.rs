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
    /// Number ranges of this operator: prefixes of digits, without `+`. Only registered subscribers
    /// with a number in them get messages, unless `serves_ported_in_numbers` is set (T-123);
    /// Discovery knows own numbers by them.
    pub number_ranges: Vec<String>,
    /// Registered subscribers whose number is outside `number_ranges`, because they brought it
    /// along from another operator, get messages too. Default: false, such a number is treated as
    /// unknown.
    #[serde(default)]
    pub serves_ported_in_numbers: bool,
}
