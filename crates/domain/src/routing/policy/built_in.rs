//! The policy of a gateway that was given none.

use std::sync::Arc;

use fiador_kernel::{AuthenticatorId, Loa};

use super::{
    Policy,
    condition::{Condition, Conditions, Levels},
    gate::Sign,
    rule::{Names, Rule, Statements},
};
use crate::{risk::RECENT, routing::facts::SignalName};

/// The policy below, as an operator would write it: something to begin one's own with.
pub const BUILT_IN: &str = include_str!("built_in.toml");

/// Authenticators whose proof goes with the SIM or with the delivery of messages, so that whoever
/// takes over the number takes them over. A policy may deny them where they are not configured: a
/// policy may be older than they are, or younger.
pub(super) const TAKEN_OVER_WITH_THE_NUMBER: [&str; 5] =
    ["sms_otp", "sms_url", "sms_otp_url", "ussd", "network"];

/// Authenticators that send a text message: two of them at once would leave two codes good (T-121).
pub(super) const TEXT_MESSAGES: [&str; 3] = ["sms_otp", "sms_url", "sms_otp_url"];

/// Every authenticator in the order of configuration, one after the other; but none that follows the
/// number after a change of SIM (T-105).
impl Default for Policy {
    fn default() -> Self {
        let fallback = Statements { fallback: Some(true), ..Statements::default() };
        let mut rules =
            Sign::ALL.map(|sign| rule(name(sign), at_its_levels(sign), stopped())).to_vec();
        rules.push(rule("everything else", Conditions::default(), fallback));
        Self::of_rules(0, rules)
    }
}

/// A rule of the built-in policy as it stands below others.
pub(super) fn gate(sign: Sign) -> Rule {
    rule(&format!("built-in: {}", name(sign)), at_its_levels(sign), stopped())
}

const fn name(sign: Sign) -> &'static str {
    match sign {
        Sign::Changed => "recent SIM change",
        Sign::Unavailable => "SIM change not known in time",
    }
}

fn at_its_levels(sign: Sign) -> Conditions {
    let condition = match sign {
        Sign::Changed => Condition::SimChangedWithin(RECENT),
        Sign::Unavailable => Condition::RiskUnavailable(vec![SignalName::SimChange]),
    };
    Conditions { levels: Levels::between(Loa::Two, Loa::Four), facts: vec![condition] }
}

fn stopped() -> Statements {
    let names = TAKEN_OVER_WITH_THE_NUMBER.iter().flat_map(|name| AuthenticatorId::new(name));
    Statements { deny: Names::These(names.collect()), ..Statements::default() }
}

fn rule(name: &str, when: Conditions, then: Statements) -> Rule {
    Rule { name: Arc::from(name), when, unless: None, then, last: false }
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
        assert_eq!((read.gates, built_in.gates), (vec![], vec![]));
    }
}
