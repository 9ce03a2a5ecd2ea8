//! How long a connection may stay in each state (T-003).
//!
//! One lazy timer per connection instead of timers per request: requests only note the time, and
//! [`Pace::outstayed`] wakes at most once per head timeout to compare. A served request therefore
//! costs no timer wheel operation here, and 10 000 silent connections cost 1 000 wake-ups a second.

use std::{
    sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use super::ListenerSettings;

/// Bytes of a request head have come, the rest is awaited.
const READING_HEAD: u8 = 0;
/// At least one request is being answered; the edge limits its time.
const SERVING: u8 = 1;
/// Nothing is asked for.
const RESTING: u8 = 2;

/// The time-keeping of one connection, shared by its stream and its requests.
#[derive(Debug)]
pub(super) struct Pace {
    opened: Instant,
    head_timeout: Duration,
    idle_timeout: Duration,
    state: AtomicU8,
    /// Milliseconds after `opened` at which `state` was entered.
    since: AtomicU64,
    in_flight: AtomicUsize,
    /// The peer took bytes since the timer last looked.
    progress: AtomicBool,
    /// HTTP/2: bytes arrive at any time and say nothing about a head.
    multiplexed: AtomicBool,
}

impl Pace {
    /// A fresh connection owes its first head.
    pub(super) fn new(settings: &ListenerSettings) -> Self {
        Self {
            opened: Instant::now(),
            head_timeout: settings.head_timeout,
            idle_timeout: settings.idle_timeout,
            state: AtomicU8::new(READING_HEAD),
            since: AtomicU64::new(0),
            in_flight: AtomicUsize::new(0),
            progress: AtomicBool::new(false),
            multiplexed: AtomicBool::new(false),
        }
    }

    /// The connection speaks HTTP/2.
    pub(super) fn multiplexed(&self) {
        self.multiplexed.store(true, Ordering::Relaxed);
    }

    /// The peer sent bytes.
    pub(super) fn bytes_arrived(&self) {
        if self.state.load(Ordering::Relaxed) == RESTING
            && !self.multiplexed.load(Ordering::Relaxed)
        {
            self.enter(READING_HEAD);
        }
    }

    /// The peer took bytes.
    pub(super) fn bytes_left(&self) {
        self.progress.store(true, Ordering::Relaxed);
    }

    /// A request begins; it ends when the returned guard is dropped.
    pub(super) fn request_begins(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        self.state.store(SERVING, Ordering::Relaxed);
        InFlight(self)
    }

    /// Completes when the connection has stayed too long in its state.
    pub(super) async fn outstayed(&self) {
        let mut wake = Instant::now() + self.head_timeout;
        loop {
            sleep_until(wake).await;
            let now = Instant::now();
            if self.progress.swap(false, Ordering::Relaxed)
                && self.state.load(Ordering::Relaxed) == RESTING
            {
                self.enter(RESTING);
            }
            // A head begun after this look ends its time after the next look, never before.
            let next_look = now + self.head_timeout;
            wake = match self.deadline() {
                Some(deadline) if deadline <= now => return,
                Some(deadline) => deadline.min(next_look),
                None => next_look,
            };
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let allowed = match self.state.load(Ordering::Relaxed) {
            READING_HEAD => self.head_timeout,
            RESTING => self.idle_timeout,
            _ => return None,
        };
        let since = Duration::from_millis(self.since.load(Ordering::Relaxed));
        Some(self.opened + since + allowed)
    }

    fn enter(&self, state: u8) {
        let millis = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since.store(millis, Ordering::Relaxed);
        self.state.store(state, Ordering::Relaxed);
    }
}

/// One request being answered.
#[derive(Debug)]
pub(super) struct InFlight<'a>(&'a Pace);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if self.0.in_flight.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.enter(RESTING);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn seconds_until_outstayed(pace: &Pace) -> u64 {
        let start = Instant::now();
        pace.outstayed().await;
        start.elapsed().as_secs()
    }

    fn pace() -> Pace {
        Pace::new(&ListenerSettings::default())
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_has_ten_seconds() {
        assert_eq!(seconds_until_outstayed(&pace()).await, 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_resting_connection_has_sixty_seconds() {
        let pace = pace();
        drop(pace.request_begins());
        assert_eq!(seconds_until_outstayed(&pace).await, 60);
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_begun_late_in_the_rest_has_its_own_ten_seconds() {
        let pace = pace();
        drop(pace.request_begins());
        let begun = async {
            tokio::time::sleep(Duration::from_secs(33)).await;
            pace.bytes_arrived();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            seconds = seconds_until_outstayed(&pace) => assert_eq!(seconds, 43),
            () = begun => {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_the_answer_slowly_is_not_resting() {
        let pace = pace();
        drop(pace.request_begins());
        let taking = async {
            tokio::time::sleep(Duration::from_secs(45)).await;
            pace.bytes_left();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            seconds = seconds_until_outstayed(&pace) => assert!(seconds > 60),
            () = taking => {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_in_flight_holds_the_connection() {
        let pace = pace();
        let flight = pace.request_begins();
        let done = async {
            tokio::time::sleep(Duration::from_mins(5)).await;
            drop(flight);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            seconds = seconds_until_outstayed(&pace) => assert_eq!(seconds, 360),
            () = done => {}
        }
    }
}
