//! Port `Budgets`: what was used of budgets, and failure counts.
//!
//! A batch reads all its budgets by one statement, decides in memory in the order of arrival, and
//! writes what changed by another. In a cluster the reading statement is an insert that changes
//! nothing where a row exists: it locks the rows, so that nodes cannot both see room for one
//! (T-103), and makes the missing ones, which a lock could not hold otherwise; those that stayed
//! empty are taken away again before the commit. A node that is alone just reads.

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
    connection::Connection,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Operation, slot::Slot, transaction::Transaction},
};

statements! {
    const FIND = "SELECT used FROM budgets WHERE budget = $1";
    rows FIND_ALL = "SELECT budget, used, expires_at FROM budgets WHERE budget IN (VALUES", 1, ")";
    rows FORGET = "DELETE FROM budgets WHERE budget IN (VALUES", 1, ")";
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
        let row: Option<(String,)> = self.readers.optional(&query(FIND).bind(key)).await?;
        row.map(|(used,)| parse(&used)).transpose()
    }

    async fn use_budget(&self, what: Use) -> Result<Reservation, StoreError> {
        self.now()?;
        let (slot, answer) = Slot::new();
        self.writer.put(Operation::Budget(BudgetUse { what, slot }))?;
        self.writer.heard(answer).await
    }
}

/// One use of budgets in the queue.
pub(crate) struct BudgetUse {
    what: Use,
    pub(crate) slot: Slot<Reservation>,
}

impl BudgetUse {
    /// Whether it is for something that is yet to be done.
    pub(crate) const fn is_reservation(&self) -> bool {
        matches!(self.what, Use::Reserve { .. })
    }
}

/// Uses the budgets of a batch. Returns whether any changed: a batch of refusals leaves nothing to
/// commit.
pub(crate) async fn apply(
    transaction: &mut Transaction<'_>,
    uses: Vec<&mut BudgetUse>,
) -> Result<bool, Failure> {
    if uses.is_empty() {
        return Ok(false);
    }
    let mut budgets = load(transaction, &uses).await?;
    for BudgetUse { what, slot } in uses {
        slot.fill(Ok(budgets.decide(what)));
    }
    let unused = if transaction.shared.alone { Vec::new() } else { budgets.unused() };
    let changes = budgets.into_changes();
    if changes.is_empty() {
        return Ok(false);
    }
    write(transaction.connection, &changes).await?;
    forget(transaction.connection, &unused).await?;
    transaction.changes.budgets = changes;
    Ok(true)
}

/// Every budget that the batch names: from memory or, locked until the commit where other nodes
/// might use it, from the database.
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
    let rows = if transaction.shared.alone {
        read_rows(transaction.connection, &absent).await?
    } else {
        let now = transaction.shared.clock.now().map_err(Failure::Clock)?;
        lock_rows(transaction.connection, &absent, unused_expires_at(now)).await?
    };
    for (key, used, expires_at) in rows {
        let usage = parse(&used).map_err(|_| Failure::Item)?;
        loaded.0.insert(key, Entry::read(usage, expires_at));
    }
    Ok(loaded)
}

/// Budget, usage, expiry.
type Row = (String, String, i64);

async fn read_rows(connection: &mut Connection, keys: &[&str]) -> Result<Vec<Row>, Failure> {
    let mut found = Vec::new();
    for (text, piece) in FIND_ALL.filled(keys) {
        let rows: Vec<Row> =
            connection.all(&piece.fold(query(text), |query, key| query.bind(*key))).await?;
        found.extend(rows);
    }
    Ok(found)
}

async fn lock_rows(
    connection: &mut Connection,
    keys: &[&str],
    unused_expires_at: i64,
) -> Result<Vec<Row>, Failure> {
    let empty = serde_json::to_string(&Usage::default()).map_err(|_| Failure::Item)?;
    let mut locked = Vec::new();
    for (text, piece) in ADD_OR_LOCK.exact(keys) {
        let rows: Vec<Row> = connection
            .all(&piece.iter().fold(query(text), |query, key| {
                query.bind(*key).bind(empty.as_str()).bind(unused_expires_at)
            }))
            .await?;
        locked.extend(rows);
    }
    Ok(locked)
}

async fn forget(connection: &mut Connection, unused: &[String]) -> Result<(), Failure> {
    for (text, piece) in FORGET.filled(unused) {
        connection.execute(&piece.fold(query(text), |query, key| query.bind(key.as_str()))).await?;
    }
    Ok(())
}

async fn write(connection: &mut Connection, changes: &BudgetChanges) -> Result<(), Failure> {
    for (text, piece) in WRITE.exact(changes) {
        let mut rows = Vec::with_capacity(piece.len());
        for (key, usage, expires_at) in piece {
            let used = serde_json::to_string(usage).map_err(|_| Failure::Item)?;
            rows.push((key.as_str(), used, *expires_at));
        }
        connection
            .execute(&rows.iter().fold(query(text), |query, (key, used, expires_at)| {
                query.bind(*key).bind(used.as_str()).bind(*expires_at)
            }))
            .await?;
    }
    Ok(())
}

fn parse(used: &str) -> Result<Usage, StoreError> {
    serde_json::from_str(used).map_err(|_| StoreError::Corrupt)
}
