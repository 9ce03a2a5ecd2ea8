//! What waits for the next commit.

use async_trait::async_trait;
use fiador_ports::StoreError;

use super::{slot::Slot, transaction::Transaction};
use crate::{failure::Failure, tables::budgets::BudgetUse, tables::redemption::Redeem};

/// One write. It is kept until its commit, so that it can be done again after a conflict.
#[async_trait]
pub(crate) trait Work: Send + Sync + 'static {
    /// What the caller hears after the commit.
    type Outcome: Send + 'static;

    /// Writes inside the transaction. A failure undoes the whole transaction.
    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<Self::Outcome, Failure>;
}

/// A write in the queue. The two that every login makes are done for all callers of a batch
/// together, with few statements; all others one after the other.
pub(crate) enum Operation {
    /// A budget.
    Budget(BudgetUse),
    /// An exchange of a code.
    Redeem(Box<Redeem>),
    /// Anything else.
    Other(Box<dyn AnyItem>),
}

/// A [`Work`] and its caller.
pub(crate) struct Item<W: Work> {
    pub(crate) work: W,
    pub(crate) slot: Slot<W::Outcome>,
}

/// Any [`Item`].
#[async_trait]
pub(crate) trait AnyItem: Send {
    async fn apply(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Failure>;
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

#[async_trait]
impl<W: Work> AnyItem for Item<W> {
    async fn apply(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        let outcome = self.work.apply(transaction).await?;
        self.slot.fill(Ok(outcome));
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        self.slot.answer(committed);
    }
}

impl Operation {
    /// Tells the caller.
    pub(crate) fn answer(self, committed: Result<(), StoreError>) {
        match self {
            Self::Budget(budget) => budget.slot.answer(committed),
            Self::Redeem(redeem) => redeem.slot.answer(committed),
            Self::Other(item) => item.answer(committed),
        }
    }
}
