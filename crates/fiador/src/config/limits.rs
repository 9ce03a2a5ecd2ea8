//! `[limits]`

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Deserialize;

/// Requests that one application may make, counted by each node for itself.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// At UserInfo and PremiumInfo, each second in the long run.
    pub resource_requests_per_second: NonZeroU32,
    /// At UserInfo and PremiumInfo, at once.
    pub resource_burst: NonZeroU32,
    /// Numbers that one client may ask takeover signs of in 10 minutes and be told nothing; then no
    /// number is looked up for it for a while.
    pub takeover_signs_without_data_per_10_minutes: NonZeroU32,
    /// At Discovery, each second.
    pub discovery_requests_per_second: NonZeroU32,
    /// At Discovery, each second, from one network (/24 of IPv4, /56 of IPv6), whoever it says it is.
    pub discovery_requests_per_second_from_a_network: NonZeroU32,
    /// Numbers without operator that one application, or one network, may ask Discovery for in 10
    /// minutes; then numbers are not looked up for a while, and users select their operator.
    pub discovery_unknown_numbers_per_10_minutes: NonZeroU32,
}

impl Default for LimitsSection {
    fn default() -> Self {
        let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self {
            resource_requests_per_second: number(100),
            resource_burst: number(200),
            takeover_signs_without_data_per_10_minutes: number(100),
            discovery_requests_per_second: number(100),
            discovery_requests_per_second_from_a_network: number(200),
            discovery_unknown_numbers_per_10_minutes: number(100),
        }
    }
}
