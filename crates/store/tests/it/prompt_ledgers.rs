//! How often a number was prompted (T-106), in memory and in the database.

use std::{sync::Arc, time::Duration};

use fiador_domain::prompting::{Ledger, PromptLimits, Prompting};
use fiador_kernel::{Clock as _, Digest, JourneyId, OsEntropy};
use fiador_ports::{Maintenance as _, PromptLedgers, VersionedLedger};
use fiador_store::MemoryPromptLedgers;
use fiador_testkit::TestClock;
use tokio::task::JoinSet;

use crate::{fixture::Fixture, journeys::Reversed, sample::client};

const KEPT: Duration = Duration::from_mins(10);

/// A ledger with one live prompt.
fn prompted(clock: &TestClock) -> Ledger {
    let mut ledger = Ledger::default();
    let next = Prompting {
        journey: JourneyId::random(&OsEntropy),
        handle: Digest::of("handle"),
        client: client("bank"),
        browser: None,
        until: clock.now() + KEPT,
    };
    assert_eq!(ledger.begin(next, &PromptLimits::default(), clock.now()), Ok(Vec::new()));
    ledger
}

async fn read(ledgers: &dyn PromptLedgers, clock: &TestClock, number: &str) -> VersionedLedger {
    ledgers.read(Digest::of(number), clock.now()).await.unwrap()
}

async fn keep(
    ledgers: &dyn PromptLedgers,
    clock: &TestClock,
    number: &str,
    version: u64,
    ledger: &Ledger,
) -> bool {
    let expires_at = clock.now() + KEPT;
    ledgers.replace(Digest::of(number), version, ledger.clone(), expires_at).await.unwrap()
}

contract! {
    async fn a_ledger_is_read_as_it_was_kept(fixture: &Fixture) {
        let (store, clock) = (fixture.open().await, &fixture.clock);
        let ledgers = &*store.prompt_ledgers(10, Arc::new(Reversed));
        let none = read(ledgers, clock, "ana").await;
        assert_eq!((none.version, none.ledger), (0, Ledger::default()));
        let first = prompted(clock);
        assert!(keep(ledgers, clock, "ana", 0, &first).await);
        let kept = read(ledgers, clock, "ana").await;
        assert_eq!(kept.ledger, first);
        assert_ne!(kept.version, 0);
        let second = prompted(clock);
        assert!(!keep(ledgers, clock, "ana", 0, &second).await, "somebody was quicker");
        assert!(keep(ledgers, clock, "ana", kept.version, &second).await);
        assert!(!keep(ledgers, clock, "ana", kept.version, &first).await);
        assert_eq!(read(ledgers, clock, "ana").await.ledger, second);
        assert_eq!(read(ledgers, clock, "bea").await.version, 0);
    }

    async fn of_parallel_replacements_of_a_ledger_exactly_one_wins_t_106(fixture: &Fixture) {
        let (store, clock) = (fixture.open().await, &fixture.clock);
        let ledgers = store.prompt_ledgers(10, Arc::new(Reversed));
        for round in 0..3 {
            let version = read(&*ledgers, clock, "ana").await.version;
            let mut replacements = JoinSet::new();
            for _ in 0..60 {
                let (ledgers, clock) = (ledgers.clone(), clock.clone());
                let next = prompted(&clock);
                replacements.spawn(async move { keep(&*ledgers, &clock, "ana", version, &next).await });
            }
            let won = replacements.join_all().await.into_iter().filter(|won| *won).count();
            assert_eq!(won, 1, "in round {round}");
        }
    }

    async fn a_ledger_that_has_expired_is_empty_and_can_be_begun_anew(fixture: &Fixture) {
        let (store, clock) = (fixture.open().await, &fixture.clock);
        let ledgers = &*store.prompt_ledgers(10, Arc::new(Reversed));
        let ledger = prompted(clock);
        assert!(keep(ledgers, clock, "ana", 0, &ledger).await);
        let before = read(ledgers, clock, "ana").await.version;
        clock.advance(KEPT);
        let expired = read(ledgers, clock, "ana").await;
        assert_eq!(expired.ledger, Ledger::default());
        assert!(keep(ledgers, clock, "ana", expired.version, &ledger).await, "nobody has swept yet");
        clock.advance(KEPT);
        store.reap(clock.now()).await.unwrap();
        assert_eq!(read(ledgers, clock, "ana").await.version, 0);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM prompt_ledgers").await, 0);
        assert!(!keep(ledgers, clock, "ana", before, &ledger).await);
        assert!(keep(ledgers, clock, "ana", 0, &ledger).await);
        assert!(!keep(ledgers, clock, "ana", before, &ledger).await, "of an earlier life");
    }
}

#[tokio::test]
async fn ledgers_in_the_database_are_sealed() {
    let fixture = Fixture::postgresql();
    let store = fixture.open().await;
    let ledgers = &*store.prompt_ledgers(10, Arc::new(Reversed));
    assert!(keep(ledgers, &fixture.clock, "ana", 0, &prompted(&fixture.clock)).await);
    let readable = "SELECT COUNT(*) FROM prompt_ledgers WHERE sealed LIKE '%bank%'";
    let sealed = "SELECT COUNT(*) FROM prompt_ledgers WHERE sealed LIKE '%knab%'";
    assert_eq!((fixture.number(readable).await, fixture.number(sealed).await), (0, 1));
}

#[tokio::test]
async fn ledgers_in_memory_are_bounded_t_260() {
    let (clock, ledgers) = (TestClock::new(), MemoryPromptLedgers::new(160));
    for number in 0..2_000 {
        clock.advance(Duration::from_millis(1));
        assert!(keep(&ledgers, &clock, &number.to_string(), 0, &Ledger::default()).await);
    }
    assert!((100..=160).contains(&ledgers.len()), "{} are kept", ledgers.len());
    assert_ne!(read(&ledgers, &clock, "1999").await.version, 0, "the latest is there");
    ledgers.sweep(clock.now() + KEPT);
    assert!(ledgers.is_empty());
}

/// Two nodes begin a prompt for one number at the same time, again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_prompt_at_a_time_holds_over_two_nodes_t_106() {
    let fixture = Fixture::postgresql();
    let nodes = [fixture.open().await, fixture.open().await];
    let nodes = nodes.map(|node| node.prompt_ledgers(10, Arc::new(Reversed)));
    let mut prompts = JoinSet::new();
    for number in 0..40 {
        let (ledgers, clock) = (nodes[number % 2].clone(), fixture.clock.clone());
        prompts.spawn(async move {
            loop {
                let VersionedLedger { version, mut ledger } = read(&*ledgers, &clock, "ana").await;
                let next = Prompting {
                    journey: JourneyId::random(&OsEntropy),
                    handle: Digest::of(number.to_be_bytes()),
                    client: client("bank"),
                    browser: None,
                    until: clock.now() + KEPT,
                };
                if ledger.begin(next, &PromptLimits::default(), clock.now()).is_err() {
                    return false;
                }
                if keep(&*ledgers, &clock, "ana", version, &ledger).await {
                    return true;
                }
            }
        });
    }
    let begun = prompts.join_all().await.into_iter().filter(|begun| *begun).count();
    assert_eq!(begun, 1);
}
