//! What rules say: a table of policies.

use std::collections::BTreeMap;

use fiador_domain::{
    profile::Profile,
    routing::{Capabilities, Capability, Decision, Facts, Known, Policy, PromptValue, decide},
    subscriber::SubscriberStatus,
};
use fiador_kernel::{ClientId, Loa, ScopeSet};

use super::{candidates, decided, facts, id, policy, steps, verdict};

const ALL: &str = "sms_otp sms_url network sim_ok sim_pin fido";

/// What the rule of a row says, where its condition holds.
const SIM_ONLY: &str = "sim_pin";

fn with_condition(condition: &str) -> String {
    format!(
        "[[rules]]\nname = \"row\"\nwhen = {{ {condition} }}\nthen = {{ chain = [\"sim_pin\"] }}\n"
    )
}

type Change = fn(&mut Facts);

#[test]
fn a_rule_holds_where_its_condition_does() {
    let same: Change = |_| {};
    #[rustfmt::skip]
    let rows: &[(&str, Change, bool)] = &[
        ("client = ['shop']", same, true),
        ("client = ['bank', 'shop']", same, true),
        ("client = ['bank']", same, false),
        ("profile = ['mobile_connect']", same, true),
        ("profile = ['oidc']", same, false),
        ("profile = ['oidc']", |facts| facts.profile = Profile::Oidc, true),
        ("product = ['authenticate']", same, true),
        ("product = ['authorise', 'sign_up']", same, false),
        ("product = ['kyc_match']", |facts| facts.scopes = ScopeSet::parse("openid mc_kyc_plain").unwrap(), true),
        ("scope = ['mc_authn']", same, true),
        ("scope = ['mc_authz']", same, false),
        ("level_at_least = 2", same, true),
        ("level_at_least = 4", same, false),
        ("level_at_most = 1", same, false),
        ("country = ['ES']", same, false),
        ("country = ['ES']", |facts| facts.request.country = Some("ES".to_owned()), true),
        ("country = ['ES']", |facts| facts.request.country = Some("PT".to_owned()), false),
        ("status = ['active']", same, true),
        ("status = ['active']", |facts| facts.subscriber.status = SubscriberStatus::Blocked, false),
        ("enrolled = ['fido']", same, true),
        ("enrolled = ['ussd']", same, false),
        ("can = ['sim_applet']", same, false),
        ("cannot = ['sim_applet']", same, false),
        ("can = ['sim_applet']", |facts| facts.subscriber.capabilities = applet(true), true),
        ("cannot = ['sim_applet']", |facts| facts.subscriber.capabilities = applet(true), false),
        ("cannot = ['sim_applet']", |facts| facts.subscriber.capabilities = applet(false), true),
        ("browser = true", same, true),
        ("browser = false", same, false),
        ("on_handset = true", same, false),
        ("on_handset = true", |facts| facts.request.on_handset = true, true),
        ("prompt = ['login']", same, false),
        ("prompt = ['login', 'consent']", |facts| facts.request.prompt = [PromptValue::Consent].into(), true),
        ("prompt = ['select_account']", |facts| facts.request.prompt = [PromptValue::SelectAccount].into(), true),
        ("prompt = ['no_seam']", |facts| facts.request.prompt = [PromptValue::NoSeam].into(), true),
        ("weekdays = ['sunday']", same, true),
        ("weekdays = ['monday', 'saturday']", same, false),
        ("hours = '22:00-06:00'", same, true),
        ("hours = '06:00-22:00'", same, false),
        ("hours = '23:30-23:31'", same, true),
        ("hours = '23:00-23:30'", same, false),
        ("from = '2026-11-22T23:30:00Z'", same, true),
        ("from = '2026-11-22T23:30:01Z'", same, false),
        ("until = '2026-11-22T23:30:00Z'", same, false),
        ("until = '2026-11-23T00:30:01+01:00'", same, true),
        ("client = ['shop'], hours = '06:00-22:00'", same, false),
        ("client = ['shop'], weekdays = ['sunday'], browser = true", same, true),
    ];
    for (condition, change, holds) in rows {
        let mut facts = facts();
        change(&mut facts);
        let decision = decided(&policy(&with_condition(condition)), &facts);
        assert_eq!(steps(&decision), if *holds { SIM_ONLY } else { ALL }, "{condition}");
    }
}

