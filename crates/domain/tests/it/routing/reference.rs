//! The policies in docs/reference/routing-policy.md.

use std::collections::BTreeSet;

use fiador_domain::routing::{BUILT_IN, Known, Policy};

use super::candidates;

const PAGE: &str = include_str!("../../../../../docs/reference/routing-policy.md");

fn examples() -> Vec<&'static str> {
    let block = |part: &'static str| part.split_once("```").map(|(block, _)| block);
    PAGE.split("```toml\n").skip(1).filter_map(block).collect()
}

#[test]
fn the_examples_of_the_reference_can_be_used() {
    let candidates = candidates();
    let [complete, no_date, built_in] = examples()[..] else { panic!("three examples") };
    let known = Known { authenticators: Some(&candidates), clients: None };
    let complete = Policy::read(complete, known).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(complete.warnings(), []);
    Policy::read(no_date, Known::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(built_in, BUILT_IN);
}

/// It names authenticators that few operators have, all of them where they are forbidden.
#[test]
fn the_built_in_policy_can_be_put_back_wherever_it_came_from() {
    for few in [&candidates()[..1], &[]] {
        let known = Known { authenticators: Some(few), clients: Some(&BTreeSet::new()) };
        let policy = Policy::read(BUILT_IN, known).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(policy.warnings(), []);
    }
}

#[test]
fn the_same_policy_may_be_written_as_json() {
    let value: serde_json::Value = toml::from_str(examples()[0]).unwrap();
    let text = serde_json::to_string_pretty(&value).unwrap();
    let policy = Policy::read(&text, Known::default()).unwrap();
    let same = Policy::read(examples()[0], Known::default()).unwrap();
    assert_eq!(
        format!("{:?}", policy.rule_names().collect::<Vec<_>>()),
        format!("{:?}", same.rule_names().collect::<Vec<_>>())
    );
}
