//! Which receipts belong to which submits, and how long delivery took.
//!
//! Centres spell one id in two ways (hexadecimal in the response, decimal in the receipt, with or
//! without leading zeros), and may send the receipt *before* the response. Receipts are numbers for
//! the operator only: no login waits for one, and none extends a code's life (T-130).

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use tokio::time::Instant;

/// Messages remembered at most; the oldest go first (T-260).
const CAPACITY: usize = 10_000;

/// What a receipt was matched with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// A message submitted so long ago.
    Submitted(Duration),
    /// No message we know of, or not yet.
    Unknown,
}

/// The messages of one centre that still await their final receipt.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: HashMap<String, Entry>,
    order: VecDeque<String>,
}

#[derive(Clone, Copy, Debug)]
enum Entry {
    Submitted(Instant),
    /// The receipt overtook the response.
    Receipted,
}

impl Ledger {
    /// Notes an accepted submit. Tells whether its receipt has come already.
    pub(crate) fn submitted(&mut self, message_id: &str, now: Instant) -> bool {
        if let Some(key) = self.find(message_id)
            && matches!(self.entries.get(&key), Some(Entry::Receipted))
        {
            self.entries.remove(&key);
            return true;
        }
        self.insert(canonical(message_id), Entry::Submitted(now));
        false
    }

    /// Matches a receipt; a final one closes the account of its message.
    pub(crate) fn receipted(&mut self, message_id: &str, is_final: bool, now: Instant) -> Match {
        let Some(key) = self.find(message_id) else {
            if is_final {
                self.insert(canonical(message_id), Entry::Receipted);
            }
            return Match::Unknown;
        };
        let Some(Entry::Submitted(since)) = self.entries.get(&key).copied() else {
            return Match::Unknown;
        };
        if is_final {
            self.entries.remove(&key);
        }
        Match::Submitted(now.saturating_duration_since(since))
    }

    fn find(&self, message_id: &str) -> Option<String> {
        spellings(message_id).into_iter().find(|key| self.entries.contains_key(key))
    }

    fn insert(&mut self, key: String, entry: Entry) {
        if self.entries.insert(key.clone(), entry).is_none() {
            self.order.push_back(key);
        }
        // Keys of closed accounts stay in `order` until they reach its front.
        while self.order.len() > CAPACITY {
            if let Some(oldest) = self.order.pop_front() {
                self.entries.remove(&oldest);
            }
        }
    }
}

fn canonical(message_id: &str) -> String {
    let id = message_id.trim().to_ascii_lowercase();
    let significant = id.trim_start_matches('0');
    if significant.is_empty() { "0".to_owned() } else { significant.to_owned() }
}

/// The id itself, then read as decimal and written as hexadecimal, then the other way round.
fn spellings(message_id: &str) -> Vec<String> {
    let id = canonical(message_id);
    let as_hex = id.parse::<u64>().ok().map(|value| format!("{value:x}"));
    let as_decimal = u64::from_str_radix(&id, 16).ok().map(|value| value.to_string());
    [Some(id), as_hex, as_decimal].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(submitted: &str, receipted: &str) -> bool {
        let mut ledger = Ledger::default();
        let now = Instant::now();
        ledger.submitted(submitted, now);
        let later = now + Duration::from_secs(2);
        ledger.receipted(receipted, true, later) == Match::Submitted(Duration::from_secs(2))
    }

    #[test]
    fn an_id_is_found_in_hexadecimal_decimal_and_with_leading_zeros() {
        assert!(matched("7b", "123"));
        assert!(matched("0000007B", "0000000123"));
        assert!(matched("123", "7B"));
        assert!(matched("a1b2-c3", "A1B2-C3"));
        assert!(matched("0", "000"));
        assert!(!matched("124", "123"));
    }

    #[test]
    fn a_receipt_may_come_before_the_response() {
        let mut ledger = Ledger::default();
        let now = Instant::now();
        assert_eq!(ledger.receipted("123", true, now), Match::Unknown);
        assert!(ledger.submitted("7b", now));
        assert!(!ledger.submitted("7b", now));
    }

    #[test]
    fn an_intermediate_receipt_leaves_the_account_open() {
        let mut ledger = Ledger::default();
        let now = Instant::now();
        ledger.submitted("5", now);
        assert_eq!(ledger.receipted("5", false, now), Match::Submitted(Duration::ZERO));
        assert_eq!(ledger.receipted("5", true, now), Match::Submitted(Duration::ZERO));
        assert_eq!(ledger.receipted("5", true, now), Match::Unknown);
    }

    #[test]
    fn a_flood_of_receipts_is_bounded() {
        let mut ledger = Ledger::default();
        for id in 0..3 * CAPACITY {
            ledger.receipted(&format!("x{id}"), true, Instant::now());
        }
        assert!(ledger.entries.len() <= CAPACITY && ledger.order.len() <= CAPACITY);
    }
}