fn applet(there: bool) -> Capabilities {
    Capabilities(BTreeMap::from([(Capability::SimApplet, there)]))
}

#[test]
fn weekdays_and_hours_are_those_of_the_operator() {
    let text = "utc_offset = '+01:00'\n".to_owned() + &with_condition("weekdays = ['monday']");
    assert_eq!(steps(&decided(&policy(&text), &facts())), SIM_ONLY);
}

#[test]
fn an_unless_excepts_only_where_all_of_it_holds() {
    let with_unless = |unless: &str| {
        format!("[[rules]]\nname = 'r'\nunless = {{ {unless} }}\nthen = {{ chain = ['sim_pin'] }}")
    };
    let got = |unless: &str| steps(&decided(&policy(&with_unless(unless)), &facts()));
    assert_eq!(got("client = ['bank']"), "sim_pin");
    assert_eq!(got("client = ['shop'], on_handset = true"), "sim_pin");
    assert_eq!(got("client = ['shop'], on_handset = false"), ALL);
    assert_eq!(got("level_at_least = 2, level_at_most = 2"), ALL);
    assert_eq!(got("level_at_least = 3"), "sim_pin");
}

#[test]
fn statements_choose_and_order() {
    #[rustfmt::skip]
    let rows = [
        ("deny = ['sms_otp', 'network']", "sms_url sim_ok sim_pin fido"),
        ("allow = ['sim_pin'], deny = ['*']", "sim_pin"),
        ("prefer = ['fido', 'sim_ok']", "fido sim_ok sms_otp sms_url network sim_pin"),
        ("order_by = 'cost'", "network fido sim_ok sim_pin sms_otp sms_url"),
        ("order_by = 'configuration'", ALL),
        ("order_by = 'cost', prefer = ['sms_url']", "sms_url network fido sim_ok sim_pin sms_otp"),
        ("max_cost = 10", "network sim_ok sim_pin fido"),
        ("required_level = 3", "sim_pin fido"),
        ("chain = ['fido', ['sim_pin', 'sms_url']]", "fido sim_pin+sms_url"),
        ("chain = [{ ask = ['sim_ok', 'sms_url'], patience = '20s' }, 'sms_otp'], patience = '30s'", "sim_ok+sms_url(20) sms_otp(30)"),
        ("chain = [['network', 'sms_url', 'fido'], 'sms_otp']", "network+sms_url fido sms_otp"),
        ("fallback = false", "sms_otp"),
        ("fallback = false, order_by = 'cost'", "network"),
        ("patience = '45s', prefer = ['fido'], fallback = false", "fido(45)"),
    ];
    for (then, expected) in rows {
        let text = format!("[[rules]]\nname = 'row'\nthen = {{ {then} }}\n");
        assert_eq!(steps(&decided(&policy(&text), &facts())), expected, "{then}");
    }
}

#[test]
fn the_first_rule_that_speaks_of_a_thing_decides_it() {
    let text = "
[[rules]]
name = 'exception'
when = { client = ['shop'] }
then = { allow = ['sms_otp'], patience = '10s' }
[[rules]]
name = 'no messages'
then = { deny = ['sms_otp', 'sms_url'], patience = '50s' }
[[rules]]
name = 'too late'
then = { allow = ['sms_url'], patience = '60s', max_cost = 40 }
";
    let decision = decided(&policy(text), &facts());
    assert_eq!(steps(&decision), "sms_otp(10) network(10) sim_ok(10) sim_pin(10) fido(10)");
    assert_eq!(verdict(&decision, "sms_url"), "sms_url: denied (rule \"no messages\")");
    assert_eq!(verdict(&decision, "sms_otp"), "sms_otp: taken, step 1 (rule \"exception\")");
    assert_eq!(verdict(&decision, "fido"), "fido: taken, step 5");
}

