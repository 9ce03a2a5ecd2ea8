//! A circuit breaker: a system that fails is left alone for a while, so that its slowness does not
//! become everybody's (T-202, T-264).

use std::{
    sync::atomic::{AtomicI64, AtomicU32, Ordering},
    time::Duration,
};

use fiador_kernel::Timestamp;

/// When a system is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerSettings {
    /// So many failures in a row open the breaker. Default 5.
    pub failures: u32,
    /// For so long nobody asks it. Then one question goes through, and its outcome closes
    /// the breaker or opens it again. Default 1 s, so that a database that is back is used again
    /// within the 2 s of T-243.
    pub open_for: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 5, open_for: Duration::from_secs(1) }
    }
}

/// The breaker of one system.
#[derive(Debug)]
pub struct Breaker {
    settings: BreakerSettings,
    failures: AtomicU32,
    /// Microseconds since the epoch; [`CLOSED`] when it is not open.
    open_until: AtomicI64,
}

const CLOSED: i64 = i64::MIN;

impl Breaker {
    /// Closed.
    pub const fn new(settings: BreakerSettings) -> Self {
        Self { settings, failures: AtomicU32::new(0), open_until: AtomicI64::new(CLOSED) }
    }

    /// Whether a question may go to the system at `now`. Of those who ask when the time is up only
    /// one may; the others wait for what it learns.
    pub fn admits(&self, now: Timestamp) -> bool {
        let open_until = self.open_until.load(Ordering::Acquire);
        if open_until == CLOSED {
            return true;
        }
        let next = (now + self.settings.open_for).as_micros();
        !self.is_waiting(open_until, now)
            && self
                .open_until
                .compare_exchange(open_until, next, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
    }

    /// Whether nobody asks the system at `now`; asked without taking the one question's turn.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let open_until = self.open_until.load(Ordering::Acquire);
        open_until != CLOSED && self.is_waiting(open_until, now)
    }

    /// The system answered.
    pub fn succeeded(&self) {
        self.failures.store(0, Ordering::Release);
        self.open_until.store(CLOSED, Ordering::Release);
    }

    /// The system failed at `now`. `true` when this opened the breaker.
    pub fn failed(&self, now: Timestamp) -> bool {
        let failures = self.failures.fetch_add(1, Ordering::AcqRel).saturating_add(1);
        if failures < self.settings.failures {
            return false;
        }
        // Kept at the threshold: a failed trial opens at once, and the count cannot overflow.
        self.failures.store(self.settings.failures, Ordering::Release);
        let until = (now + self.settings.open_for).as_micros();
        self.open_until.swap(until, Ordering::AcqRel) == CLOSED
    }

    /// An end further away than a whole period comes of a clock that was set back.
    fn is_waiting(&self, open_until: i64, now: Timestamp) -> bool {
        now.as_micros() < open_until && open_until <= (now + self.settings.open_for).as_micros()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> Breaker {
        Breaker::new(BreakerSettings { failures: 3, open_for: Duration::from_secs(10) })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn opened_at_100() -> Breaker {
        let breaker = breaker();
        assert!(!breaker.failed(at(100)) && !breaker.failed(at(100)));
        assert!(breaker.failed(at(100)), "the third failure opens it");
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it_and_a_success_between_them_does_not() {
        let breaker = breaker();
        for _ in 0..5 {
            breaker.failed(at(1));
            breaker.failed(at(1));
            breaker.succeeded();
        }
        assert!(breaker.admits(at(1)));
        assert!(!opened_at_100().admits(at(109)));
        assert!(!breaker.is_open(at(1)) && opened_at_100().is_open(at(109)));
    }

    #[test]
    fn after_its_time_exactly_one_question_goes_through() {
        let breaker = opened_at_100();
        assert!(!breaker.is_open(at(110)));
        assert!(breaker.admits(at(110)));
        assert!(!breaker.admits(at(110)));
        breaker.succeeded();
        assert!(breaker.admits(at(110)) && breaker.admits(at(110)));
    }

    #[test]
    fn a_failed_trial_opens_it_for_another_period() {
        let breaker = opened_at_100();
        assert!(breaker.admits(at(110)));
        breaker.failed(at(111));
        assert!(!breaker.admits(at(120)));
        assert!(breaker.admits(at(121)));
    }

    #[test]
    fn a_clock_set_back_does_not_keep_it_open() {
        let breaker = opened_at_100();
        assert!(breaker.admits(at(5)));
    }
}
