//! Signs of risk (T-105).

use std::time::Duration;

use fiador_domain::{
    risk::{RECENT, RiskSignals},
    routing::{Facts, Policy, RiskFacts, Signal},
};
use fiador_kernel::Loa;

use super::{NOW, decided, facts, policy, steps, verdict};

fn with(risk: RiskFacts) -> Facts {
    Facts { risk, ..facts() }
}

fn sim_changed(ago: Duration) -> Facts {
    with(RiskFacts { sim_change: Signal::Known(NOW.before(ago)), ..RiskFacts::default() })
}

const ALL: &str = "sms_otp sms_url network sim_ok sim_pin fido";
const WITHOUT_THE_NUMBER: &str = "sim_ok sim_pin fido";

#[test]
fn a_recent_change_of_sim_stops_what_follows_the_number_t_105() {
    let got = |ago| steps(&decided(&Policy::default(), &sim_changed(ago)));
    assert_eq!(got(Duration::ZERO), WITHOUT_THE_NUMBER);
    assert_eq!(got(RECENT.saturating_sub(Duration::from_secs(1))), WITHOUT_THE_NUMBER);
    assert_eq!(got(RECENT), ALL);
    let decision = decided(&Policy::default(), &sim_changed(Duration::ZERO));
    assert_eq!(verdict(&decision, "sms_otp"), "sms_otp: denied (rule \"recent SIM change\")");
}

/// A request for several levels must not get the gated authenticator for the lowest and report the
/// highest.
#[test]
fn the_gate_asks_for_the_level_that_would_be_reported_t_105() {
    let asking =
        |levels: &[Loa]| Facts { levels: levels.to_vec(), ..sim_changed(Duration::from_hours(1)) };
    let got = |levels: &[Loa]| steps(&decided(&Policy::default(), &asking(levels)));
    assert_eq!(got(&[Loa::One]), ALL);
    assert_eq!(got(&[Loa::One, Loa::Two]), WITHOUT_THE_NUMBER);
    assert_eq!(got(&[]), WITHOUT_THE_NUMBER);
}

#[test]
fn no_source_of_signs_is_not_the_same_as_a_silent_one_t_105() {
    let got = |risk| steps(&decided(&Policy::default(), &with(risk)));
    assert_eq!(got(RiskFacts::default()), ALL);
    assert_eq!(got(RiskFacts::told(&RiskSignals::default())), ALL);
    assert_eq!(got(RiskFacts::UNAVAILABLE), WITHOUT_THE_NUMBER);
}

/// A source that was asked and has no such sign to tell: networks say so of numbers whose SIM never
/// changed. An operator whose network does tell of every SIM may refuse the others.
#[test]
fn a_policy_may_refuse_where_a_source_knows_of_no_change_t_105() {
    let strict = policy(
        "[[rules]]\nname = 'r'\nwhen = { risk_unknown = ['sim_change'] }\n\
         then = { deny = ['sms_otp', 'sms_url', 'network'] }",
    );
    let got = |risk| steps(&decided(&strict, &with(risk)));
    assert_eq!(got(RiskFacts::told(&RiskSignals::default())), WITHOUT_THE_NUMBER);
    assert_eq!(got(RiskFacts::default()), ALL);
    assert_eq!(steps(&decided(&strict, &sim_changed(RECENT))), ALL);
}

#[test]
fn a_policy_may_choose_otherwise_when_signs_are_missing_t_105() {
    let lenient = policy(
        "[[rules]]\nname = 'r'\nwhen = { risk_unavailable = ['sim_change', 'roaming'], client = \
         ['shop'] }\nthen = { allow = ['sms_otp'], deny = ['*'] }",
    );
    assert_eq!(steps(&decided(&lenient, &with(RiskFacts::UNAVAILABLE))), "sms_otp");
}

#[test]
fn every_sign_can_be_asked_for() {
    let told = |change: fn(&mut RiskSignals)| {
        let mut signals = RiskSignals::default();
        change(&mut signals);
        with(RiskFacts::told(&signals))
    };
    #[rustfmt::skip]
    let rows: [(&str, Facts, bool); 13] = [
        ("ported_within = '30d'", told(|s| s.ported_at = Some(NOW.before(Duration::from_hours(24)))), true),
        ("ported_within = '1d'", told(|s| s.ported_at = Some(NOW.before(Duration::from_hours(24)))), false),
        ("device_changed_within = '1h'", told(|s| s.device_changed_at = Some(NOW)), true),
        ("call_forwarding = true", told(|s| s.is_call_divert_active = Some(true)), true),
        ("call_forwarding = false", told(|s| s.is_call_divert_active = Some(true)), false),
        ("call_forwarding = false", with(RiskFacts::default()), false),
        ("roaming = true", told(|s| s.is_roaming = Some(true)), true),
        ("roaming = true", with(RiskFacts::UNAVAILABLE), false),
        ("risk_unavailable = ['porting']", with(RiskFacts::UNAVAILABLE), true),
        ("risk_unknown = ['porting']", with(RiskFacts::UNAVAILABLE), false),
        ("risk_unknown = ['porting']", with(RiskFacts::default()), false),
        ("risk_unknown = ['porting']", told(|s| s.is_roaming = Some(true)), true),
        ("risk_unknown = ['porting']", told(|s| s.ported_at = Some(NOW)), false),
    ];
    for (condition, facts, holds) in rows {
        let text = format!(
            "[[rules]]\nname = 'r'\nwhen = {{ {condition} }}\nthen = {{ chain = ['fido'] }}"
        );
        assert_eq!(steps(&decided(&policy(&text), &facts)) == "fido", holds, "{condition}");
    }
}
