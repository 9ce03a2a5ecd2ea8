//! One transaction over a batch of writes.

use fiador_kernel::Timestamp;

use super::operation::Operation;
use crate::{
    connection::Connection,
    epoch_snapshot::Bumps,
    failure::Failure,
    shared::Shared,
    tables::{
        budgets::{
            self,
            cache::{BudgetCache, BudgetChanges},
        },
        epochs::EpochKey,
        redemption,
    },
};

/// What works inside a transaction may use.
pub(crate) struct Transaction<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) shared: &'a Shared,
    pub(crate) budget_cache: &'a BudgetCache,
    /// Becomes visible to readers of memory after the commit, together.
    pub(crate) changes: Changes,
}

/// What memory has to learn once the commit is durable.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) bumps: Bumps,
    pub(crate) forgotten: Vec<EpochKey>,
    pub(crate) budgets: BudgetChanges,
    pub(crate) clock: Option<Timestamp>,
}

impl Transaction<'_> {
    /// Does the whole batch. Returns whether anything is to be committed.
    ///
    /// The two writes of every login lock rows in one order on all nodes: budgets, pseudonyms,
    /// spent codes, epochs, and inside each by key. All others come after them as they arrived, so
    /// that nodes may meet crosswise; the one that gives up first tries again.
    pub(crate) async fn apply(&mut self, batch: &mut [Operation]) -> Result<bool, Failure> {
        let mut uses = Vec::new();
        let mut redemptions = Vec::new();
        let mut others = Vec::new();
        for operation in batch {
            match operation {
                Operation::Budget(budget) => uses.push(budget),
                Operation::Redeem(redeem) => redemptions.push(&mut **redeem),
                Operation::Other(item) => others.push(item),
            }
        }
        let mut wrote = !redemptions.is_empty() || !others.is_empty();
        wrote |= budgets::apply(self, uses).await?;
        redemption::apply(self, redemptions).await?;
        for item in others {
            item.apply(self).await?;
        }
        if wrote {
            self.changes.clock = self.shared.clock.raise(self.connection).await?;
        }
        Ok(wrote)
    }
}
