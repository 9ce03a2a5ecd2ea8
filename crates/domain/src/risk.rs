//! Signs that somebody else may have taken over a subscription (mobile-connect §2.9, ATP).

use std::time::Duration;

use fiador_kernel::Timestamp;
use serde_json::Value;

use crate::subscriber::Attributes;

/// A change of SIM counts as recent for so long (T-105).
pub const RECENT: Duration = Duration::from_hours(72);

/// The attributes that the signs are read from.
pub const ATTRIBUTES: &[&str] = &[
    "sim_changed_at",
    "device_changed_at",
    "is_call_divert_active",
    "is_lost_stolen",
    "account_state",
    "ported_at",
    "is_roaming",
];

/// What the operator's network knows; `None` where it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RiskSignals {
    /// When the number came to its present SIM.
    pub sim_changed_at: Option<Timestamp>,
    /// When the SIM came to its present device.
    pub device_changed_at: Option<Timestamp>,
    /// When the number last went from one operator to another.
    pub ported_at: Option<Timestamp>,
    /// All calls are diverted to another number.
    pub is_call_divert_active: Option<bool>,
    /// The SIM is in a foreign network.
    pub is_roaming: Option<bool>,
    /// Reported lost or stolen.
    pub is_lost_stolen: Option<bool>,
    /// `active` or `inactive`.
    pub account_state: Option<String>,
}

impl RiskSignals {
    /// Reads them from attributes of their shape ([`crate::attribute`]).
    pub fn of(attributes: &Attributes) -> Self {
        let member = |name| attributes.0.get(name);
        let time = |name| member(name).and_then(Value::as_i64).map(Timestamp::from_seconds);
        let switch = |name| member(name).and_then(Value::as_bool);
        Self {
            sim_changed_at: time("sim_changed_at"),
            device_changed_at: time("device_changed_at"),
            ported_at: time("ported_at"),
            is_call_divert_active: switch("is_call_divert_active"),
            is_roaming: switch("is_roaming"),
            is_lost_stolen: switch("is_lost_stolen"),
            account_state: member("account_state").and_then(Value::as_str).map(str::to_owned),
        }
    }

    /// Whether the SIM was changed within [`RECENT`] before `now`; `None` if that is not known. A
    /// change in the future, as of a clock that goes before ours, is recent.
    pub fn sim_changed_lately(&self, now: Timestamp) -> Option<bool> {
        self.sim_changed_at.map(|changed| now < changed + RECENT)
    }
}

/// How the answer is written for one client (mobile-connect §2.9: by configuration).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RiskAnswer {
    /// `simChange` is `"true"` or `"false"`, by [`RECENT`], instead of the time of the change.
    pub sim_change_as_boolean: bool,
    /// `isUnconditionalCallDivertActive` instead of the spelling of the profile's own document,
    /// `isUncontidionalCallDivertActive`.
    pub corrects_call_divert: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn signals_come_from_attributes_and_what_is_not_known_stays_so() {
        let attributes: Attributes = serde_json::from_value(json!({
            "sim_changed_at": 1_700_000_000, "is_lost_stolen": false, "account_state": "active",
        }))
        .unwrap();
        let signals = RiskSignals::of(&attributes);
        assert_eq!(signals.sim_changed_at, Some(Timestamp::from_seconds(1_700_000_000)));
        assert_eq!(signals.is_lost_stolen, Some(false));
        assert_eq!(signals.account_state.as_deref(), Some("active"));
        assert_eq!((signals.device_changed_at, signals.is_call_divert_active), (None, None));
    }

    #[test]
    fn a_change_is_recent_for_three_days_t_105() {
        let changed = Timestamp::from_seconds(1_700_000_000);
        let signals = RiskSignals { sim_changed_at: Some(changed), ..RiskSignals::default() };
        assert_eq!(signals.sim_changed_lately(changed), Some(true));
        let second = Duration::from_secs(1);
        assert_eq!(signals.sim_changed_lately(changed + RECENT.saturating_sub(second)), Some(true));
        assert_eq!(signals.sim_changed_lately(changed + RECENT), Some(false));
        assert_eq!(RiskSignals::default().sim_changed_lately(changed), None);
    }

    #[test]
    fn every_attribute_of_a_sign_is_known() {
        assert!(ATTRIBUTES.iter().all(|name| crate::attribute::find(name).is_some()));
    }
}
