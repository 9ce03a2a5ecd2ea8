//! Budgets: how often something may happen in a stretch of time (T-122).
//!
//! The rule is a sliding window and it is strict: in no window of the given length do more than
//! `count` uses happen, whatever the phase. A token bucket was rejected because "3 in 10 minutes"
//! would let six through around a refill.

use std::time::Duration;

use fiador_kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// Up to this many uses each is remembered by itself; above, uses share slots of 1/64 window.
const EXACT: u32 = 128;
const SLOTS: u32 = 64;

/// At most `count` uses in any stretch of `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// Uses allowed; zero forbids everything.
    pub count: u32,
    /// The stretch of time.
    pub window: Duration,
}

impl Limit {
    /// `count` uses in `seconds`.
    pub const fn per_seconds(count: u32, seconds: u64) -> Self {
        Self { count, window: Duration::from_secs(seconds) }
    }

    /// `numerator / denominator` of the count, at least one use.
    #[must_use]
    pub const fn scaled(self, numerator: u32, denominator: u32) -> Self {
        let count = (self.count as u64 * numerator as u64) / denominator as u64;
        #[expect(clippy::cast_possible_truncation, reason = "bounded by the line itself")]
        let count = if count == 0 {
            1
        } else if count > u32::MAX as u64 {
            u32::MAX
        } else {
            count as u32
        };
        Self { count, window: self.window }
    }
}

/// What has been used of one budget: the state a store keeps for a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Usage(Vec<(i64, u32)>);

/// A budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the budget is used up for another {} s", retry_after.as_secs())]
pub struct Exhausted {
    /// When the next use would be admitted, at the earliest.
    pub retry_after: Duration,
}

impl Usage {
    /// Counts one use, if every limit allows it.
    pub fn admit(&mut self, limits: &[Limit], now: Timestamp) -> Result<(), Exhausted> {
        self.check(limits, now)?;
        self.record(limits, now);
        Ok(())
    }

    /// Whether every limit would allow one more use now.
    pub fn check(&self, limits: &[Limit], now: Timestamp) -> Result<(), Exhausted> {
        let wait = limits.iter().filter_map(|limit| self.wait(*limit, now)).max();
        wait.map_or(Ok(()), |retry_after| Err(Exhausted { retry_after }))
    }

    /// Counts one use whether or not it is allowed: a wrong guess has happened.
    pub fn record(&mut self, limits: &[Limit], now: Timestamp) {
        let longest = limits.iter().map(|l| l.window).max().unwrap_or_default();
        self.0.retain(|&(at, _)| at > now.before(longest).as_micros());
        let slot = slot(limits, now);
        match self.0.last_mut() {
            Some((at, count)) if *at >= slot && limits.iter().any(|l| l.count > EXACT) => {
                *count += 1;
            }
            _ => self.0.push((slot.max(self.0.last().map_or(i64::MIN, |&(at, _)| at)), 1)),
        }
        // A recorded-only budget grows past its limits; what no limit looks at may go.
        let bound =
            limits.iter().map(|l| l.count).max().unwrap_or(0).clamp(SLOTS + 2, EXACT) as usize;
        if self.0.len() > bound {
            self.0.drain(..self.0.len() - bound);
        }
    }

    /// From then on the state says the same as no state.
    pub fn forgettable_at(&self, limits: &[Limit]) -> Timestamp {
        let longest = limits.iter().map(|l| l.window).max().unwrap_or_default();
        let last = self.0.last().map_or(0, |&(at, _)| at);
        Timestamp::from_micros(last) + longest + longest / SLOTS
    }

    /// Uses inside the window that ends now.
    pub fn within(&self, window: Duration, now: Timestamp) -> u32 {
        let start = now.before(window).as_micros();
        self.0.iter().filter(|&&(at, _)| at > start).map(|&(_, count)| count).sum()
    }

    fn wait(&self, limit: Limit, now: Timestamp) -> Option<Duration> {
        if limit.count == 0 {
            return Some(limit.window);
        }
        let start = now.before(limit.window).as_micros();
        let mut used = 0;
        for &(at, count) in self.0.iter().rev().take_while(|&&(at, _)| at > start) {
            used += count;
            if used >= limit.count {
                let free = Timestamp::from_micros(at) + limit.window;
                return Some(free.since(now).max(Duration::from_micros(1)));
            }
        }
        None
    }
}

/// The end of the slot that `now` falls in: a shared slot counts as its latest moment, so that a
/// window never holds more than its limit.
fn slot(limits: &[Limit], now: Timestamp) -> i64 {
    let widest = limits.iter().filter(|l| l.count > EXACT).map(|l| l.window / SLOTS).min();
    match widest.and_then(|slot| i64::try_from(slot.as_micros()).ok()) {
        Some(width) if width > 0 => (now.as_micros().div_euclid(width) + 1) * width - 1,
        _ => now.as_micros(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seconds(s: u64) -> Timestamp {
        Timestamp::from_seconds(1_700_000_000) + Duration::from_secs(s)
    }

    #[test]
    fn three_in_ten_minutes_are_three_in_any_ten_minutes_t_122() {
        let limits = [Limit::per_seconds(3, 600)];
        let mut usage = Usage::default();
        for at in [0, 200, 400] {
            assert_eq!(usage.admit(&limits, seconds(at)), Ok(()));
        }
        let refused = usage.admit(&limits, seconds(599)).unwrap_err();
        assert_eq!(refused.retry_after, Duration::from_secs(1));
        assert_eq!(usage.admit(&limits, seconds(600)), Ok(()));
        assert!(usage.admit(&limits, seconds(601)).is_err());
    }

    #[test]
    fn a_zero_limit_forbids_everything() {
        assert!(Usage::default().admit(&[Limit::per_seconds(0, 60)], seconds(0)).is_err());
    }

    proptest! {
        #[test]
        fn no_window_ever_holds_more_than_its_limit(
            steps in prop::collection::vec(0_u64..40, 1..600),
            count in 1_u32..300,
        ) {
            let limit = Limit::per_seconds(count, 120);
            let limits = [limit, Limit::per_seconds(count.saturating_mul(4), 3600)];
            let mut usage = Usage::default();
            let mut now = 0;
            let mut admitted = Vec::new();
            for step in steps {
                now += step / 8;
                if usage.admit(&limits, seconds(now)).is_ok() {
                    admitted.push(now);
                }
            }
            for limit in limits {
                for (index, &first) in admitted.iter().enumerate() {
                    let inside = admitted[index..].iter().filter(|&&at| at - first < limit.window.as_secs()).count();
                    prop_assert!(inside <= limit.count as usize);
                }
            }
        }

        #[test]
        fn a_clock_that_steps_back_never_opens_the_budget(back in 0_u64..1000) {
            let limits = [Limit::per_seconds(1, 60)];
            let mut usage = Usage::default();
            usage.admit(&limits, seconds(1000)).unwrap();
            prop_assert!(usage.admit(&limits, seconds(1000 - back)).is_err());
        }
    }
}
