//! What routing stands on, in memory.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use fiador_domain::{
    audit::AuditEvent,
    journey::Journey,
    prompting::Ledger,
    quota::Usage,
    risk::RiskSignals,
    routing::Policy,
    subscriber::{Attributes, Subscriber, SubscriberStatus},
};
use fiador_kernel::{Digest, JourneyId, Msisdn, SubscriberId, Timestamp};
use fiador_ports::{
    AuditLog, Budgets, DataError, JourneyStoreError, Journeys, NewSubscriber, PromptLedgers,
    Referred, Reservation, RiskSource, RoutingPolicy, RoutingRecord, RoutingRecords, Spend,
    StoreError, Subscribers, Vault, Versioned, VersionedLedger,
};
use parking_lot::Mutex;

/// A database that can fail.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) is_down: AtomicBool,
    /// So many uses from now on fail.
    pub(crate) fails: AtomicU64,
    /// Of the ledgers alone.
    pub(crate) loses_ledgers: AtomicBool,
    /// Of the budgets alone.
    pub(crate) loses_budgets: AtomicBool,
    /// The audit log takes nothing more.
    pub(crate) audit_is_full: AtomicBool,
    journeys: Mutex<HashMap<Digest, Versioned>>,
    ledgers: Mutex<HashMap<Digest, VersionedLedger>>,
    budgets: Mutex<HashMap<String, Usage>>,
    versions: AtomicU64,
    pub(crate) audit: Mutex<Vec<AuditEvent>>,
    pub(crate) records: Mutex<Vec<RoutingRecord>>,
}

impl Kept {
    /// Others run between any two uses of a database.
    async fn reach(&self) -> Result<(), StoreError> {
        tokio::task::yield_now().await;
        let fails =
            self.fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        let is_down = fails.is_ok() || self.is_down.load(Ordering::SeqCst);
        if is_down { Err(StoreError::Unavailable) } else { Ok(()) }
    }

    async fn reach_budgets(&self) -> Result<(), StoreError> {
        self.reach().await?;
        let lost = self.loses_budgets.load(Ordering::SeqCst);
        if lost { Err(StoreError::Unavailable) } else { Ok(()) }
    }

    pub(crate) fn journey(&self, handle: Digest) -> Journey {
        self.journeys.lock()[&handle].journey.clone()
    }

    /// What is not durable is gone.
    pub(crate) fn restart(&self) {
        self.journeys.lock().clear();
        self.ledgers.lock().clear();
    }

    pub(crate) fn version(&self, handle: Digest) -> u64 {
        self.journeys.lock()[&handle].version
    }
}

#[async_trait]
impl Journeys for Kept {
    async fn open(&self, handle: Digest, journey: Journey) -> Result<(), JourneyStoreError> {
        self.reach().await?;
        self.journeys.lock().insert(handle, Versioned { version: 0, journey });
        Ok(())
    }

    async fn read(&self, handle: Digest, now: Timestamp) -> Result<Option<Versioned>, StoreError> {
        self.reach().await?;
        let found = self.journeys.lock().get(&handle).cloned();
        Ok(found.filter(|found| !found.journey.is_expired(now)))
    }

    async fn replace(
        &self,
        handle: Digest,
        version: u64,
        journey: Journey,
    ) -> Result<bool, StoreError> {
        self.reach().await?;
        let mut journeys = self.journeys.lock();
        let Some(kept) = journeys.get_mut(&handle).filter(|kept| kept.version == version) else {
            return Ok(false);
        };
        *kept = Versioned { version: version + 1, journey };
        Ok(true)
    }

    async fn find_by_reference(
        &self,
        reference: Digest,
        now: Timestamp,
    ) -> Result<Option<Referred>, StoreError> {
        self.reach().await?;
        let journeys = self.journeys.lock();
        let found = journeys.iter().find(|(_, kept)| {
            !kept.journey.is_expired(now) && kept.journey.references().any(|r| r == reference)
        });
        Ok(found
            .map(|(handle, versioned)| Referred { handle: *handle, versioned: versioned.clone() }))
    }

    async fn changed(&self, _: Digest, _: u64, _: Duration) -> Result<(), StoreError> {
        self.reach().await
    }
}

#[async_trait]
impl PromptLedgers for Kept {
    async fn read(&self, msisdn: Digest, _: Timestamp) -> Result<VersionedLedger, StoreError> {
        self.reach().await?;
        if self.loses_ledgers.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable);
        }
        Ok(self.ledgers.lock().get(&msisdn).cloned().unwrap_or_default())
    }

    async fn replace(
        &self,
        msisdn: Digest,
        version: u64,
        ledger: Ledger,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        self.reach().await?;
        let mut ledgers = self.ledgers.lock();
        let kept = ledgers.entry(msisdn).or_default();
        if kept.version != version {
            return Ok(false);
        }
        let version = self.versions.fetch_add(1, Ordering::SeqCst) + 1;
        *kept = VersionedLedger { version, ledger };
        Ok(true)
    }
}

