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

    /// Whether no request waits for it: it gets a transaction of its own, and its caller is
    /// patient.
    const UPKEEP: bool = false;

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
    fn is_upkeep(&self) -> bool;
    async fn apply(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Failure>;
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

#[async_trait]
impl<W: Work> AnyItem for Item<W> {
    fn is_upkeep(&self) -> bool {
        W::UPKEEP
    }

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
    /// See [`Work::UPKEEP`].
    pub(crate) fn is_upkeep(&self) -> bool {
        matches!(self, Self::Other(item) if item.is_upkeep())
    }

    /// Whether it would only spend what nobody gets any more: the caller hung up. A wrong guess, an
    /// end or a log entry counts whoever hears of it.
    pub(crate) fn is_pointless(&self) -> bool {
        match self {
            Self::Budget(budget) => budget.is_reservation() && budget.slot.is_abandoned(),
            Self::Redeem(redeem) => redeem.slot.is_abandoned(),
            Self::Other(_) => false,
        }
    }

    /// Tells the caller.
    pub(crate) fn answer(self, committed: Result<(), StoreError>) {
        match self {
            Self::Budget(budget) => budget.slot.answer(committed),
            Self::Redeem(redeem) => redeem.slot.answer(committed),
            Self::Other(item) => item.answer(committed),
        }
    }
}
