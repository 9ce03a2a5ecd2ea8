//! Which receipts belong to which submits, and how long delivery took.
//!
//! Centres spell one id in two ways, may send the receipt *before* the response, may repeat it, and
//! may never send it. No receipt extends a code's life (T-130).

use std::{sync::Arc, time::Duration};

use fiador_domain::recent::Recent;
use tokio::time::Instant;

use crate::{
    receipt::State,
    spelling::{Spelling, canonical},
    tracking::Tracked,
};

/// Messages remembered at most; the oldest go first (T-260).
const SUBMITTED: usize = 100_000;
/// No code lives so long; a receipt that comes later is of no use.
const SUBMITTED_LIFE: Duration = Duration::from_hours(1);
/// Receipts of unknown messages remembered at most.
const EARLY: usize = 10_000;
/// The response is at most a few seconds behind its receipt.
const EARLY_LIFE: Duration = Duration::from_mins(1);

/// What was sent to a phone under some message id.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The phone; receipts name it, and it tells apart what ids do not.
    pub(crate) phone: Arc<str>,
    /// The message, when somebody wants to know its fate.
    pub(crate) message: Option<Arc<Tracked>>,
}

/// What a receipt says.
#[derive(Clone, Debug)]
pub(crate) struct Receipted<'a> {
    /// The centre's id of the part.
    pub(crate) message_id: &'a str,
    /// From and to, as the centre writes them. The phone is the first of them by the standard, the
    /// second at centres that forget to turn them round, and at some neither is a number.
    pub(crate) parties: [&'a str; 2],
    /// What became of the part.
    pub(crate) state: State,
}

/// A receipt and its submit have met.
#[derive(Debug)]
pub(crate) struct Met {
    /// From the response to the receipt; zero when the receipt was first.
    pub(crate) delay: Duration,
    /// Whose part has come to its end with this, if that is what happened.
    pub(crate) ended: Option<Arc<Tracked>>,
    /// What the receipt said.
    pub(crate) state: State,
}

/// The messages of one centre, by the ids that it gave them.
#[derive(Debug)]
pub(crate) struct Ledger {
    submitted: Recent<String, Account, Instant>,
    early: Recent<String, Early, Instant>,
    /// What fitted last.
    spelling: Spelling,
}

#[derive(Debug)]
struct Account {
    since: Instant,
    part: Part,
    /// A final receipt has come; kept, so that its repetition is known and counts for nobody else.
    is_closed: bool,
}

#[derive(Debug)]
struct Early {
    parties: [String; 2],
    state: State,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            submitted: Recent::new(SUBMITTED, SUBMITTED_LIFE),
            early: Recent::new(EARLY, EARLY_LIFE),
            spelling: Spelling::default(),
        }
    }
}

impl Ledger {
    /// Notes an accepted submit. When its receipt has come already, the two meet now.
    pub(crate) fn submitted(&mut self, message_id: &str, part: Part, now: Instant) -> Option<Met> {
        let key = canonical(message_id);
        let early = self.take_early(&key, &part, now);
        let account = Account { since: now, part: part.clone(), is_closed: early.is_some() };
        self.submitted.insert(key, account, now);
        early.map(|state| Met { delay: Duration::ZERO, ended: part.message, state })
    }

    /// Finds the submit of a receipt; a final one closes its account.
    pub(crate) fn receipted(&mut self, receipt: &Receipted<'_>, now: Instant) -> Option<Met> {
        let key = canonical(receipt.message_id);
        let Some((spelling, found)) = self.find(&key, receipt.parties, now) else {
            if receipt.state.is_final() {
                let parties = receipt.parties.map(str::to_owned);
                let early = Early { parties, state: receipt.state };
                self.early.insert(key, early, now);
            }
            return None;
        };
        let account = self.submitted.get_mut(&*found, now)?;
        let delay = now.saturating_duration_since(account.since);
        let ends = receipt.state.is_final() && !account.is_closed;
        account.is_closed |= ends;
        let ended = account.part.message.clone().filter(|_| ends);
        if found != key || spelling == Spelling::Same {
            self.spelling = spelling;
        }
        Some(Met { delay, ended, state: receipt.state })
    }

