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

/// What has been used of one budget: the state a store keeps for a key, a few kilobytes at the most.
///
/// Each large limit counts in slots of its own width. Were they shared, a second's limit beside a
/// day's would see every use of the day's slot as its own.
///
/// A limit may be scaled across [`EXACT`] between two uses (T-124) and forgets nothing by it: slots
/// that exist for its window are kept, counted in and looked at until they are over, and new slots
/// begin with the moments that are remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// For all limits of up to [`EXACT`] uses: the moment of each use, oldest first.
    exact: Vec<i64>,
    /// For larger limits: window in microseconds, and its slots.
    slotted: Vec<(i64, Vec<(i64, u32)>)>,
}

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
        self.slotted.retain(|(window, slots)| {
            let limit = limits.iter().find(|limit| limit.slots_are_of(*window));
            limit.is_some_and(|limit| !limit.is_exact() || limit.covers_one_of(slots, now))
        });
        for limit in limits {
            if let Some(slots) = self.slots_of(*limit) {
                count_in_slot(slots, *limit, now);
            }
        }
        if let Some(longest) = limits.iter().filter(|l| l.is_exact()).map(|l| l.window).max() {
            let start = now.before(longest).as_micros();
            self.exact.retain(|&at| at > start);
            // A clock that stepped back must not put a use before an earlier one.
            let last = self.exact.last().copied().unwrap_or(i64::MIN);
            self.exact.push(now.as_micros().max(last));
            // A recorded-only budget grows past its limits; what no limit looks at may go.
            let surplus = self.exact.len().saturating_sub(EXACT as usize);
            self.exact.drain(..surplus);
        }
    }

    /// From then on the state says the same as no state.
    pub fn forgettable_at(&self, limits: &[Limit]) -> Timestamp {
        let longest = limits.iter().map(|l| l.window).max().unwrap_or_default();
        let slots = self.slotted.iter().filter_map(|(_, slots)| slots.last().map(|&(at, _)| at));
        let last = self.exact.last().copied().into_iter().chain(slots).max().unwrap_or(0);
        Timestamp::from_micros(last) + longest
    }

    fn wait(&self, limit: Limit, now: Timestamp) -> Option<Duration> {
        if limit.count == 0 {
            return Some(limit.window);
        }
        // Both may know of uses that the other does not; neither knows of one that was not.
        let exact = limit.wait(self.exact.iter().rev().map(|&at| (at, 1)), now);
        let slots = self.slotted.iter().find(|(window, _)| limit.slots_are_of(*window));
        let slotted = slots.and_then(|(_, slots)| limit.wait(slots.iter().rev().copied(), now));
        exact.max(slotted)
    }

    /// The slots of a limit; of a small one only those that it had when it was larger.
    fn slots_of(&mut self, limit: Limit) -> Option<&mut Vec<(i64, u32)>> {
        let is_new = self.slotted.iter().all(|(window, _)| !limit.slots_are_of(*window));
        if is_new && !limit.is_exact() {
            let mut slots = Vec::new();
            for &at in &self.exact {
                count_in_slot(&mut slots, limit, Timestamp::from_micros(at));
            }
            self.slotted.push((limit.window_micros(), slots));
        }
        let mut slotted = self.slotted.iter_mut();
        slotted.find(|(window, _)| limit.slots_are_of(*window)).map(|(_, slots)| slots)
    }
}

impl Limit {
    const fn is_exact(self) -> bool {
        self.count <= EXACT
    }

    fn slots_are_of(self, window: i64) -> bool {
        self.window_micros() == window
    }

    fn covers_one_of(self, slots: &[(i64, u32)], now: Timestamp) -> bool {
        let start = now.before(self.window).as_micros();
        slots.last().is_some_and(|&(at, _)| at > start)
    }

