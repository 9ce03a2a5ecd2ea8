//! Journeys, in memory and in the database (T-121, T-260).

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{AFTERMATH, Journey, LIFETIME, Refusal, Stage};
use fiador_kernel::{Clock as _, Digest};
use fiador_ports::{JourneyStoreError, Journeys as _, Maintenance as _, SealKind, Sealer};
use fiador_testkit::{TestClock, postgres::Server};
use tokio::task::JoinSet;

use crate::{
    fixture::Fixture,
    sample::{challenged, journey},
};

/// A seal that shows whether it was used; the real one lives in another crate.
pub(crate) struct Reversed;

impl Sealer for Reversed {
    fn seal(&self, kind: SealKind, content: &[u8]) -> Option<String> {
        assert_eq!(kind, SealKind::Journey);
        let reversed: String = std::str::from_utf8(content).unwrap().chars().rev().collect();
        Some(reversed)
    }

    fn open(&self, _kind: SealKind, sealed: &str) -> Option<Vec<u8>> {
        Some(sealed.chars().rev().collect::<String>().into_bytes())
    }
}

/// A journey in which nothing can be done any more.
fn ended(fixture: &Fixture) -> Journey {
    let stage = Stage::Refused { reason: Refusal::TimedOut, at: fixture.clock.now() };
    Journey { stage, ..journey(fixture) }
}

contract! {
    async fn a_journey_is_read_as_it_was_opened_until_it_expires(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let (handle, opened) = (Digest::of("handle"), journey(fixture));
        journeys.open(handle, opened.clone()).await.unwrap();
        let read = journeys.read(handle, fixture.clock.now()).await.unwrap().unwrap();
        assert_eq!(read.journey, opened);
        assert!(journeys.read(Digest::of("other"), fixture.clock.now()).await.unwrap().is_none());
        fixture.clock.advance(LIFETIME + AFTERMATH);
        assert!(journeys.read(handle, fixture.clock.now()).await.unwrap().is_none());
    }

    async fn of_parallel_replacements_exactly_one_wins_t_121(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let (handle, opened) = (Digest::of("handle"), journey(fixture));
        journeys.open(handle, opened.clone()).await.unwrap();
        for round in 1..=3 {
            let now = fixture.clock.now();
            let version = journeys.read(handle, now).await.unwrap().unwrap().version;
            let mut replacements = JoinSet::new();
            for _ in 0..60 {
                let (journeys, next) = (journeys.clone(), opened.clone());
                replacements.spawn(async move {
                    journeys.replace(handle, version, next).await.unwrap()
                });
            }
            let won = replacements.join_all().await.into_iter().filter(|won| *won).count();
            assert_eq!(won, 1, "in round {round}");
        }
    }

    async fn a_replacement_is_what_is_read_afterwards(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let (handle, mut next) = (Digest::of("handle"), journey(fixture));
        let now = fixture.clock.now();
        journeys.open(handle, next.clone()).await.unwrap();
        let version = journeys.read(handle, now).await.unwrap().unwrap().version;
        next.stage = next.stage.refuse(Refusal::Denied, now).unwrap();
        assert!(journeys.replace(handle, version, next.clone()).await.unwrap());
        assert_eq!(journeys.read(handle, now).await.unwrap().unwrap().journey, next);
        assert!(!journeys.replace(handle, version, next.clone()).await.unwrap());
        assert!(!journeys.replace(Digest::of("other"), 0, next).await.unwrap());
    }

    async fn no_more_are_kept_than_the_bound_and_expired_ones_make_room_t_260(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(20, Arc::new(Reversed));
        for number in 0..20 {
            journeys.open(Digest::of(format!("{number}")), challenged(fixture, &[])).await.unwrap();
        }
        let refused = journeys.open(Digest::of("late"), journey(fixture)).await;
        assert_eq!(refused, Err(JourneyStoreError::Full));
        for number in 0..20 {
            let handle = Digest::of(format!("{number}"));
            let kept = journeys.read(handle, fixture.clock.now()).await.unwrap();
            assert!(kept.is_some(), "nobody who holds a code is thrown out for a newcomer");
        }
        fixture.clock.advance(LIFETIME + Duration::from_secs(1));
        for number in 20..40 {
            journeys.open(Digest::of(format!("{number}")), journey(fixture)).await.unwrap();
        }
    }

    async fn abandoned_starts_lock_nobody_out_t_263(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(20, Arc::new(Reversed));
        let (ana, now) = (Digest::of("ana"), fixture.clock.now());
        journeys.open(ana, journey(fixture)).await.unwrap();
        let version = journeys.read(ana, now).await.unwrap().unwrap().version;
        assert!(journeys.replace(ana, version, challenged(fixture, &[])).await.unwrap());
        for number in 0..500 {
            fixture.clock.advance(Duration::from_millis(1));
            journeys.open(Digest::of(format!("{number}")), journey(fixture)).await.unwrap();
        }
        let now = fixture.clock.now();
        assert!(journeys.read(ana, now).await.unwrap().is_some(), "her phone shows a code");
        assert!(journeys.read(Digest::of("499"), now).await.unwrap().is_some());
        assert!(journeys.read(Digest::of("0"), now).await.unwrap().is_none(), "the oldest went");
        let kept = fixture.number("SELECT COUNT(*) FROM journeys").await;
        assert!(kept <= 20, "{kept} are kept");
    }

    async fn journeys_that_are_over_make_room_too_t_263(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(5, Arc::new(Reversed));
        let now = fixture.clock.now();
        for number in 0..50 {
            let handle = Digest::of(format!("{number}"));
            journeys.open(handle, challenged(fixture, &[])).await.unwrap();
            let mut over = challenged(fixture, &[]);
            over.stage = over.stage.refuse(Refusal::Denied, now).unwrap();
            assert!(journeys.replace(handle, 0, over).await.unwrap());
        }
    }

    async fn overdue_journeys_make_room_for_new_ones_t_263(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(5, Arc::new(Reversed));
        for number in 0..5 {
            journeys.open(Digest::of(format!("{number}")), challenged(fixture, &[])).await.unwrap();
        }
        fixture.clock.advance(LIFETIME.saturating_sub(Duration::from_secs(1)));
        let refused = journeys.open(Digest::of("early"), challenged(fixture, &[])).await;
        assert_eq!(refused, Err(JourneyStoreError::Full));
        fixture.clock.advance(Duration::from_secs(1));
        let late = journeys.read(Digest::of("0"), fixture.clock.now()).await.unwrap();
        assert!(late.is_some(), "while there is room, it is remembered");
        for number in 5..10 {
            journeys.open(Digest::of(format!("{number}")), challenged(fixture, &[])).await.unwrap();
        }
    }

    async fn of_parallel_uses_exactly_one_wins_t_121(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let handle = Digest::of("handle");
        journeys.open(handle, journey(fixture)).await.unwrap();
        let mut uses = JoinSet::new();
        for _ in 0..30 {
            let (journeys, after) = (journeys.clone(), ended(fixture));
            uses.spawn(async move { journeys.use_up(handle, 0, after).await.unwrap() });
        }
        let won = uses.join_all().await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1);
        let read = journeys.read(handle, fixture.clock.now()).await.unwrap().unwrap();
        assert!(read.journey.stage.is_final());
    }

    async fn the_reaper_takes_expired_journeys(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        journeys.open(Digest::of("old"), journey(fixture)).await.unwrap();
        fixture.clock.advance(LIFETIME + AFTERMATH);
        journeys.open(Digest::of("new"), journey(fixture)).await.unwrap();
        store.reap(fixture.clock.now()).await.unwrap();
        assert!(journeys.read(Digest::of("new"), fixture.clock.now()).await.unwrap().is_some());
        assert_eq!(
            fixture.number("SELECT COUNT(*) FROM journeys WHERE expires_at <= 1767226200000000").await,
            0
        );
    }
}

