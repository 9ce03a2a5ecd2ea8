//! Decisions that can be explained afterwards.

use std::{sync::Arc, time::Duration};

use fiador_domain::{
    journey::Origin,
    routing::{Candidate, Facts, Policy, Reach, decide},
    subscriber::Attributes,
};
use fiador_kernel::{AuthenticatorId, Clock as _, Digest, JourneyId, Loa, Msisdn};
use fiador_ports::{Maintenance as _, RoutingRecord, RoutingRecords as _, StoreError, Vault};

use crate::{fixture::Fixture, sample::journey};

/// A vault that shows whether it was used; the real one lives in another crate.
struct Mirror;

impl Vault for Mirror {
    fn msisdn_index(&self, _: &Msisdn) -> Digest {
        panic!("no number is kept")
    }

    fn seal_msisdn(&self, _: &Msisdn) -> Vec<u8> {
        panic!("no number is kept")
    }

    fn open_msisdn(&self, _: &[u8]) -> Option<Msisdn> {
        panic!("no number is kept")
    }

    fn seal_attributes(&self, attributes: &Attributes) -> Vec<u8> {
        serde_json::to_vec(attributes).unwrap().into_iter().rev().collect()
    }

    fn open_attributes(&self, sealed: &[u8]) -> Option<Attributes> {
        let open: Vec<u8> = sealed.iter().rev().copied().collect();
        serde_json::from_slice(&open).ok()
    }

    fn one_time_code_hash(&self, _: &str, _: &str) -> Digest {
        panic!("no code is kept")
    }
}

/// A decision of now.
fn decided(fixture: &Fixture, journey_id: &str) -> RoutingRecord {
    let facts = Facts::of(&journey(fixture).ask, &Origin::default(), true, fixture.clock.now());
    let candidate = |id| {
        let id = AuthenticatorId::new(id).unwrap();
        Candidate::new(id, Loa::Two, Reach::Phone { answered_on_phone: true })
    };
    let candidates = vec![candidate("sms_otp"), candidate("sms_url")];
    let decision = decide(&Policy::default(), &facts, &candidates);
    RoutingRecord { journey: JourneyId::new(journey_id).unwrap(), facts, candidates, decision }
}

fn id(text: &str) -> JourneyId {
    JourneyId::new(text).unwrap()
}