    fn find(&mut self, key: &str, parties: [&str; 2], now: Instant) -> Option<(Spelling, String)> {
        self.spelling.and_others().into_iter().find_map(|spelling| {
            let found = spelling.of_response(key)?;
            let account = self.submitted.get_mut(&*found, now)?;
            may_be_about(&account.part.phone, parties).then_some((spelling, found))
        })
    }

    fn take_early(&mut self, key: &str, part: &Part, now: Instant) -> Option<State> {
        for spelling in self.spelling.and_others() {
            let Some(spelt) = spelling.of_receipt(key) else { continue };
            let Some(early) = self.early.get_mut(&*spelt, now) else { continue };
            if may_be_about(&part.phone, early.parties.each_ref().map(String::as_str)) {
                return self.early.remove(&*spelt, now).map(|early| early.state);
            }
        }
        None
    }
}

/// Whether a receipt between these two may be of a message to `phone`. Centres write numbers with and
/// without country code, `+` and `00`, so the end decides; a receipt without numbers is believed.
fn may_be_about(phone: &str, parties: [&str; 2]) -> bool {
    const SIGNIFICANT: usize = 6;
    let mut ends = parties.iter().filter_map(|party| {
        let end = party.get(party.len().checked_sub(SIGNIFICANT)?..)?;
        end.bytes().all(|byte| byte.is_ascii_digit()).then_some(end)
    });
    ends.clone().next().is_none() || ends.any(|end| phone.ends_with(end))
}

#[cfg(test)]
mod tests {
    use fiador_kernel::Digest;
    use proptest::prelude::*;

    use super::*;

    const PHONE: &str = "34600000001";

    fn part(phone: &str) -> Part {
        Part { phone: phone.into(), message: Some(Arc::new(Tracked::new(Digest::of("a"), 1))) }
    }

    fn receipt<'a>(message_id: &'a str, phone: &'a str) -> Receipted<'a> {
        Receipted { message_id, parties: [phone, "Bank"], state: State::Delivered }
    }

    /// Whether the receipt ended a part.
    fn ends(met: Option<Met>) -> bool {
        met.is_some_and(|met| met.ended.is_some())
    }

    fn matched(submitted: &str, receipted: &str) -> bool {
        let (mut ledger, now) = (Ledger::default(), Instant::now());
        assert!(ledger.submitted(submitted, part(PHONE), now).is_none());
        let met = ledger.receipted(&receipt(receipted, PHONE), now + Duration::from_secs(2));
        met.is_some_and(|met| met.delay == Duration::from_secs(2) && met.ended.is_some())
    }

    fn matched_early(submitted: &str, receipted: &str) -> bool {
        let (mut ledger, now) = (Ledger::default(), Instant::now());
        assert!(ledger.receipted(&receipt(receipted, PHONE), now).is_none());
        let met = ledger.submitted(submitted, part(PHONE), now);
        assert!(!ends(ledger.receipted(&receipt(receipted, PHONE), now)), "a repetition");
        ends(met)
    }

    #[test]
    fn an_id_is_found_in_hexadecimal_decimal_and_with_leading_zeros_early_and_late() {
        for (submitted, receipted) in [
            ("7b", "123"),
            ("0000007B", "0000000123"),
            ("123", "7B"),
            ("a1b2-c3", "A1B2-C3"),
            ("0", "000"),
        ] {
            assert!(matched(submitted, receipted), "{submitted} {receipted}");
            assert!(matched_early(submitted, receipted), "{submitted} {receipted}");
        }
        assert!(!matched("124", "123"));
        assert!(!matched_early("124", "123"));
    }

    #[test]
    fn a_repeated_receipt_ends_nothing_again_and_nobody_else() {
        let (mut ledger, now) = (Ledger::default(), Instant::now());
        ledger.submitted("10", part(PHONE), now);
        ledger.submitted("16", part(PHONE), now);
        assert!(ends(ledger.receipted(&receipt("16", PHONE), now)));
        // Read as decimal, 16 would be 0x10.
        assert!(!ends(ledger.receipted(&receipt("16", PHONE), now)));
        assert!(ends(ledger.receipted(&receipt("10", PHONE), now)));
    }