#[async_trait]
impl Budgets for Kept {
    async fn reserve(&self, _: Vec<Spend>, _: Timestamp) -> Result<Reservation, StoreError> {
        unreachable!("routing sends nothing by itself")
    }

    async fn record(&self, spend: Spend, now: Timestamp) -> Result<(), StoreError> {
        self.reach_budgets().await?;
        self.budgets.lock().entry(spend.key).or_default().record(&spend.limits, now);
        Ok(())
    }

    async fn check(&self, spend: &Spend, now: Timestamp) -> Result<Reservation, StoreError> {
        self.reach_budgets().await?;
        let usage = self.budgets.lock().get(&spend.key).cloned().unwrap_or_default();
        Ok(match usage.check(&spend.limits, now) {
            Ok(()) => Reservation::Granted,
            Err(exhausted) => Reservation::Refused { index: 0, exhausted },
        })
    }

    async fn clear(&self, _: &str) -> Result<(), StoreError> {
        unreachable!("a no is not taken back")
    }
}

#[async_trait]
impl AuditLog for Kept {
    async fn append(&self, event: AuditEvent) -> Result<(), StoreError> {
        if self.audit_is_full.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable);
        }
        self.audit.lock().push(event);
        Ok(())
    }
}

#[async_trait]
impl RoutingRecords for Kept {
    fn record(&self, record: RoutingRecord) {
        self.records.lock().push(record);
    }

    async fn find(&self, journey: &JourneyId) -> Result<Option<RoutingRecord>, StoreError> {
        let records = self.records.lock();
        Ok(records.iter().find(|record| record.journey == *journey).cloned())
    }

    async fn recent(&self, limit: usize) -> Result<Vec<RoutingRecord>, StoreError> {
        Ok(self.records.lock().iter().rev().take(limit).cloned().collect())
    }
}

/// One policy for ever.
pub(crate) struct Fixed(pub(crate) Arc<Policy>);

impl RoutingPolicy for Fixed {
    fn in_force(&self) -> Arc<Policy> {
        Arc::clone(&self.0)
    }
}

/// Every subscription is there, and lists `listed`.
#[derive(Default)]
pub(crate) struct Everybody {
    pub(crate) listed: Mutex<Vec<String>>,
    pub(crate) lookups: AtomicU64,
}

#[async_trait]
impl Subscribers for Everybody {
    async fn find_by_msisdn(&self, _: Digest) -> Result<Option<Subscriber>, StoreError> {
        Ok(None)
    }

    async fn lookup(&self, id: &SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        self.lookups.fetch_add(1, Ordering::SeqCst);
        Ok(Some(Subscriber {
            id: id.clone(),
            msisdn_index: Digest::of(id.as_str()),
            msisdn_sealed: Vec::new(),
            status: SubscriberStatus::Active,
            authenticators: self.listed.lock().clone(),
            attributes_sealed: Vec::new(),
        }))
    }

    async fn add(&self, _: NewSubscriber) -> Result<bool, StoreError> {
        Ok(false)
    }
}

/// Opens every seal, and finds that the handset has a browser.
pub(crate) struct OpenVault;

impl Vault for OpenVault {
    fn msisdn_index(&self, number: &Msisdn) -> Digest {
        Digest::of(number.digits())
    }

    fn seal_msisdn(&self, _: &Msisdn) -> Vec<u8> {
        Vec::new()
    }

    fn open_msisdn(&self, _: &[u8]) -> Option<Msisdn> {
        None
    }

    fn seal_attributes(&self, _: &Attributes) -> Vec<u8> {
        Vec::new()
    }

    fn open_attributes(&self, _: &[u8]) -> Option<Attributes> {
        let has_browser = ("handset_browser".to_owned(), true.into());
        Some(Attributes([has_browser].into()))
    }

    fn one_time_code_hash(&self, context: &str, code: &str) -> Digest {
        Digest::of(format!("{context}/{code}"))
    }
}

/// Signs of a takeover, as told; `None`: it never answers.
#[derive(Default)]
pub(crate) struct Signs {
    pub(crate) told: Mutex<Option<Result<RiskSignals, DataError>>>,
    pub(crate) asked: Mutex<Vec<SubscriberId>>,
}

#[async_trait]
impl RiskSource for Signs {
    async fn signals(&self, subscriber: &SubscriberId) -> Result<RiskSignals, DataError> {
        self.asked.lock().push(subscriber.clone());
        let told = self.told.lock().clone();
        match told {
            Some(told) => told,
            None => std::future::pending().await,
        }
    }
}
