//! Policies that are refused, each with the line of the problem.

use std::collections::BTreeSet;

use fiador_domain::routing::{Known, Policy, PolicyError, TEXT_LIMIT};
use fiador_kernel::ClientId;
use proptest::prelude::*;

use super::candidates;

fn refused(text: &str) -> PolicyError {
    let candidates = candidates();
    let clients: BTreeSet<_> = ["shop", "bank"].map(|id| ClientId::new(id).unwrap()).into();
    let known = Known { authenticators: Some(&candidates), clients: Some(&clients) };
    Policy::read(text, known).err().unwrap_or_else(|| panic!("accepted:\n{text}"))
}

/// A rule of two lines, of which the second is line 3.
fn rule(line: &str) -> String {
    format!("format = 1\n[[rules]]\n{line}\nname = 'r'\n")
}

#[test]
fn every_mistake_is_named_with_its_line() {
    let then = |then: &str| rule(&format!("then = {{ {then} }}"));
    let when = |when: &str| rule(&format!("when = {{ {when} }}\nthen = {{ fallback = true }}"));
    #[rustfmt::skip]
    let rows = [
        (then("deny = ['smss']"), "rules[0].then.deny[0]: there is no authenticator `smss`"),
        (then("allow = ['sms_otp', '@sim']"), "rules[0].then.allow[1]: there is no group `@sim`"),
        (then("deny = []"), "rules[0].then.deny: the list is empty"),
        (then("prefer = ['*']"), "rules[0].then.prefer[0]: there is no authenticator `*`"),
        (then("denie = ['sms_otp']"), "unknown field `denie`"),
        (then("patience = '6m'"), "rules[0].then.patience: `6m` is not a duration from `1s` to `5m`"),
        (then("patience = 20"), "invalid type: integer `20`"),
        (then("required_level = 5"), "a level of assurance is one of 1, 2, 3, 4"),
        (then("min_success_rate = 1001"), "rules[0].then.min_success_rate: `1001` is not a rate"),
        (then("max_cost = -1"), "invalid value: integer `-1`"),
        (then("order_by = 'price'"), "unknown variant `price`"),
        (then("allow = ['sms_otp'], deny = ['sms_otp']"), "`sms_otp` is both allowed and denied"),
        (then("allow = ['*'], deny = ['sms_otp']"), "`sms_otp` is both allowed and denied"),
        (then("chain = []"), "rules[0].then.chain: the list is empty"),
        (then("chain = [[]]"), "rules[0].then.chain[0]: the list is empty"),
        (then("chain = [3]"), "a name, a list of names, or"),
        (then("chain = ['sms_otp', ['fido', 'sms_otp']]"), "`sms_otp` is in the chain twice"),
        (then("chain = ['sms_otp'], deny = ['sms_otp']"), "`sms_otp` is in the chain and denied"),
        (then("chain = ['sms_otp', 'fido'], fallback = false"), "forbids to fall back"),
        (then("chain = [['network', 'fido']]"), "`network` and `fido` both take over the browser"),
        (then("chain = [['sms_otp', 'sms_url']]"), "rules[0].then.chain[0]: `sms_otp` and `sms_url` are both text messages"),
        (then("prefer = ['ussd']"), "rules[0].then.prefer[0]: there is no authenticator `ussd`"),
        (then("chain = ['sms_otp'], required_level = 3"), "nobody in the chain can prove level 3"),
        (when("client = ['shopp']"), "rules[0].when.client[0]: there is no client `shopp`"),
        (when("client = ['@shops']"), "rules[0].when.client[0]: there is no group `@shops`"),
        (when("level_at_least = 3, level_at_most = 2"), "no request is both at least and at most"),
        (when("country = ['es']"), "rules[0].when.country[0]: `es` is not a country"),
        (when("scope = ['a b']"), "rules[0].when.scope[0]: `a b` is not a scope"),
        (when("sim_changed_within = '3 days'"), "rules[0].when.sim_changed_within: `3 days` is not"),
        (when("hours = '8-17'"), "rules[0].when.hours: `8-17` is not hours"),
        (when("from = '2027-01-01T00:00:00Z', until = '2026-01-01T00:00:00Z'"), "no request is both from and until"),
        (when("risk_unavailable = ['weather']"), "unknown variant `weather`"),
        (when("risk_unknown = []"), "rules[0].when.risk_unknown: the list is empty"),
        (when("product = []"), "rules[0].when.product: the list is empty"),
        (rule("unless = {}\nthen = { fallback = true }"), "rules[0].unless: an `unless` without conditions"),
        (rule("then = {}"), "rules[0].then: the rule says nothing"),
        (rule("last = 'yes'"), "invalid type: string \"yes\""),
    ];
    for (text, expected) in rows {
        let error = refused(&text).to_string();
        assert!(error.starts_with("line 3: "), "{error}\n{text}");
        assert!(error.contains(expected), "{error}\n{text}");
    }
}

