//! The policy of a gateway that was given none.

use std::{sync::Arc, time::Duration};

use fiador_kernel::{AuthenticatorId, Loa};

use super::{
    Policy,
    condition::{Condition, Conditions, Levels},
    rule::{Names, Rule, Statements},
};
use crate::routing::facts::SignalName;

/// The policy below, as an operator would write it: something to begin one's own with.
pub const BUILT_IN: &str = include_str!("built_in.toml");

/// Authenticators whose proof goes with the SIM or with the delivery of messages, so that whoever
/// takes over the number takes them over.
const TAKEN_OVER_WITH_THE_NUMBER: [&str; 5] =
    ["sms_otp", "sms_url", "sms_otp_url", "ussd", "network"];

/// Every authenticator in the order of configuration, one after the other; but none that follows the
/// number after a change of SIM (T-105).
impl Default for Policy {
    fn default() -> Self {
        let names = TAKEN_OVER_WITH_THE_NUMBER.iter().flat_map(|name| AuthenticatorId::new(name));
        let denied = Statements { deny: Names::These(names.collect()), ..Statements::default() };
        let at_level_two = |condition| Conditions {
            levels: Levels::between(Loa::Two, Loa::Four),
            facts: vec![condition],
        };
        let rule = |name: &str, when, then| Rule {
            name: Arc::from(name),
            when,
            unless: None,
            then,
            last: false,
        };
        Self::of_rules(
            0,
            vec![
                rule(
                    "recent SIM change",
                    at_level_two(Condition::SimChangedWithin(Duration::from_hours(72))),
                    denied.clone(),
                ),
                rule(
                    "SIM change not known in time",
                    at_level_two(Condition::RiskUnavailable(vec![SignalName::SimChange])),
                    denied,
                ),
                rule(
                    "everything else",
                    Conditions::default(),
                    Statements { fallback: Some(true), ..Statements::default() },
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::Known;

    #[test]
    fn the_text_says_what_is_built_in() {
        let read = Policy::read(BUILT_IN, Known::default()).unwrap();
        let built_in = Policy::default();
        assert_eq!(read.rules, built_in.rules);
        assert_eq!(read.utc_offset, built_in.utc_offset);
    }
}
