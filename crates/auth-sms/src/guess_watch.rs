//! Horizontal guessing: one code each for many numbers never locks any of them, but the share of
//! wrong answers gives it away (T-124).

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

use fiador_kernel::{ClientId, Digest, Timestamp};
use parking_lot::Mutex;

use crate::settings::GuessAlarm;

/// Clients, and number blocks, that are watched at once. The least active ones make room.
const CAPACITY: usize = 4096;
/// The window is counted in so many slots.
const SLOTS: u32 = 30;

/// Watches the share of wrong codes by client and by number block. In memory of one node: it only
/// slows an attack that the durable budgets already bound.
pub(crate) struct GuessWatch {
    rule: GuessAlarm,
    clients: Mutex<Tallies<ClientId>>,
    number_blocks: Mutex<Tallies<Digest>>,
}

/// Whose send budget is halved now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Suspects {
    pub(crate) client: bool,
    pub(crate) number_block: bool,
}

impl GuessWatch {
    pub(crate) fn new(rule: GuessAlarm) -> Self {
        Self { rule, clients: Mutex::default(), number_blocks: Mutex::default() }
    }

    /// Takes one evaluated answer into account.
    pub(crate) fn record(&self, client: &ClientId, block: Digest, wrong: bool, now: Timestamp) {
        if self.clients.lock().record(self.rule, client, wrong, now) {
            alarm("client");
            tracing::warn!(
                client_id = %client,
                "many wrong one-time codes for one client: its send budget is halved; \
                 see whether numbers are being guessed through it"
            );
        }
        if self.number_blocks.lock().record(self.rule, &block, wrong, now) {
            alarm("number_block");
            tracing::warn!(
                number_block = block.abbreviated(),
                "many wrong one-time codes for one number block: its send budget is halved"
            );
        }
    }

    /// Who is under suspicion now.
    pub(crate) fn suspects(&self, client: &ClientId, block: Digest, now: Timestamp) -> Suspects {
        Suspects {
            client: self.clients.lock().is_suspect(self.rule, client, now),
            number_block: self.number_blocks.lock().is_suspect(self.rule, &block, now),
        }
    }
}

fn alarm(kind: &'static str) {
    metrics::counter!("fiador_sms_otp_guess_alarms_total", "kind" => kind).increment(1);
}

struct Tallies<K>(HashMap<K, Tally>);

impl<K> Default for Tallies<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Clone + Eq + Hash> Tallies<K> {
    /// `true` when this answer raises the alarm.
    fn record(&mut self, rule: GuessAlarm, key: &K, wrong: bool, now: Timestamp) -> bool {
        if !self.0.contains_key(key) && self.0.len() >= CAPACITY {
            self.make_room(rule, now);
        }
        let tally = self.0.entry(key.clone()).or_default();
        tally.record(rule, wrong, now);
        let suspect = tally.is_suspect(rule, now);
        let raised = suspect && !tally.alarmed;
        tally.alarmed = suspect;
        raised
    }

    fn is_suspect(&self, rule: GuessAlarm, key: &K, now: Timestamp) -> bool {
        self.0.get(key).is_some_and(|tally| tally.is_suspect(rule, now))
    }

    /// The eighth with the fewest guesses goes, so that the work is spread over many new keys.
    fn make_room(&mut self, rule: GuessAlarm, now: Timestamp) {
        let mut by_guesses: Vec<(u32, K)> =
            self.0.iter().map(|(key, tally)| (tally.sum(rule, now).guesses, key.clone())).collect();
        by_guesses.sort_unstable_by_key(|&(guesses, _)| guesses);
        for (_, key) in by_guesses.into_iter().take(CAPACITY / 8) {
            self.0.remove(&key);
        }
    }
}

/// Guesses by slot of time, oldest first.
#[derive(Default)]
struct Tally {
    slots: VecDeque<(i64, Count)>,
    alarmed: bool,
}

#[derive(Clone, Copy, Default)]
struct Count {
    guesses: u32,
    wrong: u32,
}