#[test]
fn mistakes_outside_of_rules_are_named_too() {
    let group = |text: &str| format!("format = 1\n[groups.authenticators]\n{text}");
    #[rustfmt::skip]
    let rows = [
        ("format = 2".to_owned(), "line 1: format: the format is 2"),
        ("rules = []".to_owned(), "missing field `format`"),
        ("format = 1\nutc_offset = 'CET'".to_owned(), "line 2: utc_offset: `CET` is not a distance"),
        ("format = 1\n[defaults]\nsim_change = 'of'".to_owned(), "line 3: unknown variant `of`"),
        ("format = 1\n[rule]".to_owned(), "line 2: unknown field `rule`"),
        ("format = \n".to_owned(), "line 1: "),
        (group("a = ['@b']\nb = ['@a']"), "line 4: groups.authenticators.b[0]: the group `@a` contains itself"),
        (group("a = ['@a']"), "line 3: groups.authenticators.a[0]: the group `@a` contains itself"),
        (group("a = ['@c']"), "line 3: groups.authenticators.a[0]: there is no group `@c`"),
        (group("a = ['sms_otp',\n'sms']"), "line 4: groups.authenticators.a[1]: there is no authenticator `sms`"),
        (group("a = ['ussd']\n[[rules]]\nname = 'r'\nthen = { allow = ['@a'] }"), "line 6: rules[0].then.allow[0]: there is no authenticator `ussd`"),
        (group("'a b' = ['sms_otp']"), "line 3: groups.authenticators.a b: `a b` is not a name"),
        (rule("then = { fallback = true }") + &rule("then = { fallback = true }")[11..], "line 7: rules[1].name: there is another rule `r`"),
        ("{\"format\": 1,\n\"rules\": [{\"name\": \"r\",\n\"then\": {\"deny\": [\"fido\",\n\"x\"]}}]}".to_owned(), "line 4: rules[0].then.deny[1]: there is no authenticator `x`"),
        ("{\"format\": 1,\n\"rules\": 7}".to_owned(), "line 2: invalid type: integer `7`"),
        ("{\"format\": 1".to_owned(), "line 1: EOF"),
    ];
    for (text, expected) in rows {
        let error = refused(&text).to_string();
        assert!(error.contains(expected), "{error}\n{text}");
    }
}

#[test]
fn all_mistakes_are_named_at_once_up_to_a_bound() {
    let two = "format = 1\n[[rules]]\nname = ''\nthen = { deny = ['x'] }\n";
    assert_eq!(refused(two).problems.len(), 2);
    let many = "[[rules]]\nname = 'r'\nthen = {}\n".repeat(100);
    assert_eq!(refused(&format!("format = 1\n{many}")).problems.len(), 20);
}

#[test]
fn what_is_too_large_is_refused() {
    assert!(refused(&"#".repeat(TEXT_LIMIT + 1)).to_string().contains("1 MiB"));
    let rules: Vec<_> =
        (0..=10_000).map(|n| format!("[[rules]]\nname='{n}'\nlast=true\n")).collect();
    assert!(
        refused(&format!("format = 1\n{}", rules.concat())).to_string().contains("too many rules")
    );
    let groups: Vec<_> = (0..300).map(|n| format!("g{n} = ['sms_otp']\n")).collect();
    let error = refused(&format!("format = 1\n[groups.authenticators]\n{}", groups.concat()));
    assert!(error.to_string().contains("too many groups"), "{error}");
}

/// A short text must not become a large policy.
#[test]
fn groups_that_multiply_are_refused() {
    let names: Vec<_> = (0..1000).map(|n| format!("'c{n}'")).collect();
    let names = names.join(",");
    let groups = format!("format = 1\n[groups.clients]\na = [{names}]\n");
    let many = |reference: &str| vec![reference; 1000].join(",");
    let in_group = format!("{groups}b = [{}]\n", many("'@a'"));
    let in_rule = format!(
        "{groups}[[rules]]\nname = 'r'\nwhen = {{ client = [{}] }}\nlast = true",
        many("'@a'")
    );
    for (text, words) in [(in_group, "names in groups"), (in_rule, "names in rules")] {
        let error = Policy::read(&text, Known::default()).unwrap_err().to_string();
        assert!(error.contains(&format!("too many {words}: at most 500000")), "{error}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_policy_or_an_error(text in "\\PC{0,200}") {
        let _ = Policy::read(&text, Known::default());
    }

    #[test]
    fn any_piece_of_a_policy_is_a_policy_or_an_error(
        cut in any::<prop::sample::Index>(), insert in "[\\[\\]{}\"'=,@#:\\n0-9a-z]{0,6}",
    ) {
        let page = include_str!("../../../../../docs/reference/routing-policy.md");
        let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let at = (0..=cut.index(example.len())).rev().find(|&at| example.is_char_boundary(at)).unwrap();
        let (head, tail) = example.split_at(at);
        if let Err(error) = Policy::read(&format!("{head}{insert}{tail}"), Known::default()) {
            prop_assert!(!error.problems.is_empty());
        }
        let _ = Policy::read(head, Known::default());
    }
}