    fn window_micros(self) -> i64 {
        i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX)
    }

    /// How long until one more use is allowed, given the uses from the latest to the earliest.
    fn wait(
        self,
        latest_first: impl Iterator<Item = (i64, u32)>,
        now: Timestamp,
    ) -> Option<Duration> {
        let start = now.before(self.window).as_micros();
        let mut used = 0_u32;
        for (at, count) in latest_first.take_while(|&(at, _)| at > start) {
            used = used.saturating_add(count);
            if used >= self.count {
                let free = Timestamp::from_micros(at) + self.window;
                return Some(free.since(now).max(Duration::from_micros(1)));
            }
        }
        None
    }
}

/// Counts a use in the slot that `now` falls in. A slot counts as its latest moment, so that a
/// window never holds more than its limit.
fn count_in_slot(slots: &mut Vec<(i64, u32)>, limit: Limit, now: Timestamp) {
    let width = (limit.window_micros() / i64::from(SLOTS)).max(1);
    let end = (now.as_micros().div_euclid(width) + 1).saturating_mul(width) - 1;
    let start = now.before(limit.window).as_micros();
    slots.retain(|&(at, _)| at > start);
    match slots.last_mut() {
        Some((at, count)) if *at >= end => *count = count.saturating_add(1),
        _ => slots.push((end, 1)),
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

    #[test]
    fn a_limit_of_a_day_does_not_blur_the_limit_of_a_second_beside_it() {
        let limits = [Limit::per_seconds(20, 1), Limit::per_seconds(100_000, 86_400)];
        let mut usage = Usage::default();
        for second in 0..100 {
            for _ in 0..20 {
                assert_eq!(usage.admit(&limits, seconds(second)), Ok(()));
            }
            assert!(usage.admit(&limits, seconds(second)).is_err());
        }
    }

    #[test]
    fn two_large_limits_are_both_kept() {
        let limits = [Limit::per_seconds(200, 10), Limit::per_seconds(1_000, 86_400)];
        let mut usage = Usage::default();
        let admitted = (0..86_000).filter(|&s| usage.admit(&limits, seconds(s)).is_ok()).count();
        assert_eq!(admitted, 1_000);
    }

    #[test]
    fn a_limit_that_is_halved_and_restored_forgets_no_use_t_124() {
        let whole = [Limit::per_seconds(200, 60)];
        let half = [whole[0].scaled(1, 2)];
        let mut usage = Usage::default();
        for second in 0..30 {
            for _ in 0..5 {
                assert_eq!(usage.admit(&whole, seconds(second)), Ok(()));
            }
        }
        assert!(usage.admit(&half, seconds(30)).is_err());

        let mut usage = Usage::default();
        let used = |usage: &mut Usage, limits: &[Limit], at| {
            (0..300).filter(|_| usage.admit(limits, seconds(at)).is_ok()).count()
        };
        assert_eq!(used(&mut usage, &half, 0), 100);
        assert_eq!(used(&mut usage, &whole, 20), 100);
        assert_eq!(used(&mut usage, &half, 40), 0);
        assert_eq!(used(&mut usage, &whole, 50), 0);
        assert_eq!(used(&mut usage, &half, 200), 100, "the old uses are over");
    }

    #[test]
    fn the_state_stays_small() {
        let limits = [Limit::per_seconds(100, 3_600), Limit::per_seconds(100_000, 86_400)];
        let mut usage = Usage::default();
        for second in 0..100_000 {
            usage.record(&limits, seconds(second));
        }
        assert!(serde_json::to_string(&usage).unwrap().len() < 8_000);
    }

    proptest! {
        #[test]
        fn no_window_ever_holds_more_than_its_limit(
            steps in prop::collection::vec((0_u64..40, any::<bool>()), 1..600),
            count in 1_u32..300,
        ) {
            let limit = Limit::per_seconds(count, 120);
            let limits = [limit, Limit::per_seconds(count.saturating_mul(4), 3600)];
            let mut usage = Usage::default();
            let mut now = 0;
            let mut admitted = Vec::new();
            for (step, halved) in steps {
                now += step / 8;
                let scaled = limits.map(|limit| if halved { limit.scaled(1, 2) } else { limit });
                if usage.admit(&scaled, seconds(now)).is_ok() {
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