impl Tally {
    fn record(&mut self, rule: GuessAlarm, wrong: bool, now: Timestamp) {
        let slot = slot(rule, now);
        let first = slot - i64::from(SLOTS);
        self.slots.retain(|&(at, _)| at >= first);
        let is_new = self.slots.back().is_none_or(|&(at, _)| at < slot);
        if is_new {
            self.slots.push_back((slot, Count::default()));
        }
        if let Some((_, count)) = self.slots.back_mut() {
            count.guesses = count.guesses.saturating_add(1);
            count.wrong = count.wrong.saturating_add(u32::from(wrong));
        }
    }

    fn sum(&self, rule: GuessAlarm, now: Timestamp) -> Count {
        let first = slot(rule, now) - i64::from(SLOTS);
        self.slots.iter().filter(|&&(at, _)| at >= first).fold(
            Count::default(),
            |sum, (_, count)| Count {
                guesses: sum.guesses.saturating_add(count.guesses),
                wrong: sum.wrong.saturating_add(count.wrong),
            },
        )
    }

    fn is_suspect(&self, rule: GuessAlarm, now: Timestamp) -> bool {
        let sum = self.sum(rule, now);
        sum.guesses >= rule.minimum_guesses
            && u64::from(sum.wrong) * 100 > u64::from(sum.guesses) * u64::from(rule.wrong_percent)
    }
}

fn slot(rule: GuessAlarm, now: Timestamp) -> i64 {
    let width = i64::try_from((rule.window / SLOTS).as_micros()).unwrap_or(i64::MAX).max(1);
    now.as_micros().div_euclid(width)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_767_225_600);

    fn client(name: &str) -> ClientId {
        ClientId::new(name).unwrap()
    }

    fn guess(watch: &GuessWatch, wrong: u32, right: u32, now: Timestamp) {
        for index in 0..wrong + right {
            let block = Digest::of(index.to_string());
            watch.record(&client("shop"), block, index < wrong, now);
        }
    }

    #[test]
    fn more_than_a_fifth_wrong_of_at_least_fifty_is_suspect_t_124() {
        let suspect = |wrong, right| {
            let watch = GuessWatch::new(GuessAlarm::default());
            guess(&watch, wrong, right, START);
            watch.suspects(&client("shop"), Digest::of("other"), START).client
        };
        assert!(!suspect(49, 0));
        assert!(suspect(50, 0));
        assert!(!suspect(10, 40));
        assert!(suspect(11, 39));
    }

    #[test]
    fn suspicion_ends_with_the_window_and_touches_nobody_else() {
        let watch = GuessWatch::new(GuessAlarm::default());
        guess(&watch, 60, 0, START);
        let at = |seconds| {
            watch.suspects(
                &client("shop"),
                Digest::of("none"),
                START + Duration::from_secs(seconds),
            )
        };
        assert_eq!(at(299), Suspects { client: true, number_block: false });
        assert_eq!(at(320), Suspects::default());
        let bank = watch.suspects(&client("bank"), Digest::of("none"), START);
        assert_eq!(bank, Suspects::default());
    }

    #[test]
    fn a_number_block_is_watched_over_all_clients() {
        let watch = GuessWatch::new(GuessAlarm::default());
        for index in 0..50 {
            watch.record(&client(&format!("shop-{index}")), Digest::of("block"), true, START);
        }
        let suspects = watch.suspects(&client("another"), Digest::of("block"), START);
        assert_eq!(suspects, Suspects { client: false, number_block: true });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn memory_is_bounded_and_the_busy_stay_watched(extra in 1_usize..2000) {
            let mut tallies = Tallies::default();
            let rule = GuessAlarm::default();
            for _ in 0..60 {
                tallies.record(rule, &usize::MAX, true, START);
            }
            for key in 0..CAPACITY + extra {
                tallies.record(rule, &key, true, START);
            }
            prop_assert!(tallies.0.len() <= CAPACITY);
            prop_assert!(tallies.is_suspect(rule, &usize::MAX, START));
        }
    }
}
