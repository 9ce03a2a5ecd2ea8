//! A policy of a thousand rules.

use std::fmt::Write as _;

use fiador_domain::routing::{Facts, Known, Policy};
use fiador_kernel::{ClientId, ScopeSet};

use super::{decided, facts, steps, verdict};

#[test]
fn among_a_thousand_rules_the_right_ones_are_found() {
    let mut text = "format = 1\n".to_owned();
    for number in 0..500 {
        writeln!(
            text,
            "[[rules]]\nname = 'client {number}'\nwhen = {{ client = ['c{number}'] }}\n\
             then = {{ prefer = ['fido'], patience = '{}s' }}\n\
             [[rules]]\nname = 'scope {number}'\nwhen = {{ scope = ['s{number}'] }}\n\
             then = {{ deny = ['sms_otp'] }}",
            number % 300 + 1,
        )
        .unwrap();
    }
    let policy = Policy::read(&text, Known::default()).unwrap();
    assert_eq!(policy.rule_names().count(), 1000);
    let of = |client: &str| Facts { client: ClientId::new(client).unwrap(), ..facts() };
    assert_eq!(steps(&decided(&policy, &of("c7"))), "fido(8)");
    assert_eq!(steps(&decided(&policy, &of("c299"))), "fido(300)");
    assert_eq!(steps(&decided(&policy, &of("stranger"))), "sms_otp");
    let scopes = ScopeSet::parse("openid s400").unwrap();
    let decision = decided(&policy, &Facts { scopes, ..of("c7") });
    assert_eq!(verdict(&decision, "sms_otp"), "sms_otp: denied (rule \"scope 400\")");
}
