//! Port `Budgets`: what was used of budgets, and failure counts.
//!
//! A batch reads all its budgets by one statement, decides in memory in the order of arrival, and
//! writes what changed by another. The reading statement is an insert that changes nothing where a
//! row exists: it locks the rows, so that nodes cannot both see room for one (T-103), and makes
//! the missing ones, which a lock could not hold otherwise.

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use fiador_domain::quota::{Limit, Usage};
use fiador_kernel::Timestamp;
use fiador_ports::{Budgets, Reservation, Spend, StoreError};

use crate::{
    Store,
    connection::{Connection, execute, on},
    failure::Failure,
    pool::read,
    sql::statements,
    writer::{heard, operation::Operation, slot::Slot, transaction::Transaction},
};

statements! {
    const FIND = "SELECT used FROM budgets WHERE budget = $1";
    rows ADD_OR_LOCK = "INSERT INTO budgets (budget, used, expires_at) VALUES", 3,
        "ON CONFLICT (budget) DO UPDATE SET used = budgets.used \
         RETURNING budget, used, expires_at";
    rows WRITE = "INSERT INTO budgets (budget, used, expires_at) VALUES", 3,
        "ON CONFLICT (budget) DO UPDATE SET used = excluded.used, \
         expires_at = excluded.expires_at";
}

/// Expiry is rounded up to this, so that most uses leave the index of `expires_at` alone.
const EXPIRY_STEP: i64 = 3_600 * 1_000_000;

/// Budgets kept in memory by a node that is alone; beyond it all are forgotten at once, which
/// costs a statement and nothing else (T-260).
const CACHED: usize = 8_192;

#[async_trait]
impl Budgets for Store {
    async fn reserve(&self, spends: Vec<Spend>, now: Timestamp) -> Result<Reservation, StoreError> {
        self.use_budget(Use::Reserve { spends, now }).await
    }

    async fn record(&self, spend: Spend, now: Timestamp) -> Result<(), StoreError> {
        self.use_budget(Use::Record { spend, now }).await.map(|_| ())
    }

    async fn check(&self, spend: &Spend, now: Timestamp) -> Result<Reservation, StoreError> {
        self.now()?;
        let row: Option<(String,)> = read!(&self.readers, c => {
            sqlx::query_as(FIND).bind(spend.key.as_str()).fetch_optional(c)
        })?;
        let usage = row.map_or_else(|| Ok(Usage::default()), |(used,)| parse(&used))?;
        Ok(match usage.check(&spend.limits, now) {
            Ok(()) => Reservation::Granted,
            Err(exhausted) => Reservation::Refused { index: 0, exhausted },
        })
    }

    async fn clear(&self, key: &str) -> Result<(), StoreError> {
        self.use_budget(Use::Clear { key: key.to_owned() }).await.map(|_| ())
    }
}

impl Store {
    async fn use_budget(&self, what: Use) -> Result<Reservation, StoreError> {
        self.now()?;
        let (slot, answer) = Slot::new();
        self.writer.put(Operation::Budget(BudgetUse { what, slot }))?;
        heard(answer).await
    }
}

/// One use of budgets in the queue.
pub(crate) struct BudgetUse {
    what: Use,
    pub(crate) slot: Slot<Reservation>,
}

enum Use {
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
    fn keys(&self) -> impl Iterator<Item = &str> {
        let (spends, one) = match self {
            Self::Reserve { spends, .. } => (spends.as_slice(), None),
            Self::Record { spend, .. } => (std::slice::from_ref(spend), None),
            Self::Clear { key } => (&[][..], Some(key.as_str())),
        };
        spends.iter().map(|spend| spend.key.as_str()).chain(one)
    }
}

/// Uses the budgets of a batch.
pub(crate) async fn apply(
    transaction: &mut Transaction<'_>,
    uses: Vec<&mut BudgetUse>,
) -> Result<(), Failure> {
    if uses.is_empty() {
        return Ok(());
    }
    let mut budgets = load(transaction, &uses).await?;
    for BudgetUse { what, slot } in uses {
        let outcome = match what {
            Use::Reserve { spends, now } => budgets.reserve(spends, *now),
            Use::Record { spend, now } => {
                budgets.record(spend, *now);
                Reservation::Granted
            }
            Use::Clear { key } => {
                budgets.clear(key);
                Reservation::Granted
            }
        };
        slot.fill(Ok(outcome));
    }
    let changes = budgets.into_changes();
    write(transaction.connection, &changes).await?;
    transaction.changes.budgets = changes;
    Ok(())
}

