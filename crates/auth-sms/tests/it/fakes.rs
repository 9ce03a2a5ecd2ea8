//! Ports in memory, with the promises of the real ones.

use std::{
    collections::{HashMap, VecDeque},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use fiador_domain::{journey::Delivery, quota::Usage};
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{
    Budgets, DeliveryReports, MessageCentre, Reservation, SendError, Spend, StoreError, TextMessage,
};
use parking_lot::Mutex;

/// Budgets as the store keeps them; counts what a durable commit would cost.
#[derive(Default)]
pub(crate) struct FakeBudgets {
    used: Mutex<HashMap<String, Usage>>,
    pub(crate) commits: AtomicUsize,
    pub(crate) reads: AtomicUsize,
    pub(crate) broken: AtomicBool,
}

impl FakeBudgets {
    fn working(&self) -> Result<(), StoreError> {
        if self.broken.load(Ordering::SeqCst) { Err(StoreError::Unavailable) } else { Ok(()) }
    }

    fn commit(&self) {
        self.commits.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn commits(&self) -> usize {
        self.commits.load(Ordering::SeqCst)
    }

    /// Every key that was ever counted on.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.used.lock().keys().cloned().collect();
        keys.sort();
        keys
    }
}

#[async_trait]
impl Budgets for FakeBudgets {
    async fn reserve(&self, spends: Vec<Spend>, now: Timestamp) -> Result<Reservation, StoreError> {
        self.working()?;
        let mut used = self.used.lock();
        for (index, spend) in spends.iter().enumerate() {
            assert!(spend.key.len() <= 160, "{}", spend.key);
            let usage = used.entry(spend.key.clone()).or_default();
            if let Err(exhausted) = usage.check(&spend.limits, now) {
                return Ok(Reservation::Refused { index, exhausted });
            }
        }
        for spend in spends {
            used.entry(spend.key).or_default().record(&spend.limits, now);
        }
        self.commit();
        Ok(Reservation::Granted)
    }

    async fn record(&self, spend: Spend, now: Timestamp) -> Result<(), StoreError> {
        self.working()?;
        self.used.lock().entry(spend.key).or_default().record(&spend.limits, now);
        self.commit();
        Ok(())
    }

    async fn check(&self, spend: &Spend, now: Timestamp) -> Result<Reservation, StoreError> {
        self.working()?;
        self.reads.fetch_add(1, Ordering::SeqCst);
        let used = self.used.lock();
        let checked = used.get(&spend.key).map_or(Ok(()), |u| u.check(&spend.limits, now));
        Ok(match checked {
            Ok(()) => Reservation::Granted,
            Err(exhausted) => Reservation::Refused { index: 0, exhausted },
        })
    }

    async fn clear(&self, key: &str) -> Result<(), StoreError> {
        self.working()?;
        self.used.lock().remove(key);
        self.commit();
        Ok(())
    }
}

/// Keeps what it is told.
#[derive(Default)]
pub(crate) struct FakeReports(pub(crate) Mutex<Vec<(Digest, Delivery)>>);

#[async_trait]
impl DeliveryReports for FakeReports {
    async fn report(&self, tracking: Digest, delivery: Delivery) {
        self.0.lock().push((tracking, delivery));
    }
}

/// A message centre that keeps what it takes.
pub(crate) struct FakeCentre {
    pub(crate) available: AtomicBool,
    /// Errors to give before messages are taken.
    pub(crate) errors: Mutex<VecDeque<SendError>>,
    pub(crate) submissions: AtomicUsize,
    pub(crate) outbox: Mutex<Vec<TextMessage>>,
    /// Never answers.
    pub(crate) hangs: AtomicBool,
}

impl Default for FakeCentre {
    fn default() -> Self {
        Self {
            available: AtomicBool::new(true),
            errors: Mutex::default(),
            submissions: AtomicUsize::new(0),
            outbox: Mutex::default(),
            hangs: AtomicBool::new(false),
        }
    }
}

#[async_trait]
impl MessageCentre for FakeCentre {
    async fn submit(&self, message: TextMessage) -> Result<(), SendError> {
        self.submissions.fetch_add(1, Ordering::SeqCst);
        if self.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if let Some(error) = self.errors.lock().pop_front() {
            return Err(error);
        }
        self.outbox.lock().push(message);
        Ok(())
    }

    fn is_available(&self) -> bool {
        self.available.load(Ordering::SeqCst)
    }
}
