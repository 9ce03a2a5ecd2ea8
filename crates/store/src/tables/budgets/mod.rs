//! Port `Budgets`: what was used of budgets, and failure counts.
//!
//! A batch reads all its budgets by one statement, decides in memory in the order of arrival, and
//! writes what changed by another. The reading statement is an insert that changes nothing where a
//! row exists: it locks the rows, so that nodes cannot both see room for one (T-103), and makes
//! the missing ones, which a lock could not hold otherwise.

pub(crate) mod cache;
mod decision;

use async_trait::async_trait;
use fiador_domain::quota::Usage;
use fiador_kernel::Timestamp;
use fiador_ports::{Budgets, Reservation, Spend, StoreError};

use self::{
    cache::BudgetChanges,
    decision::{Entry, Loaded, Use, unused_expires_at},
};
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
        let usage = self.find_usage(&spend.key).await?.unwrap_or_default();
        Ok(match usage.check(&spend.limits, now) {
            Ok(()) => Reservation::Granted,
            Err(exhausted) => Reservation::Refused { index: 0, exhausted },
        })
    }

    /// Looks before it writes: a login that was not preceded by failures has nothing to clear, and
    /// a commit for it would be one too many.
    async fn clear(&self, key: &str) -> Result<(), StoreError> {
        self.now()?;
        if self.find_usage(key).await?.is_none_or(|usage| usage == Usage::default()) {
            return Ok(());
        }
        self.use_budget(Use::Clear { key: key.to_owned() }).await.map(|_| ())
    }
}

impl Store {
    async fn find_usage(&self, key: &str) -> Result<Option<Usage>, StoreError> {
        let row: Option<(String,)> = read!(&self.readers, c => {
            sqlx::query_as(FIND).bind(key).fetch_optional(c)
        })?;
        row.map(|(used,)| parse(&used)).transpose()
    }

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
        slot.fill(Ok(budgets.decide(what)));
    }
    let changes = budgets.into_changes();
    write(transaction.connection, &changes).await?;
    transaction.changes.budgets = changes;
    Ok(())
}

/// Every budget that the batch names: from memory or, locked until the commit, from the database.
async fn load(
    transaction: &mut Transaction<'_>,
    uses: &[&mut BudgetUse],
) -> Result<Loaded, Failure> {
    let mut keys: Vec<&str> = uses.iter().flat_map(|budget| budget.what.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut loaded = Loaded::default();
    let mut absent = Vec::new();
    for key in keys {
        match transaction.budget_cache.find(key) {
            Some((usage, expires_at)) => {
                loaded.0.insert(key.to_owned(), Entry::read(usage, expires_at));
            }
            None => absent.push(key),
        }
    }
    let now = transaction.shared.clock.now().map_err(|_| Failure::ClockBehind)?;
    let expires_at = unused_expires_at(now);
    let empty = serde_json::to_string(&Usage::default()).map_err(|_| Failure::Item)?;
    for (text, piece) in ADD_OR_LOCK.exact(&absent) {
        let rows: Vec<(String, String, i64)> = on!(&mut *transaction.connection, c => {
            let query = piece.iter().fold(sqlx::query_as(text), |query, key| {
                query.bind(*key).bind(empty.as_str()).bind(expires_at)
            });
            query.fetch_all(c).await
        })?;
        for (key, used, expires_at) in rows {
            let usage = parse(&used).map_err(|_| Failure::Item)?;
            loaded.0.insert(key, Entry::read(usage, expires_at));
        }
    }
    Ok(loaded)
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
