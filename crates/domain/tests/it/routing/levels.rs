//! Levels, doors and subscriptions: what holds whatever the policy says.

use fiador_domain::{
    journey::ChainStep,
    routing::{Facts, Policy, RequestFacts, SubscriberFacts, Unserved, decide},
};
use fiador_kernel::Loa;

use super::{candidates, decided, facts, steps, verdict};

fn asking(levels: &[Loa], voluntary: bool) -> Facts {
    Facts { levels: levels.to_vec(), levels_voluntary: voluntary, ..facts() }
}

#[test]
fn without_a_policy_everybody_is_tried_in_the_order_of_configuration() {
    let decision = decided(&Policy::default(), &facts());
    assert_eq!(steps(&decision), "sms_otp sms_url network sim_ok sim_pin fido");
    assert_eq!((decision.level, decision.policy, decision.unserved), (Some(Loa::Two), 0, None));
    let any = decided(&Policy::default(), &asking(&[], false));
    assert_eq!((any.steps, any.level), (decision.steps, None));
}

#[test]
fn a_level_that_is_insisted_on_is_never_answered_by_less_t_100() {
    let decision = decided(&Policy::default(), &asking(&[Loa::Three], false));
    assert_eq!(steps(&decision), "sim_pin fido");
    assert_eq!(verdict(&decision, "sms_otp"), "sms_otp: it cannot prove a requested level");
    let decision = decided(&Policy::default(), &asking(&[Loa::Four], false));
    assert_eq!(decision.served(), Err(Unserved::LevelUnreachable));
}

#[test]
fn levels_are_tried_in_the_order_of_the_request_and_no_other_is() {
    let decision = decided(&Policy::default(), &asking(&[Loa::Three, Loa::Two], false));
    assert_eq!(steps(&decision), "sim_pin fido sms_otp sms_url network sim_ok");
    assert_eq!(decision.level, Some(Loa::Three));
    let decision = decided(&Policy::default(), &asking(&[Loa::Four, Loa::Three], false));
    assert_eq!((steps(&decision).as_str(), decision.level), ("sim_pin fido", Some(Loa::Three)));
}

#[test]
fn a_wish_that_nobody_can_meet_is_dropped_and_one_that_somebody_can_is_not() {
    let decision = decided(&Policy::default(), &asking(&[Loa::Four], true));
    assert_eq!(decision.steps.len(), 6);
    assert_eq!(decision.level, None);
    let decision = decided(&Policy::default(), &asking(&[Loa::Three], true));
    assert_eq!(steps(&decision), "sim_pin fido");
}

#[test]
fn a_door_without_a_browser_gets_nobody_who_needs_one() {
    let without = Facts { request: RequestFacts::default(), ..facts() };
    let decision = decided(&Policy::default(), &without);
    assert_eq!(steps(&decision), "sms_url sim_ok sim_pin");
    assert_eq!(verdict(&decision, "fido"), "fido: it needs a browser, and none is waiting");
    let decision = decide(&Policy::default(), &without, &candidates()[..1]);
    assert_eq!(decision.served(), Err(Unserved::LevelUnreachable));
}

#[test]
fn what_must_be_enrolled_is_tried_only_where_it_is_listed_t_048() {
    let ordinary = Facts { subscriber: SubscriberFacts::default(), ..facts() };
    let decision = decided(&Policy::default(), &ordinary);
    assert_eq!(steps(&decision), "sms_otp sms_url network");
    assert_eq!(verdict(&decision, "fido"), "fido: the subscription does not list it");
}

#[test]
fn what_a_rule_demands_is_demanded_of_the_proof_and_not_of_the_ceiling_alone_t_100() {
    let least = |rule: &str, levels: &[Loa]| {
        let policy = super::policy(&format!("[[rules]]\nname = 'r'\n{rule}"));
        let decision = decided(&policy, &asking(levels, false));
        let of = |step: &ChainStep| step.least_levels.get(&super::id("sim_pin")).copied();
        decision.steps.iter().find_map(of)
    };
    let payments = "then = { required_level = 3 }";
    assert_eq!(least(payments, &[Loa::Two]), Some(Loa::Three));
    assert_eq!(least(payments, &[]), Some(Loa::Three));
    // The request demands it already.
    assert_eq!(least(payments, &[Loa::Three]), None);
    assert_eq!(least("then = { required_level = 2 }", &[]), Some(Loa::Two));
    let not_for_less = "when = { level_at_most = 2 }\nthen = { deny = ['sim_pin'] }";
    assert_eq!(least(not_for_less, &[Loa::Three, Loa::Two]), Some(Loa::Three));
    assert_eq!(least(not_for_less, &[Loa::Three, Loa::One]), Some(Loa::Three));
    assert_eq!(least("then = { fallback = true }", &[]), None);
}

#[test]
fn why_nobody_is_left_tells_what_may_change() {
    let mut down = candidates();
    for candidate in &mut down {
        candidate.available = false;
    }
    let nobody = super::policy("[[rules]]\nname = 'r'\nthen = { deny = ['*'] }");
    let built_in = Policy::default();
    let unserved = |policy, candidates: &[_]| decide(policy, &facts(), candidates).unserved;
    assert_eq!(unserved(&built_in, &down), Some(Unserved::Unavailable));
    assert_eq!(unserved(&nobody, &candidates()), Some(Unserved::Forbidden));
    assert_eq!(unserved(&nobody, &down), Some(Unserved::Forbidden));
    assert_eq!(unserved(&built_in, &[]), Some(Unserved::LevelUnreachable));
}

#[test]
fn of_two_candidates_of_one_name_the_first_is_used() {
    let mut twice = candidates();
    twice.push(twice[0].clone());
    let decision = decide(&Policy::default(), &facts(), &twice);
    assert_eq!(decision.authenticators().filter(|id| id.as_str() == "sms_otp").count(), 1);
    assert_eq!(
        decision.verdicts[6].to_string(),
        "sms_otp: a candidate of the same name stood before it"
    );
}
