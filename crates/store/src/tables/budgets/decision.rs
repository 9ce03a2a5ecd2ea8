//! What a batch does to its budgets, decided in memory.

use std::{collections::HashMap, time::Duration};

use fiador_domain::quota::{Limit, Usage};
use fiador_kernel::Timestamp;
use fiador_ports::{Reservation, Spend};

use super::cache::BudgetChanges;

/// Expiry is rounded up to this, so that most uses leave the index of `expires_at` alone.
const EXPIRY_STEP: i64 = 3_600 * 1_000_000;

/// One use of budgets.
pub(super) enum Use {
    Reserve {
        spends: Vec<Spend>,
        now: Timestamp,
    },
    Record {
        spend: Spend,
        now: Timestamp,
    },
    /// An emptied budget says the same as no row, and the reaper takes it.
    Clear {
        key: String,
    },
}

impl Use {
    /// The budgets it names.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let (spends, one) = match self {
            Self::Reserve { spends, .. } => (spends.as_slice(), None),
            Self::Record { spend, .. } => (std::slice::from_ref(spend), None),
            Self::Clear { key } => (&[][..], Some(key.as_str())),
        };
        spends.iter().map(|spend| spend.key.as_str()).chain(one)
    }
}

/// A budget as read, and whether the batch changed it.
#[derive(Clone, Default)]
pub(super) struct Entry {
    usage: Usage,
    expires_at: i64,
    changed: bool,
}

/// The budgets of a batch.
#[derive(Default)]
pub(super) struct Loaded(pub(super) HashMap<String, Entry>);

impl Loaded {
    /// What a caller hears after the commit.
    pub(super) fn decide(&mut self, what: &Use) -> Reservation {
        match what {
            Use::Reserve { spends, now } => return self.reserve(spends, *now),
            Use::Record { spend, now } => self.record(spend, *now),
            Use::Clear { key } => self.clear(key),
        }
        Reservation::Granted
    }

    /// Rows that say no more than no row would.
    pub(super) fn unused(&self) -> Vec<String> {
        let mut unused: Vec<String> = self
            .0
            .iter()
            .filter(|(_, entry)| !entry.changed && entry.usage == Usage::default())
            .map(|(key, _)| key.clone())
            .collect();
        unused.sort_unstable();
        unused
    }

    /// What changed, in the order of keys, in which all nodes lock rows.
    pub(super) fn into_changes(self) -> BudgetChanges {
        let mut changes: BudgetChanges = self
            .0
            .into_iter()
            .filter(|(_, entry)| entry.changed)
            .map(|(key, entry)| (key, entry.usage, entry.expires_at))
            .collect();
        changes.sort_by(|a, b| a.0.cmp(&b.0));
        changes
    }

    /// All or none: what was counted before the refusal is taken back.
    fn reserve(&mut self, spends: &[Spend], now: Timestamp) -> Reservation {
        let mut before = Vec::with_capacity(spends.len());
        for (index, spend) in spends.iter().enumerate() {
            let entry = self.0.entry(spend.key.clone()).or_default();
            before.push((spend.key.as_str(), entry.clone()));
            if let Err(exhausted) = entry.usage.admit(&spend.limits, now) {
                for (key, entry) in before.into_iter().rev() {
                    self.0.insert(key.to_owned(), entry);
                }
                return Reservation::Refused { index, exhausted };
            }
            entry.used(&spend.limits);
        }
        Reservation::Granted
    }

    fn record(&mut self, spend: &Spend, now: Timestamp) {
        let entry = self.0.entry(spend.key.clone()).or_default();
        entry.usage.record(&spend.limits, now);
        entry.used(&spend.limits);
    }

    fn clear(&mut self, key: &str) {
        let entry = self.0.entry(key.to_owned()).or_default();
        entry.usage = Usage::default();
        entry.changed = true;
    }
}

impl Entry {
    /// As read.
    pub(super) fn read(usage: Usage, expires_at: i64) -> Self {
        Self { usage, expires_at, changed: false }
    }

    fn used(&mut self, limits: &[Limit]) {
        let forgettable = self.usage.forgettable_at(limits).as_micros();
        self.expires_at = self.expires_at.max(round_up(forgettable));
        self.changed = true;
    }
}

/// When the reaper may take a budget that nobody used.
pub(super) fn unused_expires_at(now: Timestamp) -> i64 {
    round_up((now + Duration::from_mins(1)).as_micros())
}

fn round_up(micros: i64) -> i64 {
    micros.div_euclid(EXPIRY_STEP).saturating_add(1).saturating_mul(EXPIRY_STEP)
}