#[tokio::test]
async fn journeys_in_the_database_are_sealed_as_a_whole() {
    let fixture = crate::fixture::Fixture::postgresql();
    let store = fixture.open().await;
    let journeys = store.journeys(10, Arc::new(Reversed));
    journeys.open(Digest::of("handle"), journey(&fixture)).await.unwrap();
    let readable = "SELECT COUNT(*) FROM journeys WHERE sealed LIKE '%bank%'";
    let sealed = "SELECT COUNT(*) FROM journeys WHERE sealed LIKE '%knab%'";
    assert_eq!((fixture.number(readable).await, fixture.number(sealed).await), (0, 1));
}

/// T-121: other journeys may be lost in a crash, but none comes back. Each crash follows at once, before
/// the server has written commits that nobody waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_used_up_before_a_crash_of_the_database_does_not_come_back() {
    let mut server = Server::start().unwrap();
    let fixture = Fixture::at(TestClock::new(), server.database().unwrap());
    let mut store = fixture.open().await;
    let mut handles = Vec::new();
    for round in 0..3 {
        let journeys = store.journeys(10, Arc::new(Reversed));
        let handle = Digest::of(format!("{round}"));
        journeys.open(handle, journey(&fixture)).await.unwrap();
        // An earlier commit that is waited for, so that the journey itself is not lost.
        fixture
            .execute("CREATE TABLE IF NOT EXISTS waited (); INSERT INTO waited DEFAULT VALUES")
            .await;
        assert!(journeys.use_up(handle, 0, ended(&fixture)).await.unwrap());
        server.crash().unwrap();
        handles.push(handle);
        server.start_again().unwrap();
        store = fixture.reopen(store).await;
    }
    let journeys = store.journeys(10, Arc::new(Reversed));
    for handle in handles {
        let read = journeys.read(handle, fixture.clock.now()).await.unwrap();
        assert!(read.is_none_or(|read| read.journey.stage.is_final()));
    }
}

#[tokio::test]
async fn memory_gives_expired_journeys_back() {
    let fixture = crate::fixture::Fixture::sqlite();
    let journeys = fiador_store::MemoryJourneys::new(1000);
    for number in 0..500 {
        journeys.open(Digest::of(format!("{number}")), journey(&fixture)).await.unwrap();
    }
    journeys.open(Digest::of("3"), journey(&fixture)).await.unwrap();
    assert_eq!(journeys.len(), 500, "a handle opened again takes no second place");
    journeys.sweep(fixture.clock.now() + LIFETIME + AFTERMATH);
    assert!(journeys.is_empty());
}
