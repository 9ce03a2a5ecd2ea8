//! How fast a centre may be fed: a token bucket that learns from refusals.
//!
//! On "throttled" or "queue full" the rate halves; afterwards it climbs back by a tenth of the
//! configured rate per second (T-131). A refusal tells of the moment only, so several of one window
//! count once.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// Refusals closer together than this are one event.
const SETTLE: Duration = Duration::from_millis(250);
/// The rate never falls below this share of the configured one.
const LEAST_SHARE: f64 = 1.0 / 64.0;
/// Recovery per second, as a share of the configured rate.
const RECOVERY: f64 = 0.1;

/// The pace of one centre; shared by all its callers.
#[derive(Debug)]
pub(crate) struct Throttle(Mutex<Bucket>);

impl Throttle {
    /// Starts at the full rate.
    pub(crate) fn new(messages_per_second: u32, now: Instant) -> Self {
        Self(Mutex::new(Bucket::new(f64::from(messages_per_second.max(1)), now)))
    }

    /// Takes the next turn and tells how long to wait for it; `None`, without taking one, when that
    /// is longer than `patience`.
    pub(crate) fn reserve(&self, now: Instant, patience: Duration) -> Option<Duration> {
        self.0.lock().reserve(now, patience)
    }

    /// The centre said that we are too fast.
    pub(crate) fn slow_down(&self, now: Instant) {
        self.0.lock().slow_down(now);
    }

    /// Messages per second at the moment.
    pub(crate) fn rate(&self, now: Instant) -> f64 {
        self.0.lock().rate(now)
    }
}

#[derive(Debug)]
struct Bucket {
    full_rate: f64,
    rate: f64,
    /// Below zero while turns are given out that lie in the future.
    tokens: f64,
    filled_at: Instant,
    slowed_at: Option<Instant>,
}

impl Bucket {
    fn new(full_rate: f64, now: Instant) -> Self {
        Self { full_rate, rate: full_rate, tokens: 1.0, filled_at: now, slowed_at: None }
    }

    fn reserve(&mut self, now: Instant, patience: Duration) -> Option<Duration> {
        self.refill(now);
        let missing = (1.0 - self.tokens).max(0.0);
        let wait = Duration::try_from_secs_f64(missing / self.rate).ok()?;
        if wait > patience {
            return None;
        }
        self.tokens -= 1.0;
        Some(wait)
    }

    fn slow_down(&mut self, now: Instant) {
        self.refill(now);
        if self.slowed_at.is_some_and(|at| now.saturating_duration_since(at) < SETTLE) {
            return;
        }
        self.rate = (self.rate / 2.0).max(self.full_rate * LEAST_SHARE);
        self.tokens = self.tokens.min(0.0);
        self.slowed_at = Some(now);
    }

    fn rate(&mut self, now: Instant) -> f64 {
        self.refill(now);
        self.rate
    }

    fn refill(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.filled_at = now;
        self.rate = (self.rate + self.full_rate * RECOVERY * elapsed).min(self.full_rate);
        // A tenth of a second's worth may leave at once, so that pairs of messages do not wait.
        let capacity = (self.full_rate / 10.0).max(1.0);
        self.tokens = (self.tokens + self.rate * elapsed).min(capacity);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATIENT: Duration = Duration::from_hours(1);

    fn close(actual: f64, wanted: f64) -> bool {
        (actual - wanted).abs() < 0.001
    }

    #[test]
    fn turns_are_spaced_by_the_rate_and_refused_beyond_the_callers_patience() {
        let now = Instant::now();
        let throttle = Throttle::new(10, now);
        assert_eq!(throttle.reserve(now, PATIENT), Some(Duration::ZERO));
        assert_eq!(throttle.reserve(now, PATIENT), Some(Duration::from_millis(100)));
        assert_eq!(throttle.reserve(now, PATIENT), Some(Duration::from_millis(200)));
        assert_eq!(throttle.reserve(now, Duration::from_millis(250)), None);
        assert_eq!(throttle.reserve(now, PATIENT), Some(Duration::from_millis(300)));
    }

    #[test]
    fn a_refusal_halves_the_rate_once_and_time_brings_it_back_t_131() {
        let now = Instant::now();
        let throttle = Throttle::new(40, now);
        for _ in 0..10 {
            throttle.slow_down(now);
        }
        assert!(close(throttle.rate(now), 20.0));
        let later = now + SETTLE;
        throttle.slow_down(later);
        assert!(close(throttle.rate(later), 10.5));
        assert!(close(throttle.rate(later + Duration::from_secs(1)), 14.5));
        assert!(close(throttle.rate(later + Duration::from_mins(1)), 40.0));
    }

    #[test]
    fn the_rate_never_reaches_zero() {
        let mut now = Instant::now();
        let throttle = Throttle::new(1, now);
        for _ in 0..100 {
            throttle.slow_down(now);
            now += SETTLE;
        }
        assert!(throttle.rate(now) >= LEAST_SHARE);
    }

    proptest! {
        #[test]
        fn no_second_sees_more_than_the_rate_and_its_burst(
            rate in 1_u32..200,
            steps in prop::collection::vec(0_u64..50, 1..300),
        ) {
            let start = Instant::now();
            let throttle = Throttle::new(rate, start);
            let (mut now, mut sent) = (start, Vec::new());
            for step in steps {
                now += Duration::from_millis(step);
                if let Some(wait) = throttle.reserve(now, Duration::from_secs(1)) {
                    sent.push(now + wait);
                }
            }
            let most = f64::from(rate) * 1.1 + 2.0;
            for first in &sent {
                let within = sent
                    .iter()
                    .filter(|at| *at >= first && **at < *first + Duration::from_secs(1))
                    .count();
                prop_assert!(f64::from(u32::try_from(within).unwrap()) <= most);
            }
        }
    }
}
