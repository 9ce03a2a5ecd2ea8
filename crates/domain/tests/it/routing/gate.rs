//! The gate of T-105 stands below every policy that does not speak of it.

use std::time::Duration;

use fiador_domain::routing::{Decision, Facts, Known, Policy, PolicyWarning, RiskFacts, Signal};
use fiador_kernel::Loa;

use super::{NOW, decided, facts, steps, verdict};

const ALL: &str = "sms_otp sms_url network sim_ok sim_pin fido";
const WITHOUT_THE_NUMBER: &str = "sim_ok sim_pin fido";

fn read(text: &str) -> Policy {
    Policy::read(text, Known::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A rule that permits to fall back, and these below it.
fn with(rules: &str) -> Policy {
    read(&format!("format = 1\n[[rules]]\nname = 'd'\nthen = {{ fallback = true }}\n{rules}"))
}

fn rule(text: &str) -> String {
    format!("[[rules]]\nname = 'r'\n{text}\n")
}

fn changed(hours: u64) -> Facts {
    let changed = NOW.before(Duration::from_hours(hours));
    let risk = RiskFacts { sim_change: Signal::Known(changed), ..RiskFacts::default() };
    Facts { risk, ..facts() }
}

fn silent() -> Facts {
    Facts { risk: RiskFacts::UNAVAILABLE, ..facts() }
}

/// The rule that stopped text messages, if any did.
fn stopped_by(decision: &Decision) -> Option<&str> {
    decision.verdicts[0].rule.as_deref()
}

#[test]
fn a_policy_that_is_silent_about_the_sim_is_no_way_around_the_gate_t_105() {
    let silent_policies = [
        "then = { order_by = 'cost' }",
        "then = { allow = ['*'] }",
        "then = { chain = ['sms_otp', 'sim_ok'] }",
        "then = { prefer = ['sms_otp'] }\nlast = true",
        "when = { ported_within = '72h' }\nthen = { deny = ['sms_otp'] }",
        "when = { risk_unavailable = ['roaming'] }\nthen = { allow = ['*'] }",
    ];
    for text in silent_policies {
        let policy = with(&rule(text));
        for (facts, name) in [
            (changed(1), "built-in: recent SIM change"),
            (silent(), "built-in: SIM change not known in time"),
        ] {
            let decision = decided(&policy, &facts);
            for denied in ["sms_otp", "sms_url", "network"] {
                let reason = format!("{denied}: denied (rule \"{name}\")");
                assert_eq!(verdict(&decision, denied), reason, "{text}");
            }
            assert!(decision.unserved.is_none(), "{text}");
        }
        assert!(stopped_by(&decided(&policy, &changed(72))).is_none_or(|rule| rule == "r"));
        assert_eq!(policy.warnings().len(), 2, "{text}");
    }
}

#[test]
fn the_gate_stops_nobody_at_level_1_t_105() {
    let at_one = Facts { levels: vec![Loa::One], ..changed(1) };
    assert_eq!(steps(&decided(&with(""), &at_one)), ALL);
}

#[test]
fn a_rule_that_says_for_every_request_what_a_change_means_takes_the_place_of_the_gate() {
    let policy = with(&rule(
        "when = { level_at_least = 2, sim_changed_within = '24h' }\nunless = { client = ['desk'] }\n\
         then = { deny = ['sms_otp'] }",
    ));
    assert_eq!(stopped_by(&decided(&policy, &changed(1))), Some("r"));
    assert_eq!(steps(&decided(&policy, &changed(1))), "sms_url network sim_ok sim_pin fido");
    assert_eq!(steps(&decided(&policy, &changed(25))), ALL);
    // It says nothing of silence.
    assert_eq!(steps(&decided(&policy, &silent())), WITHOUT_THE_NUMBER);
    let warnings: Vec<_> = policy.warnings().iter().map(ToString::to_string).collect();
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert!(warning.starts_with("the rule `built-in: SIM change not known in time` stands below"));
}

#[test]
fn a_rule_for_some_requests_decides_on_those_alone() {
    let for_the_shop = |when: &str, then: &str| {
        let when = format!("when = {{ sim_changed_within = '72h', {when} }}");
        with(&rule(&format!("{when}\nthen = {{ {then} }}")))
    };
    let shop = for_the_shop("client = ['shop']", "allow = ['sms_otp']");
    assert_eq!(steps(&decided(&shop, &changed(1))), "sms_otp sim_ok sim_pin fido");
    let bank = for_the_shop("client = ['bank']", "allow = ['sms_otp']");
    assert_eq!(steps(&decided(&bank, &changed(1))), WITHOUT_THE_NUMBER);
    let at_three = for_the_shop("level_at_least = 3", "deny = ['sim_pin']");
    assert_eq!(steps(&decided(&at_three, &changed(1))), WITHOUT_THE_NUMBER, "level 2 is asked");
    let stands = PolicyWarning::GateStands {
        rule: "built-in: recent SIM change".into(),
        levels: "2".to_owned(),
    };
    assert_eq!(at_three.warnings()[0], stands);
    let about_patience = for_the_shop("level_at_least = 2", "patience = '9s'");
    assert_eq!(steps(&decided(&about_patience, &changed(1))), "sim_ok(9) sim_pin(9) fido(9)");
}

/// What stands after the last rule of some requests is not said for all.
#[test]
fn a_rule_that_not_everybody_hears_does_not_take_the_place_of_the_gate() {
    let policy = with(&format!(
        "[[rules]]\nname = 'end'\nwhen = {{ client = ['shop'] }}\nlast = true\n{}",
        rule("when = { sim_changed_within = '72h' }\nthen = { deny = ['sms_otp'] }")
    ));
    assert_eq!(steps(&decided(&policy, &changed(1))), WITHOUT_THE_NUMBER);
}

#[test]
fn the_gate_is_switched_off_by_its_name_alone() {
    let policy = read(
        "format = 1\n[defaults]\nsim_change = 'off'\n\
         [[rules]]\nname = 'd'\nthen = { fallback = true }",
    );
    assert_eq!(steps(&decided(&policy, &changed(1))), ALL);
    assert_eq!(steps(&decided(&policy, &silent())), ALL);
    assert_eq!(policy.warnings(), [PolicyWarning::GatesOff]);
    let said = "format = 1\ndefaults = { sim_change = 'deny' }";
    assert_eq!(read(said).warnings(), read("format = 1").warnings());
}
