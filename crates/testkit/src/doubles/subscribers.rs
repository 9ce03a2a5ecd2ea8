//! The operator's subscriptions, as many as a test needs.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use fiador_domain::subscriber::{Subscriber, SubscriberStatus};
use fiador_kernel::{Digest, Msisdn, SubscriberId};
use fiador_ports::{NewSubscriber, StoreError, Subscribers, Vault as _};
use parking_lot::{Mutex, MutexGuard};

use super::OpenVault;

/// Subscriptions in memory, in a database that can be taken away.
#[derive(Debug, Default)]
pub struct MemorySubscribers {
    rows: Mutex<HashMap<SubscriberId, Subscriber>>,
    is_down: AtomicBool,
}

/// An active subscription of `number`, sealed by [`OpenVault`], without authenticators or
/// attributes.
pub fn active_subscriber(id: SubscriberId, number: &Msisdn) -> Subscriber {
    Subscriber {
        id,
        msisdn_index: OpenVault.msisdn_index(number),
        msisdn_sealed: OpenVault.seal_msisdn(number),
        status: SubscriberStatus::Active,
        authenticators: Vec::new(),
        attributes_sealed: Vec::new(),
    }
}

impl MemorySubscribers {
    /// These and no others.
    pub fn of(rows: impl IntoIterator<Item = Subscriber>) -> Self {
        let rows = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
        Self { rows: Mutex::new(rows), is_down: AtomicBool::new(false) }
    }

    /// Writes one down, over the one with the same id.
    pub fn put(&self, subscriber: Subscriber) {
        self.rows.lock().insert(subscriber.id.clone(), subscriber);
    }

    /// The rows themselves. Do not hold them over a question.
    pub fn rows(&self) -> MutexGuard<'_, HashMap<SubscriberId, Subscriber>> {
        self.rows.lock()
    }

    /// Takes the database away.
    pub fn take_down(&self) {
        self.is_down.store(true, Ordering::SeqCst);
    }

    fn reach(&self) -> Result<MutexGuard<'_, HashMap<SubscriberId, Subscriber>>, StoreError> {
        if self.is_down.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable);
        }
        Ok(self.rows.lock())
    }
}

#[async_trait]
impl Subscribers for MemorySubscribers {
    async fn find_by_msisdn(&self, index: Digest) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.reach()?.values().find(|row| row.msisdn_index == index).cloned())
    }

    async fn lookup(&self, id: &SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.reach()?.get(id).cloned())
    }

    async fn add(&self, new: NewSubscriber) -> Result<bool, StoreError> {
        let mut rows = self.reach()?;
        if rows.values().any(|row| row.msisdn_index == new.msisdn_index && row.id != new.id) {
            return Ok(false);
        }
        rows.insert(new.id.clone(), new);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_number_has_one_subscription_and_a_database_that_is_gone_says_so() {
        let number = Msisdn::from_digits("447700900907").unwrap();
        let named = |id| active_subscriber(SubscriberId::new(id).unwrap(), &number);
        let subscribers = MemorySubscribers::of([named("ann")]);
        assert_eq!(subscribers.add(named("ben")).await, Ok(false), "the number is taken");
        assert_eq!(subscribers.add(named("ann")).await, Ok(true));
        let found = subscribers.find_by_msisdn(OpenVault.msisdn_index(&number)).await.unwrap();
        assert_eq!(found.map(|row| row.id), Some(named("ann").id));
        subscribers.take_down();
        let gone = subscribers.lookup(&named("ann").id).await.unwrap_err();
        assert_eq!(gone, StoreError::Unavailable);
    }
}
