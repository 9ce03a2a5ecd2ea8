//! Many browsers wait on one node.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::body::BodyDataStream;
use fiador_domain::profile::Profile;
use fiador_kernel::{Clock, Digest};
use fiador_ports::Journeys;
use fiador_store::MemoryJourneys;
use fiador_testkit::share;
use futures_util::StreamExt;
use http::Method;
use tokio::task::JoinHandle;

use crate::world::World;

const PENDING: usize = 100_000;
const STREAMS: usize = 1_000;
/// The 99th percentile of the time from the answer on the phone to the browser.
const IN_TIME: Duration = Duration::from_millis(100);
/// A machine that does other things at the same time is given some chances.
const ROUNDS: usize = 3;

const HINT: [(&str, Option<&str>); 1] = [("login_hint", Some("MSISDN:447700900907"))];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_large_set_of_waiting_browsers_each_hears_in_time() {
    let journeys = Arc::new(MemoryJourneys::new(PENDING + ROUNDS * STREAMS));
    let world = World::over(Arc::clone(&journeys) as _);
    world.routing.asks(&[(&["sms_url"], None)]);
    fill(&world, &journeys).await;
    let mut slowest = Duration::MAX;
    for _ in 0..ROUNDS {
        slowest = slowest.min(percentile_99(round(&world).await));
        if slowest <= IN_TIME {
            break;
        }
    }
    println!("{} journeys pending, p99 {slowest:?}", journeys.len());
    assert!(slowest <= IN_TIME, "{slowest:?}");
}

/// Journeys that nobody follows.
async fn fill(world: &World, journeys: &MemoryJourneys) {
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    let handle = Digest::of(page.strip_prefix("/journey/").unwrap());
    let pending = journeys.read(handle, world.clock.now()).await.unwrap().unwrap().journey;
    for number in share::of(0..PENDING, 0) {
        journeys.open(Digest::of(format!("pending {number}")), pending.clone()).await.unwrap();
    }
}

/// How long each browser of one round waited for the news.
async fn round(world: &World) -> Vec<Duration> {
    let mut waiting = vec![];
    for _ in share::of(0..STREAMS, 0) {
        let mut browser = world.browser();
        let page = browser.authorize(Profile::Oidc, &HINT).await.page();
        let reference = world.phone.reference.lock().unwrap().unwrap();
        let response = browser.response(Method::GET, &format!("{page}/events"), None).await;
        let mut stream = response.into_body().into_data_stream();
        assert!(stream.next().await.is_some(), "the greeting");
        waiting.push((reference, tokio::spawn(hears(stream))));
    }
    let mut waits = vec![];
    for (reference, heard) in waiting {
        let answered = now();
        world.routing.settles(reference, "agree").await;
        waits.push(heard_after(answered, heard).await);
    }
    waits
}

async fn heard_after(answered: Instant, heard: JoinHandle<Instant>) -> Duration {
    heard.await.unwrap().saturating_duration_since(answered)
}

/// When the stream says that the page is out of date.
async fn hears(mut stream: BodyDataStream) -> Instant {
    loop {
        let chunk = stream.next().await.expect("an event before the end").unwrap();
        if chunk.starts_with(b"event: moved") {
            return now();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "it measures what a person waits")]
fn now() -> Instant {
    Instant::now()
}

fn percentile_99(mut waits: Vec<Duration>) -> Duration {
    waits.sort_unstable();
    waits[(waits.len() * 99).div_ceil(100) - 1]
}