    #[test]
    fn what_fitted_last_is_tried_first() {
        let (mut ledger, now) = (Ledger::default(), Instant::now());
        ledger.submitted("7b", part(PHONE), now);
        assert!(ends(ledger.receipted(&receipt("123", PHONE), now)));
        ledger.submitted("10", part(PHONE), now);
        ledger.submitted("16", part(PHONE), now);
        assert!(ends(ledger.receipted(&receipt("16", PHONE), now)), "which is 0x10");
        assert!(ends(ledger.receipted(&receipt("22", PHONE), now)), "which is 0x16");
    }

    #[test]
    fn the_phone_tells_apart_what_ids_do_not() {
        let (mut ledger, now) = (Ledger::default(), Instant::now());
        ledger.submitted("10", part("34600000010"), now);
        ledger.submitted("16", part("34600000016"), now);
        assert!(ends(ledger.receipted(&receipt("16", "0034600000010"), now)));
        assert!(ledger.receipted(&receipt("16", "34699999999"), now).is_none());
        let not_turned = Receipted { parties: ["4455667", "+34600000016"], ..receipt("22", "") };
        assert!(ends(ledger.receipted(&not_turned, now)));
    }

    #[test]
    fn an_intermediate_receipt_leaves_the_account_open() {
        let (mut ledger, now) = (Ledger::default(), Instant::now());
        ledger.submitted("5", part(PHONE), now);
        let enroute = Receipted { state: State::Enroute, ..receipt("5", PHONE) };
        let met = ledger.receipted(&enroute, now).unwrap();
        assert!(met.ended.is_none());
        assert!(ends(ledger.receipted(&receipt("5", ""), now)));
    }

    #[test]
    fn an_early_receipt_is_not_kept_for_long() {
        let (mut ledger, now) = (Ledger::default(), Instant::now());
        ledger.receipted(&receipt("5", PHONE), now);
        assert!(ledger.submitted("5", part(PHONE), now + EARLY_LIFE).is_none());
    }

    #[test]
    fn ids_of_any_bytes_are_kept_apart() {
        let (mut ledger, now) = (Ledger::default(), Instant::now());
        ledger.submitted("ñandú", part(PHONE), now);
        assert!(!ends(ledger.receipted(&receipt("nandu", "ñññ"), now)));
        assert!(ends(ledger.receipted(&receipt("ñandú", PHONE), now)));
    }

    /// Events of `count` messages in any order: each is submitted once, and receipted twice.
    fn events(count: usize) -> impl Strategy<Value = Vec<(usize, bool)>> {
        let once = (0..count).map(|message| (message, true));
        let twice = (0..2 * count).map(|receipt| (receipt / 2, false));
        Just(once.chain(twice).collect::<Vec<_>>()).prop_shuffle()
    }

    proptest! {
        /// Ids that follow each other, in hexadecimal here and in decimal there, are the worst: one
        /// message's id is another's in the other spelling.
        #[test]
        fn every_message_ends_once_in_any_order_of_submits_and_receipts(
            first in 1_u64..2_000,
            events in events(20),
            spelling in 0_usize..3,
        ) {
            let (mut ledger, now) = (Ledger::default(), Instant::now());
            let messages: Vec<_> = (0..20)
                .map(|at| Arc::new(Tracked::new(Digest::of([at]), 1)))
                .collect();
            let mut ended = [0; 20];
            for (at, is_submit) in events {
                let id = first + at as u64;
                let (decimal, hexadecimal) = (id.to_string(), format!("{id:04X}"));
                let (submitted, receipted) = match spelling {
                    0 => (&decimal, &decimal),
                    1 => (&hexadecimal, &decimal),
                    _ => (&decimal, &hexadecimal),
                };
                let phone = format!("346{at:08}");
                let met = if is_submit {
                    let message = Some(Arc::clone(&messages[at]));
                    ledger.submitted(submitted, Part { phone: (*phone).into(), message }, now)
                } else {
                    ledger.receipted(&receipt(receipted, &phone), now)
                };
                if let Some(message) = met.and_then(|met| met.ended) {
                    prop_assert!(Arc::ptr_eq(&message, &messages[at]), "another message's receipt");
                    ended[at] += 1;
                }
            }
            prop_assert_eq!(ended, [1; 20]);
        }
    }
}
