//! Journeys that are found by the references of their live prompts.

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{AFTERMATH, Chain, Journey, LIFETIME, Refusal};
use fiador_kernel::{Clock as _, Digest};
use fiador_ports::{Journeys, Maintenance as _};
use fiador_testkit::share;
use tokio::task::JoinSet;

use crate::{
    fixture::Fixture,
    journeys::Reversed,
    sample::{challenged, evidence, prompt},
};

/// The handle that a secret leads to.
async fn found(journeys: &dyn Journeys, fixture: &Fixture, secret: &str) -> Option<Digest> {
    let found = journeys.find_by_reference(Digest::of(secret), fixture.clock.now()).await.unwrap();
    found.map(|found| found.handle)
}

/// The journey with another live prompt.
fn prompted_again(fixture: &Fixture, journey: &Journey, secret: &str) -> Journey {
    let chain = Chain { live: vec![prompt(fixture, secret)], ..Chain::default() };
    let stage = journey.stage.clone().challenge(chain).unwrap();
    Journey { stage, ..journey.clone() }
}

contract! {
    async fn a_journey_is_found_by_the_references_of_its_live_prompts(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let (ana, bea) = (Digest::of("ana"), Digest::of("bea"));
        let opened = challenged(fixture, &["link", "state"]);
        journeys.open(ana, opened.clone()).await.unwrap();
        journeys.open(bea, challenged(fixture, &["other"])).await.unwrap();
        for secret in ["link", "state"] {
            let reference = Digest::of(secret);
            let found = journeys.find_by_reference(reference, fixture.clock.now()).await.unwrap();
            let found = found.unwrap();
            assert_eq!((found.handle, found.versioned.version), (ana, 0));
            assert_eq!(found.versioned.journey, opened);
        }
        assert_eq!(found(&*journeys, fixture, "other").await, Some(bea));
        assert_eq!(found(&*journeys, fixture, "nobody's").await, None);
        let handle = journeys.find_by_reference(ana, fixture.clock.now()).await.unwrap();
        assert!(handle.is_none(), "a handle is no reference");
    }

    async fn a_prompt_that_is_void_is_not_found_any_more_t_121(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let (handle, first) = (Digest::of("handle"), challenged(fixture, &["first"]));
        journeys.open(handle, first.clone()).await.unwrap();
        let second = prompted_again(fixture, &first, "second");
        assert!(journeys.replace(handle, 0, second.clone()).await.unwrap());
        assert_eq!(found(&*journeys, fixture, "first").await, None);
        assert_eq!(found(&*journeys, fixture, "second").await, Some(handle));
        let now = fixture.clock.now();
        let over = Journey { stage: second.stage.clone().verify(evidence(now)).unwrap(), ..second };
        assert!(journeys.use_up(handle, 1, over).await.unwrap());
        assert_eq!(found(&*journeys, fixture, "second").await, None);
    }

    async fn a_replacement_that_comes_too_late_leads_nowhere(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let (handle, first) = (Digest::of("handle"), challenged(fixture, &["first"]));
        journeys.open(handle, first.clone()).await.unwrap();
        let (winner, loser) = ("winner", "loser");
        assert!(journeys.replace(handle, 0, prompted_again(fixture, &first, winner)).await.unwrap());
        assert!(!journeys.replace(handle, 0, prompted_again(fixture, &first, loser)).await.unwrap());
        assert_eq!(found(&*journeys, fixture, winner).await, Some(handle));
        assert_eq!(found(&*journeys, fixture, loser).await, None);
        assert!(!journeys.replace(Digest::of("gone"), 0, prompted_again(fixture, &first, "x")).await.unwrap());
        assert_eq!(found(&*journeys, fixture, "x").await, None);
    }

    async fn an_expired_journey_is_found_by_nothing_and_leaves_nothing(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        journeys.open(Digest::of("handle"), challenged(fixture, &["link"])).await.unwrap();
        fixture.clock.advance(LIFETIME + AFTERMATH);
        assert_eq!(found(&*journeys, fixture, "link").await, None);
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(fixture.number("SELECT COUNT(*) FROM journey_references").await, 0);
    }

    async fn a_prompt_outlives_replacements_that_keep_it(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let (handle, mut kept) = (Digest::of("handle"), challenged(fixture, &["link"]));
        journeys.open(handle, kept.clone()).await.unwrap();
        for version in 0..5 {
            kept.expires_at = kept.expires_at + Duration::from_secs(1);
            assert!(journeys.replace(handle, version, kept.clone()).await.unwrap());
            assert_eq!(found(&*journeys, fixture, "link").await, Some(handle));
        }
        // The row lives as long as the journey does now.
        fixture.clock.advance(LIFETIME + AFTERMATH + Duration::from_secs(4));
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(found(&*journeys, fixture, "link").await, Some(handle));
    }
}

/// Sixteen approvals of one link on two nodes: whoever finds the prompt live tries to end it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_a_large_set_of_links_is_approved_once_over_two_nodes_t_121() {
    let fixture = Fixture::postgresql();
    let nodes = [fixture.open().await, fixture.open().await];
    let nodes = nodes.map(|node| node.journeys(100_000, Arc::new(Reversed)));
    let now = fixture.clock.now();
    for round in share::of(0..10_000, 0) {
        let (handle, secret) = (Digest::of(format!("handle {round}")), format!("link {round}"));
        nodes[round % 2].open(handle, challenged(&fixture, &[&secret])).await.unwrap();
        let mut approvals = JoinSet::new();
        for number in 0..16 {
            let (node, reference) = (nodes[number % 2].clone(), Digest::of(&secret));
            approvals.spawn(async move {
                let Some(found) = node.find_by_reference(reference, now).await.unwrap() else {
                    return false;
                };
                let (version, mut journey) = (found.versioned.version, found.versioned.journey);
                let as_approved = journey.stage.clone().verify(evidence(now)).unwrap();
                let as_denied = journey.stage.clone().refuse(Refusal::Denied, now).unwrap();
                journey.stage = if number < 8 { as_approved } else { as_denied };
                node.replace(found.handle, version, journey).await.unwrap()
            });
        }
        let won = approvals.join_all().await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1, "in round {round}");
        for node in &nodes {
            assert_eq!(found(&**node, &fixture, &secret).await, None);
            assert_eq!(node.read(handle, now).await.unwrap().unwrap().version, 1);
        }
    }
}
