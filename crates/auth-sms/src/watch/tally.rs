//! Bounded counts over a sliding window.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    time::Duration,
};

use fiador_kernel::Timestamp;

/// Keys that are watched at once. The least active ones make room.
const CAPACITY: usize = 4096;
/// The window is counted in so many slots.
const SLOTS: u32 = 30;

/// How many happened, and how many of them were of the kind that is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) all: u32,
    pub(super) marked: u32,
}

/// When a count is suspect.
pub(super) trait Rule {
    /// The stretch of time looked at.
    fn window(&self) -> Duration;

    /// What happened so lately is not judged yet.
    fn grace(&self) -> Duration {
        Duration::ZERO
    }

    /// The judgement.
    fn is_suspect(&self, count: Count) -> bool;
}

/// Counts by key.
pub(super) struct Tallies<K>(HashMap<K, Tally>);

impl<K> Default for Tallies<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Clone + Eq + Hash> Tallies<K> {
    /// Adds to what happened at `at`; `true` when it makes the key suspect that was not before.
    pub(super) fn add(
        &mut self,
        rule: &impl Rule,
        key: &K,
        (at, added): (Timestamp, Count),
        now: Timestamp,
    ) -> bool {
        if !self.0.contains_key(key) && self.0.len() >= CAPACITY {
            self.make_room(rule, now);
        }
        let tally = self.0.entry(key.clone()).or_default();
        tally.add(rule, at, added, now);
        let suspect = rule.is_suspect(tally.sum(rule, now));
        let raised = suspect && !tally.alarmed;
        tally.alarmed = suspect;
        raised
    }

    pub(super) fn is_suspect(&self, rule: &impl Rule, key: &K, now: Timestamp) -> bool {
        self.0.get(key).is_some_and(|tally| rule.is_suspect(tally.sum(rule, now)))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The eighth with the fewest events goes, so that the work is spread over many new keys.
    fn make_room(&mut self, rule: &impl Rule, now: Timestamp) {
        let mut by_events: Vec<(u32, K)> =
            self.0.iter().map(|(key, tally)| (tally.events(rule, now), key.clone())).collect();
        by_events.sort_unstable_by_key(|&(events, _)| events);
        for (_, key) in by_events.into_iter().take(CAPACITY / 8) {
            self.0.remove(&key);
        }
    }
}

/// Counts by slot of time, oldest first.
#[derive(Default)]
struct Tally {
    slots: VecDeque<(i64, Count)>,
    alarmed: bool,
}

impl Tally {
    fn add(&mut self, rule: &impl Rule, at: Timestamp, added: Count, now: Timestamp) {
        let first = slot(rule, now) - i64::from(SLOTS);
        self.slots.retain(|&(slot, _)| slot >= first);
        let slot = slot(rule, at);
        if slot < first {
            return;
        }
        // Nearly always the last one, or a new one after it.
        let place = self.slots.iter().rposition(|&(other, _)| other <= slot);
        let index = match place {
            Some(index) if self.slots.get(index).is_some_and(|&(other, _)| other == slot) => index,
            place => {
                let index = place.map_or(0, |index| index + 1);
                self.slots.insert(index, (slot, Count::default()));
                index
            }
        };
        if let Some((_, count)) = self.slots.get_mut(index) {
            count.all = count.all.saturating_add(added.all);
            count.marked = count.marked.saturating_add(added.marked);
        }
    }

    /// What is old enough to be judged.
    fn sum(&self, rule: &impl Rule, now: Timestamp) -> Count {
        let grace = i64::try_from(rule.grace().as_micros()).unwrap_or(i64::MAX);
        let last = if grace == 0 {
            i64::MAX
        } else {
            // The slot in which the grace begins is not over yet.
            slot(rule, Timestamp::from_micros(now.as_micros().saturating_sub(grace))) - 1
        };
        self.sum_until(rule, last, now)
    }

    /// Everything, judged or not.
    fn events(&self, rule: &impl Rule, now: Timestamp) -> u32 {
        self.sum_until(rule, i64::MAX, now).all
    }

    fn sum_until(&self, rule: &impl Rule, last: i64, now: Timestamp) -> Count {
        let first = slot(rule, now) - i64::from(SLOTS);
        let slots = self.slots.iter().filter(|&&(slot, _)| slot >= first && slot <= last);
        slots.fold(Count::default(), |sum, (_, count)| Count {
            all: sum.all.saturating_add(count.all),
            marked: sum.marked.saturating_add(count.marked),
        })
    }
}

fn slot(rule: &impl Rule, at: Timestamp) -> i64 {
    let width = i64::try_from((rule.window() / SLOTS).as_micros()).unwrap_or(i64::MAX).max(1);
    at.as_micros().div_euclid(width)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_767_225_600);
    const ONE: Count = Count { all: 1, marked: 1 };

    struct AnyOfFifty;

    impl Rule for AnyOfFifty {
        fn window(&self) -> Duration {
            Duration::from_mins(5)
        }

        fn is_suspect(&self, count: Count) -> bool {
            count.all >= 50 && count.marked > 0
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn memory_is_bounded_and_the_busy_stay_watched(extra in 1_usize..2000) {
            let mut tallies = Tallies::default();
            for _ in 0..60 {
                tallies.add(&AnyOfFifty, &usize::MAX, (START, ONE), START);
            }
            for key in 0..CAPACITY + extra {
                tallies.add(&AnyOfFifty, &key, (START, ONE), START);
            }
            prop_assert!(tallies.len() <= CAPACITY);
            prop_assert!(tallies.is_suspect(&AnyOfFifty, &usize::MAX, START));
        }

        #[test]
        fn slots_are_few_and_hold_what_was_added_in_any_order(seconds in prop::collection::vec(0_u64..300, 1..200)) {
            let mut tally = Tally::default();
            let now = START + Duration::from_mins(5);
            for &second in &seconds {
                tally.add(&AnyOfFifty, START + Duration::from_secs(second), ONE, now);
            }
            prop_assert!(tally.slots.len() <= usize::try_from(SLOTS).unwrap() + 1);
            prop_assert!(tally.slots.iter().is_sorted_by_key(|&(slot, _)| slot));
            prop_assert_eq!(usize::try_from(tally.events(&AnyOfFifty, now)).unwrap(), seconds.len());
        }
    }
}
