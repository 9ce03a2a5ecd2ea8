//! Wrong codes of one subscription, over all journeys and nodes (T-103).

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::quota::Limit;
use fiador_kernel::{Digest, SubscriberId, Timestamp};
use fiador_ports::{Budgets, LockOuts, Reservation, Spend, StoreError};

use crate::Sms;

/// Counts failures durably and says when they lock.
pub(crate) struct LockOut {
    budgets: Arc<dyn Budgets>,
    limits: Vec<Limit>,
}

/// How a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// No failure is remembered.
    Clean,
    /// Failures are remembered, too few to lock.
    Failures,
    /// Locked for so long.
    Locked(Duration),
}

impl LockOut {
    pub(crate) fn new(budgets: Arc<dyn Budgets>, limits: Vec<Limit>) -> Self {
        Self { budgets, limits }
    }

    /// Reads only. The usual case, no failure at all, costs one look-up and tells that there is
    /// nothing to clear later either.
    pub(crate) async fn standing(
        &self,
        subject: Digest,
        now: Timestamp,
    ) -> Result<Standing, StoreError> {
        let longest = self.limits.iter().map(|limit| limit.window).max().unwrap_or_default();
        let any = Spend { key: key(subject), limits: vec![Limit { count: 1, window: longest }] };
        if self.budgets.check(&any, now).await? == Reservation::Granted {
            return Ok(Standing::Clean);
        }
        Ok(match self.budgets.check(&self.spend(subject), now).await? {
            Reservation::Granted => Standing::Failures,
            Reservation::Refused { exhausted, .. } => Standing::Locked(exhausted.retry_after),
        })
    }

    /// One more wrong code. Durable before it returns.
    pub(crate) async fn record(&self, subject: Digest, now: Timestamp) -> Result<(), StoreError> {
        self.budgets.record(self.spend(subject), now).await
    }

    /// The subscriber has succeeded.
    pub(crate) async fn clear(&self, subject: Digest) -> Result<(), StoreError> {
        self.budgets.clear(&key(subject)).await
    }

    fn spend(&self, subject: Digest) -> Spend {
        Spend { key: key(subject), limits: self.limits.clone() }
    }
}

#[async_trait]
impl LockOuts for Sms {
    async fn locked_for(
        &self,
        subscriber: &SubscriberId,
        now: Timestamp,
    ) -> Result<Option<Duration>, StoreError> {
        let Some(found) = self.ports.subscribers.lookup(subscriber).await? else {
            return Ok(None);
        };
        Ok(match self.lock_out.standing(found.msisdn_index, now).await? {
            Standing::Locked(remaining) => Some(remaining),
            Standing::Clean | Standing::Failures => None,
        })
    }
}

fn key(subject: Digest) -> String {
    format!("failures_subscription:{}", subject.to_hex())
}
