use fiador_domain::routing::{Known, Policy};

const WORDS: [&str; 40] = [
    "format = 1\n",
    "utc_offset = '+01:00'\n",
    "[[rules]]\n",
    "[groups.authenticators]\n",
    "[groups.clients]\n",
    "name = 'a'\n",
    "name = 'b'\n",
    "last = true\n",
    "when = { ",
    "unless = { ",
    "then = { ",
    " }\n",
    ", ",
    "client = ['@a']",
    "client = ['shop']",
    "level_at_least = 2",
    "level_at_most = 1",
    "sim_changed_within = '72h'",
    "hours = '22:00-06:00'",
    "from = '2026-12-24T18:00:00Z'",
    "weekdays = ['sunday']",
    "risk_unavailable = ['sim_change']",
    "allow = ['*']",
    "deny = ['@a', 'sms_otp']",
    "chain = ['sms_otp', ['@b', 'fido']]",
    "chain = [{ ask = ['a'], patience = '5m' }]",
    "patience = '0s'",
    "fallback = false",
    "required_level = 4",
    "a = ['@b']\n",
    "b = ['@a', 'x']\n",
    "a = ['sms_otp', 'fido']\n",
    "{\"format\":1,",
    "\"rules\":[{\"name\":\"a\",",
    "\"then\":{\"deny\":[\"@a\",",
    "\"\\u0000\"",
    "]}}]}",
    "'",
    "\"\"\"",
    "é",
];

#[test]
fn a_policy_is_read_or_every_problem_is_named() {
    crate::check!("routing_policy", WORDS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        match Policy::read(text, Known::default()) {
            Ok(policy) => assert_eq!(policy.revision(), 0),
            Err(error) => {
                assert!(!error.problems.is_empty());
                let lines = text.bytes().filter(|&byte| byte == b'\n').count() + 1;
                for problem in error.problems {
                    // The end of a text may be said to be on the line after its last one.
                    assert!(problem.line.is_none_or(|line| (1..=lines + 1).contains(&line)));
                    assert!(!problem.to_string().is_empty());
                }
            }
        }
    });
}
