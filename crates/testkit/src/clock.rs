//! A clock that stands still until a test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use fiador_kernel::{Clock, Timestamp};

/// 2026-01-01T00:00:00Z in seconds: late enough that nothing computes a negative time by accident.
const START: i64 = 1_767_225_600;

/// A clock for tests. Clones share one time: keep one, give another to the code under test.
#[derive(Debug, Clone)]
pub struct TestClock {
    micros: Arc<AtomicI64>,
    /// What was jumped over, in microseconds: time that never passed.
    jumped: Arc<AtomicI64>,
}

impl TestClock {
    /// A clock that shows 2026-01-01T00:00:00Z.
    pub fn new() -> Self {
        Self::at(Timestamp::from_seconds(START))
    }

    /// A clock that shows `time`.
    pub fn at(time: Timestamp) -> Self {
        Self { micros: Arc::new(AtomicI64::new(time.as_micros())), jumped: Arc::default() }
    }

    /// Lets `duration` pass.
    pub fn advance(&self, duration: Duration) {
        self.set(self.now() + duration);
    }

    /// Turns the clock back, as a time server may do to a node; saturates at the range's start.
    pub fn step_back(&self, duration: Duration) {
        self.set(self.now().before(duration));
    }

    /// Turns the clock ahead by a jump that its steady counter does not see.
    pub fn jump_ahead(&self, duration: Duration) {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        self.jumped.fetch_add(micros, Ordering::SeqCst);
        self.advance(duration);
    }

    /// Takes a jump back: the time is what the steady counter says again.
    pub fn undo_jumps(&self) {
        let jumped = self.jumped.swap(0, Ordering::SeqCst);
        self.micros.fetch_sub(jumped, Ordering::SeqCst);
    }

    /// Sets the clock to `time`, forwards or backwards.
    pub fn set(&self, time: Timestamp) {
        self.micros.store(time.as_micros(), Ordering::SeqCst);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst))
    }

    fn steady(&self) -> Duration {
        let jumped = self.jumped.load(Ordering::SeqCst);
        let passed = self.micros.load(Ordering::SeqCst).saturating_sub(jumped);
        Duration::from_micros(u64::try_from(passed).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_show_one_time_and_it_moves_only_by_hand() {
        let clock = TestClock::new();
        let given_away = clock.clone();
        let before = given_away.now();
        clock.advance(Duration::from_mins(3));
        assert_eq!(given_away.now().since(before), Duration::from_mins(3));
        clock.step_back(Duration::from_secs(200));
        assert_eq!(before.since(given_away.now()), Duration::from_secs(20));
    }

    #[test]
    fn a_jump_moves_the_time_but_not_the_steady_counter() {
        let clock = TestClock::new();
        let (time, steady) = (clock.now(), clock.steady());
        clock.jump_ahead(Duration::from_hours(1));
        assert_eq!(clock.now().since(time), Duration::from_hours(1));
        assert_eq!(clock.steady(), steady);
        clock.undo_jumps();
        assert_eq!(clock.now(), time);
    }
}
