//! Those who wait for a journey to change. A wait that is not woken would last an hour here.

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{AFTERMATH, LIFETIME};
use fiador_kernel::{Clock as _, Digest};
use fiador_ports::Maintenance as _;
use tokio::task::JoinSet;

use crate::{fixture::Fixture, journeys::Reversed, sample::challenged};

const HOUR: Duration = Duration::from_hours(1);

contract! {
    async fn whoever_saw_an_older_version_or_none_does_not_wait(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let (handle, journey) = (Digest::of("handle"), challenged(fixture, &[]));
        assert_eq!(journeys.changed(handle, 0, HOUR).await, Ok(()), "it is gone");
        journeys.open(handle, journey.clone()).await.unwrap();
        assert!(journeys.replace(handle, 0, journey).await.unwrap());
        assert_eq!(journeys.changed(handle, 0, HOUR).await, Ok(()));
    }

    async fn patience_ends_the_wait(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let handle = Digest::of("handle");
        journeys.open(handle, challenged(fixture, &[])).await.unwrap();
        assert_eq!(journeys.changed(handle, 0, Duration::from_millis(1)).await, Ok(()));
        let read = journeys.read(handle, fixture.clock.now()).await.unwrap();
        assert_eq!(read.unwrap().version, 0, "nothing has changed");
    }

    async fn every_change_wakes_all_who_wait(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let (handle, journey) = (Digest::of("handle"), challenged(fixture, &[]));
        journeys.open(handle, journey.clone()).await.unwrap();
        let mut waiting = JoinSet::new();
        for _ in 0..20 {
            let (journeys, clock) = (journeys.clone(), fixture.clock.clone());
            waiting.spawn(async move {
                let mut version = 0;
                while version < 5 {
                    journeys.changed(handle, version, HOUR).await.unwrap();
                    version = journeys.read(handle, clock.now()).await.unwrap().unwrap().version;
                }
            });
        }
        for version in 0..5 {
            tokio::task::yield_now().await;
            let replaced = match version % 2 {
                0 => journeys.replace(handle, version, journey.clone()).await,
                _ => journeys.use_up(handle, version, journey.clone()).await,
            };
            assert_eq!(replaced, Ok(true));
        }
        waiting.join_all().await;
    }

    async fn a_journey_that_the_reaper_takes_wakes_them_too(fixture: &Fixture) {
        let store = fixture.open().await;
        let journeys = store.journeys(10, Arc::new(Reversed));
        let handle = Digest::of("handle");
        journeys.open(handle, challenged(fixture, &[])).await.unwrap();
        let waiting = {
            let journeys = journeys.clone();
            tokio::spawn(async move { journeys.changed(handle, 0, HOUR).await })
        };
        tokio::task::yield_now().await;
        fixture.clock.advance(LIFETIME + AFTERMATH);
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(waiting.await.unwrap(), Ok(()));
    }
}

/// More journeys than one statement asks for; each is moved by the other node.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_node_changes_wakes_those_who_wait_on_this_one() {
    const MANY: u64 = 1_100;
    let fixture = Fixture::postgresql();
    let (here, there) = (fixture.open().await, fixture.open().await);
    let here = here.journeys(5_000, Arc::new(Reversed));
    let there = there.journeys(5_000, Arc::new(Reversed));
    let handle = |number: u64| Digest::of(number.to_be_bytes());
    let mut waiting = JoinSet::new();
    for number in 0..MANY {
        here.open(handle(number), challenged(&fixture, &[])).await.unwrap();
        let here = here.clone();
        waiting.spawn(async move {
            here.changed(handle(number), 0, HOUR).await.unwrap();
            number
        });
    }
    for number in 0..MANY / 2 {
        let moved = there.replace(handle(number), 0, challenged(&fixture, &[])).await;
        assert_eq!(moved, Ok(true));
    }
    for _ in 0..MANY / 2 {
        let woken = waiting.join_next().await.unwrap().unwrap();
        assert!(woken < MANY / 2, "{woken} was not changed");
    }
    assert_eq!(waiting.len() as u64, MANY / 2);
    for number in MANY / 2..MANY {
        assert_eq!(there.use_up(handle(number), 0, challenged(&fixture, &[])).await, Ok(true));
    }
    waiting.join_all().await;
}
