//! How much memory a node needs whose subscribers all think at the same time.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use fiador_domain::journey::{DoorState, Journey};
use fiador_kernel::{Clock as _, Digest};
use fiador_ports::Journeys as _;
use fiador_store::MemoryJourneys;
use fiador_testkit::share;
use tokio::task::JoinSet;

use crate::{
    fixture::Fixture,
    sample::{challenged, evidence},
};

const PENDING: usize = 100_000;
/// So many of them with a browser that waits.
const WAITED_FOR: usize = 1_000;
/// For all of them; less in proportion where fewer are tried.
const MOST_BYTES: usize = 512 << 20;

/// In the process of its own it measures; without the variable it starts that process.
const MEASURED: &str = "FIADOR_PENDING_TEST";

/// A process of its own, because other tests of this one take memory as well.
#[test]
fn a_large_set_of_pending_journeys_fits_into_half_a_gibibyte() {
    let measured = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "pending::pending_journeys_are_counted_in_memory"])
        .env(MEASURED, "1")
        .output()
        .unwrap();
    let (told, complaint) =
        (String::from_utf8_lossy(&measured.stdout), String::from_utf8_lossy(&measured.stderr));
    assert!(measured.status.success(), "{told}{complaint}");
    let result = told.lines().find(|line| line.contains("pending journeys take"));
    println!("{}", result.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pending_journeys_are_counted_in_memory() {
    let is_measured = std::env::var_os(MEASURED).is_some();
    let pending = if is_measured { share::of(0..PENDING, 0).count() } else { 10 };
    let fixture = Fixture::sqlite();
    let journeys = Arc::new(MemoryJourneys::new(pending));
    let before = resident_bytes();
    for number in 0..pending {
        journeys.open(handle(number), waiting_at_the_phone(&fixture, number)).await.unwrap();
    }
    let (mut waiting, begun) = (JoinSet::new(), Arc::new(AtomicUsize::new(0)));
    for number in (0..pending).step_by(PENDING / WAITED_FOR) {
        let (journeys, begun) = (journeys.clone(), begun.clone());
        waiting.spawn(async move {
            begun.fetch_add(1, Ordering::SeqCst);
            journeys.changed(handle(number), 0, Duration::from_hours(1)).await.unwrap();
            (number, now())
        });
    }
    while begun.load(Ordering::SeqCst) < waiting.len() {
        tokio::task::yield_now().await;
    }
    let taken = resident_bytes().saturating_sub(before);
    let times = wake_all(&fixture, &journeys, pending, waiting).await;
    println!(
        "{pending} pending journeys take {} KiB, {} bytes each; of {} that waited the slowest but \
         one in a hundred was woken within {:?}",
        taken >> 10,
        taken / pending,
        times.len(),
        times[(times.len() * 99).div_ceil(100) - 1],
    );
    if is_measured {
        assert!(taken <= MOST_BYTES / PENDING * pending, "{taken} bytes");
    }
    for number in 0..pending {
        let secret = format!("link {number}");
        let found = journeys.find_by_reference(Digest::of(secret), fixture.clock.now()).await;
        assert_eq!(found.unwrap().is_none(), number % (PENDING / WAITED_FOR) == 0);
    }
}

/// Ends each journey that is waited for, and tells how long it took to be heard, in ascending order.
async fn wake_all(
    fixture: &Fixture,
    journeys: &MemoryJourneys,
    pending: usize,
    waiting: JoinSet<(usize, Instant)>,
) -> Vec<Duration> {
    let mut ended = vec![None; pending];
    for number in (0..pending).step_by(PENDING / WAITED_FOR) {
        let read = journeys.read(handle(number), fixture.clock.now()).await.unwrap().unwrap();
        let mut journey = read.journey;
        journey.stage = journey.stage.verify(evidence(fixture.clock.now())).unwrap();
        ended[number] = Some(now());
        assert!(journeys.replace(handle(number), read.version, journey).await.unwrap());
    }
    let woken = waiting.join_all().await.into_iter();
    let mut times: Vec<_> = woken.map(|(number, at)| at - ended[number].unwrap()).collect();
    times.sort_unstable();
    times
}

fn handle(number: usize) -> Digest {
    Digest::of(number.to_be_bytes())
}

/// What an ordinary login leaves behind while somebody looks at a phone: two live prompts, and a door
/// that remembers all parameters of its request.
fn waiting_at_the_phone(fixture: &Fixture, number: usize) -> Journey {
    let (link, state) = (format!("link {number}"), format!("state {number}"));
    let mut journey = challenged(fixture, &[&link, &state]);
    let content = serde_json::json!({
        "redirect_uri": "https://shop.example/callback",
        "state": "s".repeat(64),
        "nonce": "n".repeat(64),
        "code_challenge": "c".repeat(43),
        "correlation_id": format!("{number:036}"),
    });
    journey.door = DoorState { door: "authorize".to_owned(), content: content.to_string().into() };
    journey
}

/// Of this process, as the kernel counts them.
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kibibytes: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes << 10
}

#[expect(clippy::disallowed_methods, reason = "real time is measured, and nothing depends on it")]
fn now() -> Instant {
    Instant::now()
}