#[test]
fn after_a_last_rule_nothing_is_looked_at() {
    let text = "
[[rules]]
name = 'own way'
when = { client = ['shop'] }
then = { prefer = ['sim_ok'], fallback = true }
last = true
[[rules]]
name = 'never seen'
then = { deny = ['*'] }
";
    assert!(steps(&decided(&policy(text), &facts())).starts_with("sim_ok sms_otp"));
    let other = Facts { client: ClientId::new("bank").unwrap(), ..facts() };
    assert_eq!(steps(&decided(&policy(text), &other)), "");
}

/// T-104: another try needs permission, also where no rule says anything.
#[test]
fn nothing_is_fallen_back_to_without_permission_t_104() {
    let silent = Policy::read("format = 1", Known::default()).unwrap();
    let decision = decided(&silent, &facts());
    assert_eq!(steps(&decision), "sms_otp");
    assert_eq!(
        verdict(&decision, "fido"),
        "fido: no rule permits another try after the first step"
    );
}

#[test]
fn success_rates_order_and_exclude_and_who_has_none_is_tried() {
    let mut candidates = candidates();
    for (candidate, rate) in candidates.iter_mut().zip([Some(900), Some(950), None, Some(300)]) {
        candidate.success_rate = rate;
    }
    candidates.truncate(4);
    let order = policy("[[rules]]\nname = 'r'\nthen = { order_by = 'success_rate' }");
    assert_eq!(steps(&decide(&order, &facts(), &candidates)), "network sms_url sms_otp sim_ok");
    let floor = policy("[[rules]]\nname = 'r'\nthen = { min_success_rate = 900 }");
    let decision = decide(&floor, &facts(), &candidates);
    assert_eq!(steps(&decision), "sms_otp sms_url network");
    assert!(verdict(&decision, "sim_ok").contains("succeeds less often"));
}

#[test]
fn health_is_a_condition_and_whoever_is_down_is_left_out() {
    let mut candidates = candidates();
    candidates[3].available = false;
    let text =
        "[[rules]]\nname = 'r'\nwhen = { unavailable = ['sim_ok'] }\nthen = { prefer = ['fido'] }";
    let decision = decide(&policy(text), &facts(), &candidates);
    assert_eq!(steps(&decision), "fido sms_otp sms_url network sim_pin");
    assert_eq!(verdict(&decision, "sim_ok"), "sim_ok: it does not work at the moment");
}

#[test]
fn a_rule_on_a_level_is_asked_for_every_candidate_by_itself() {
    let text = "[[rules]]\nname = 'r'\nwhen = { level_at_most = 2 }\nthen = { max_cost = 10 }";
    let asked = Facts { levels: vec![Loa::Three, Loa::Two], ..facts() };
    let decision = decided(&policy(text), &asked);
    assert_eq!(steps(&decision), "sim_pin fido network sim_ok");
    assert!(verdict(&decision, "sms_otp").contains("costs more"));
}

#[test]
fn groups_stand_for_what_is_in_them() {
    let text = "
[groups.authenticators]
messages = ['sms_url', 'sms_otp']
number = ['@messages', 'network', 'sms_otp']
[groups.clients]
retail = ['shop']
[[rules]]
name = 'r'
when = { client = ['@retail'] }
then = { chain = ['sim_ok', '@number'] }
";
    assert_eq!(steps(&decided(&policy(text), &facts())), "sim_ok sms_url sms_otp network");
}

#[test]
fn a_decision_survives_storage_and_is_taken_again_alike() {
    let policy = policy("[[rules]]\nname = 'r'\nthen = { chain = [['fido', 'sms_url']] }");
    let (facts, candidates) = (facts(), candidates());
    let decision = decide(&policy, &facts, &candidates);
    let stored = serde_json::to_string(&(&facts, &candidates, &decision)).unwrap();
    let (facts, candidates, read): (Facts, Vec<_>, Decision) =
        serde_json::from_str(&stored).unwrap();
    assert_eq!(read, decision);
    assert_eq!(decide(&policy, &facts, &candidates), decision);
    assert_eq!(id("fido"), decision.steps[0].authenticators[0]);
}
