//! How fast a gateway is fed.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// Turns at an even pace.
#[derive(Debug)]
pub(crate) struct Pace {
    interval: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    pub(crate) fn new(per_second: u32, now: Instant) -> Self {
        Self { interval: Duration::from_secs(1) / per_second.max(1), next: Mutex::new(now) }
    }

    /// When the caller's turn is; `None` when that would be after `latest`, and then it takes none.
    pub(crate) fn turn(&self, now: Instant, latest: Instant) -> Option<Instant> {
        let mut next = self.next.lock();
        let turn = (*next).max(now);
        if turn > latest {
            return None;
        }
        *next = turn + self.interval;
        Some(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_evenly_apart_and_unused_time_is_not_saved_up() {
        let start = Instant::now();
        let pace = Pace::new(10, start);
        let tenth = Duration::from_millis(100);
        let latest = start + tenth * 2;
        let turns: Vec<_> = (0..4).map(|_| pace.turn(start, latest)).collect();
        assert_eq!(turns, [Some(start), Some(start + tenth), Some(start + tenth * 2), None]);
        let later = start + tenth * 50;
        assert_eq!(pace.turn(later, later), Some(later));
        assert_eq!(pace.turn(later, later), None);
    }
}