contract! {
    async fn a_decision_is_found_with_all_that_it_looked_at(fixture: &Fixture) {
        let store = fixture.open().await;
        let records = store.routing_records(Arc::new(Mirror));
        let decision = decided(fixture, "j1");
        records.record(decision.clone());
        records.record(decided(fixture, "j2"));
        assert_eq!(records.find(&id("j1")).await, Ok(Some(decision.clone())));
        assert_eq!(records.find(&id("j3")).await, Ok(None));
        let last = decided(fixture, "j4");
        records.record(last.clone());
        // Closing writes what is not written yet.
        let store = fixture.reopen(store).await;
        let records = store.routing_records(Arc::new(Mirror));
        assert_eq!(records.find(&id("j1")).await, Ok(Some(decision)));
        assert_eq!(records.find(&id("j4")).await, Ok(Some(last)));
    }

    async fn the_latest_decision_of_a_journey_stays(fixture: &Fixture) {
        let store = fixture.open().await;
        let records = store.routing_records(Arc::new(Mirror));
        let first = decided(fixture, "j");
        fixture.clock.advance(Duration::from_secs(1));
        let second = decided(fixture, "j");
        fixture.clock.advance(Duration::from_secs(1));
        let third = decided(fixture, "j");
        records.record(first.clone());
        records.record(second.clone());
        assert_eq!(records.find(&id("j")).await, Ok(Some(second.clone())), "both in one commit");
        records.record(third.clone());
        assert_eq!(records.find(&id("j")).await, Ok(Some(third.clone())));
        records.record(second);
        assert_eq!(records.find(&id("j")).await, Ok(Some(third)), "from a node that was slow");
        assert_eq!(fixture.number("SELECT COUNT(*) FROM routing_records").await, 1);
    }

    async fn recent_decisions_come_newest_first_over_many_pages(fixture: &Fixture) {
        let store = fixture.open().await;
        let records = store.routing_records(Arc::new(Mirror));
        for number in 0..1_200 {
            // Four at a time are of the same moment.
            fixture.clock.advance(Duration::from_micros(u64::from(number % 4 == 0)));
            records.record(decided(fixture, &format!("j{number:04}")));
        }
        let all = records.recent(5_000).await.unwrap();
        let journeys: Vec<_> = all.iter().map(|record| record.journey.to_string()).collect();
        let expected: Vec<_> = (0..1_200).rev().map(|number| format!("j{number:04}")).collect();
        assert_eq!(journeys, expected);
        assert_eq!(records.recent(7).await.unwrap(), all[..7]);
        assert_eq!(records.recent(0).await, Ok(Vec::new()));
    }

    async fn decisions_are_forgotten_after_their_time(fixture: &Fixture) {
        let store = fixture.open().await;
        let records = store.routing_records(Arc::new(Mirror));
        records.record(decided(fixture, "old"));
        fixture.clock.advance(Duration::from_hours(1));
        records.record(decided(fixture, "new"));
        records.write().await.unwrap();
        fixture.clock.advance(Duration::from_hours(7 * 24 - 1));
        assert_eq!(records.find(&id("old")).await, Ok(None));
        assert_eq!(records.recent(10).await.unwrap().len(), 1);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM routing_records").await, 2);
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(fixture.number("SELECT COUNT(*) FROM routing_records").await, 1);
        assert!(records.find(&id("new")).await.unwrap().is_some());
    }

    async fn what_another_version_wrote_is_passed_over(fixture: &Fixture) {
        let store = fixture.open().await;
        let records = store.routing_records(Arc::new(Mirror));
        records.record(decided(fixture, "j1"));
        records.write().await.unwrap();
        fixture.execute("UPDATE routing_records SET decided_at = decided_at + 1, sealed = substr(sealed, 2)").await;
        records.record(decided(fixture, "j2"));
        assert_eq!(records.find(&id("j1")).await, Ok(None));
        assert_eq!(records.recent(1).await.unwrap(), [decided(fixture, "j2")]);
    }
}

#[tokio::test]
async fn decisions_in_the_database_are_sealed_and_share_commits() {
    let fixture = Fixture::postgresql();
    let store = fixture.open().await;
    let records = store.routing_records(Arc::new(Mirror));
    for number in 0..500 {
        records.record(decided(&fixture, &format!("j{number}")));
    }
    records.write().await.unwrap();
    let readable = "SELECT COUNT(*) FROM routing_records \
                    WHERE convert_from(sealed, 'UTF8') LIKE '%bank%'";
    let sealed = "SELECT COUNT(*) FROM routing_records \
                  WHERE convert_from(sealed, 'UTF8') LIKE '%knab%'";
    assert_eq!((fixture.number(readable).await, fixture.number(sealed).await), (0, 500));
    let commits = fixture.number("SELECT COUNT(DISTINCT xmin::text) FROM routing_records").await;
    assert_eq!(commits, 2);
}

#[tokio::test]
async fn decisions_that_cannot_be_written_wait_for_the_database() {
    let fixture = Fixture::postgresql();
    let store = fixture.open().await;
    let records = store.routing_records(Arc::new(Mirror));
    fixture.execute("ALTER TABLE routing_records RENAME TO routing_records_away").await;
    for number in 0..300 {
        records.record(decided(&fixture, &format!("j{number}")));
    }
    assert_eq!(records.write().await, Err(StoreError::Unavailable));
    fixture.execute("ALTER TABLE routing_records_away RENAME TO routing_records").await;
    assert_eq!(records.recent(1_000).await.unwrap().len(), 300);
}

#[tokio::test]
async fn a_decision_of_one_node_is_explained_by_another() {
    let fixture = Fixture::postgresql();
    let (one, other) = (fixture.open().await, fixture.open().await);
    let (there, here) =
        (one.routing_records(Arc::new(Mirror)), other.routing_records(Arc::new(Mirror)));
    let decision = decided(&fixture, "j");
    there.record(decision.clone());
    // Nobody asks that node: it writes by itself.
    let found = loop {
        if let Some(found) = here.find(&id("j")).await.unwrap() {
            break found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(found, decision);
}
