//! Revisions of the routing policy, and the one in force.

use std::time::Duration;

use fiador_domain::routing::BUILT_IN;
use fiador_kernel::Clock as _;
use fiador_ports::{PolicyRevision, RoutingPolicies as _, RoutingPolicy as _};
use fiador_store::{PolicyInForce, PolicyUnusable};
use tokio::task::JoinSet;

use crate::fixture::Fixture;

/// Waits until the policy is followed to a revision; a test that waits for ever tells nobody why.
async fn followed(policy: &PolicyInForce, revision: u64) {
    let follows = async {
        while policy.in_force().revision() != revision {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let followed = tokio::time::timeout(Duration::from_mins(2), follows).await;
    assert!(followed.is_ok(), "revision {} stays in force", policy.in_force().revision());
}

contract! {
    async fn every_revision_is_kept_and_the_newest_is_current(fixture: &Fixture) {
        let store = fixture.open().await;
        assert_eq!(store.current().await, Ok(None), "the built-in policy is not stored");
        assert_eq!(store.list(10).await, Ok(Vec::new()));
        let begun = fixture.clock.now();
        for revision in 0..5 {
            let (text, at) = (format!("# {revision}"), fixture.clock.now());
            assert_eq!(store.put(revision, &text, at).await, Ok(true));
            fixture.clock.advance(Duration::from_secs(1));
        }
        let store = fixture.reopen(store).await;
        let current = store.current().await.unwrap().unwrap();
        assert_eq!((current.revision, current.text.as_str()), (5, "# 4"));
        assert_eq!(current.at, begun + Duration::from_secs(4));
        let second = store.find(2).await.unwrap().unwrap();
        assert_eq!((second.revision, second.text.as_str()), (2, "# 1"));
        for missing in [0, 6, u64::MAX] {
            assert_eq!(store.find(missing).await, Ok(None));
        }
        let revision = |revision| {
            let at = begun + Duration::from_secs(revision - 1);
            PolicyRevision { revision, at }
        };
        assert_eq!(store.list(2).await, Ok(vec![revision(5), revision(4)]));
        assert_eq!(store.list(usize::MAX).await.unwrap().len(), 5);
    }

    async fn a_policy_that_was_written_for_another_revision_is_refused(fixture: &Fixture) {
        let (store, now) = (fixture.open().await, fixture.clock.now());
        assert_eq!(store.put(1, "# early", now).await, Ok(false));
        assert_eq!(store.put(0, "# first", now).await, Ok(true));
        for expected in [0, 2, 17] {
            assert_eq!(store.put(expected, "# other", now).await, Ok(false));
        }
        assert_eq!(fixture.number("SELECT COUNT(*) FROM routing_policies").await, 1);
    }

    async fn of_operators_at_the_same_time_exactly_one_puts_a_policy_in_force(fixture: &Fixture) {
        let (store, now) = (fixture.open().await, fixture.clock.now());
        for revision in 0..3 {
            let mut operators = JoinSet::new();
            for number in 0..30 {
                let store = store.clone();
                operators.spawn(async move {
                    store.put(revision, &format!("# {number}"), now).await.unwrap()
                });
            }
            let won = operators.join_all().await.into_iter().filter(|won| *won).count();
            assert_eq!(won, 1, "for revision {revision}");
        }
    }

    async fn the_newest_policy_is_in_force_and_the_built_in_one_before_the_first(fixture: &Fixture) {
        let store = fixture.open().await;
        let policy = store.routing_policy().await.unwrap();
        assert_eq!(policy.in_force().revision(), 0);
        store.put(0, BUILT_IN, fixture.clock.now()).await.unwrap();
        policy.look().await;
        assert_eq!(policy.in_force().revision(), 1);
        store.put(1, BUILT_IN, fixture.clock.now()).await.unwrap();
        followed(&policy, 2).await;
        drop(policy);
        let store = fixture.reopen(store).await;
        let policy = store.routing_policy().await.unwrap();
        assert_eq!(policy.in_force().revision(), 2);
        assert!(policy.in_force().rule_names().count() > 0);
    }

    async fn a_policy_that_cannot_be_read_leaves_the_one_before_in_force(fixture: &Fixture) {
        let (store, now) = (fixture.open().await, fixture.clock.now());
        let policy = store.routing_policy().await.unwrap();
        store.put(0, BUILT_IN, now).await.unwrap();
        store.put(1, "format = 1\nunheard_of = true\n", now).await.unwrap();
        policy.look().await;
        let kept = policy.in_force().revision();
        assert!(kept < 2, "{kept} cannot be read");
        let Err(PolicyUnusable::Unreadable { revision: 2, source }) = store.routing_policy().await
        else {
            panic!("a node must not begin with another policy than the operator's");
        };
        assert!(source.to_string().contains("unheard_of"), "{source}");
        store.put(2, BUILT_IN, now).await.unwrap();
        followed(&policy, 3).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_nodes_one_puts_a_policy_in_force_and_both_follow_it() {
    let fixture = Fixture::postgresql();
    let nodes = [fixture.open().await, fixture.open().await];
    let policies =
        [nodes[0].routing_policy().await.unwrap(), nodes[1].routing_policy().await.unwrap()];
    for revision in 0..3 {
        let mut operators = JoinSet::new();
        for number in 0..10 {
            let (node, at) = (nodes[number % 2].clone(), fixture.clock.now());
            operators.spawn(async move { node.put(revision, BUILT_IN, at).await.unwrap() });
        }
        let won = operators.join_all().await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1, "for revision {revision}");
        for policy in &policies {
            followed(policy, revision + 1).await;
        }
    }
}