/// A budget as read, and whether the batch changed it.
#[derive(Clone, Default)]
struct Entry {
    usage: Usage,
    expires_at: i64,
    changed: bool,
}

/// The budgets of a batch.
struct Loaded(HashMap<String, Entry>);

impl Loaded {
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

    fn into_changes(self) -> BudgetChanges {
        let mut changes: BudgetChanges = self
            .0
            .into_iter()
            .filter(|(_, entry)| entry.changed)
            .map(|(key, entry)| (key, entry.usage, entry.expires_at))
            .collect();
        changes.sort_by(|a, b| a.0.cmp(&b.0));
        changes
    }
}

impl Entry {
    fn used(&mut self, limits: &[Limit]) {
        let forgettable = self.usage.forgettable_at(limits).as_micros();
        self.expires_at = self.expires_at.max(round_up(forgettable));
        self.changed = true;
    }
}

/// Budgets after a batch: key, usage, expiry; by key.
pub(crate) type BudgetChanges = Vec<(String, Usage, i64)>;

/// What this process knows of budgets while it alone changes them.
pub(crate) struct BudgetCache {
    allowed: bool,
    known: HashMap<String, (Usage, i64)>,
}

impl BudgetCache {
    pub(crate) fn new(allowed: bool) -> Self {
        Self { allowed, known: HashMap::new() }
    }

    /// These changes are durable now.
    pub(crate) fn apply(&mut self, changes: BudgetChanges) {
        if !self.allowed {
            return;
        }
        if self.known.len() + changes.len() > CACHED {
            self.known.clear();
        }
        self.known.extend(changes.into_iter().map(|(key, usage, at)| (key, (usage, at))));
    }

    /// Memory no longer speaks for the database.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }
}

/// Every budget that the batch names: from memory or, locked until the commit, from the database.
async fn load(
    transaction: &mut Transaction<'_>,
    uses: &[&mut BudgetUse],
) -> Result<Loaded, Failure> {
    let mut keys: Vec<&str> = uses.iter().flat_map(|budget| budget.what.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut loaded = HashMap::with_capacity(keys.len());
    let mut absent = Vec::new();
    for key in keys {
        match transaction.budget_cache.known.get(key) {
            Some((usage, expires_at)) => {
                let (usage, expires_at) = (usage.clone(), *expires_at);
                loaded.insert(key.to_owned(), Entry { usage, expires_at, changed: false });
            }
            None => absent.push(key),
        }
    }
    let now = transaction.shared.clock.now().map_err(|_| Failure::ClockBehind)?;
    let empty_expires_at = round_up((now + Duration::from_mins(1)).as_micros());
    let empty = serde_json::to_string(&Usage::default()).map_err(|_| Failure::Item)?;
    for (text, piece) in ADD_OR_LOCK.exact(&absent) {
        let rows: Vec<(String, String, i64)> = on!(&mut *transaction.connection, c => {
            let query = piece.iter().fold(sqlx::query_as(text), |query, key| {
                query.bind(*key).bind(empty.as_str()).bind(empty_expires_at)
            });
            query.fetch_all(c).await
        })?;
        for (key, used, expires_at) in rows {
            let usage = parse(&used).map_err(|_| Failure::Item)?;
            loaded.insert(key, Entry { usage, expires_at, changed: false });
        }
    }
    Ok(Loaded(loaded))
}

async fn write(connection: &mut Connection, changes: &BudgetChanges) -> Result<(), Failure> {
    for (text, piece) in WRITE.exact(changes) {
        let mut rows = Vec::with_capacity(piece.len());
        for (key, usage, expires_at) in piece {
            let used = serde_json::to_string(usage).map_err(|_| Failure::Item)?;
            rows.push((key.as_str(), used, *expires_at));
        }
        execute!(
            connection,
            rows.iter().fold(sqlx::query(text), |query, (key, used, expires_at)| {
                query.bind(*key).bind(used.as_str()).bind(*expires_at)
            })
        )?;
    }
    Ok(())
}

fn parse(used: &str) -> Result<Usage, StoreError> {
    serde_json::from_str(used).map_err(|_| StoreError::Corrupt)
}

fn round_up(micros: i64) -> i64 {
    micros.div_euclid(EXPIRY_STEP).saturating_add(1).saturating_mul(EXPIRY_STEP)
}
