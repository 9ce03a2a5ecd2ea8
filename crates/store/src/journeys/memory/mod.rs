//! Journeys of a single node: in memory, with one-time codes beside them, lost only together.

mod index;
mod shard;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use fiador_domain::journey::{AFTERMATH, Journey};
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{JourneyStoreError, Journeys, Referred, StoreError, Versioned};
use parking_lot::Mutex;

use self::{index::Index, shard::Shard};
use super::is_evictable;
use crate::sweep::Sweep;

/// Locks, so that journeys do not wait for each other.
const SHARDS: usize = 16;

/// Journeys in memory, at most `capacity`. One more takes the place of the evictable one that
/// expires first; it is refused when somebody holds a phone with a code for each of them.
pub struct MemoryJourneys {
    capacity: usize,
    kept: AtomicUsize,
    shards: [Mutex<Shard>; SHARDS],
    index: Index,
}

impl MemoryJourneys {
    /// Room for `capacity` journeys; each takes about 4 KiB with its map entries (measured).
    pub fn new(capacity: usize) -> Self {
        let shards = std::array::from_fn(|_| Mutex::default());
        Self { capacity, kept: AtomicUsize::new(0), shards, index: Index::default() }
    }

    /// Takes out what has expired at `now`.
    pub fn sweep(&self, now: Timestamp) {
        for shard in &self.shards {
            let gone = shard.lock().sweep(now, &self.index);
            self.kept.fetch_sub(gone, Ordering::SeqCst);
        }
    }

    /// Journeys kept now, expired ones that nobody looked at included.
    pub fn len(&self) -> usize {
        self.kept.load(Ordering::SeqCst)
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shard(&self, handle: &Digest) -> &Mutex<Shard> {
        &self.shards[usize::from(handle.as_bytes()[0]) % SHARDS]
    }

    /// Takes one of the free places.
    fn take_place(&self) -> bool {
        let taken = self.kept.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |kept| {
            (kept < self.capacity).then_some(kept + 1)
        });
        taken.is_ok()
    }

    /// Takes the place of a journey that has expired, or else of the evictable one that expires
    /// first.
    fn take_place_of_another(&self) -> bool {
        loop {
            let first = self
                .shards
                .iter()
                .filter_map(|shard| Some((shard.lock().first_evictable()?, shard)))
                .min_by_key(|(due, _)| *due);
            let Some(((_, handle), shard)) = first else { return false };
            let mut shard = shard.lock();
            let handle = Digest::from_bytes(handle);
            // Somebody may have been quicker, or its phone may have been reached.
            if shard.get(&handle).is_some_and(|kept| is_evictable(&kept.journey)) {
                shard.remove(&handle, &self.index);
                return true;
            }
        }
    }
}

#[async_trait]
impl Journeys for MemoryJourneys {
    async fn open(&self, handle: Digest, journey: Journey) -> Result<(), JourneyStoreError> {
        if !self.take_place() {
            // Whoever comes late to a journey that is over loses no more than an explanation.
            self.sweep(journey.opened_at + AFTERMATH);
            if !self.take_place() && !self.take_place_of_another() {
                return Err(JourneyStoreError::Full);
            }
        }
        let mut shard = self.shard(&handle).lock();
        let gone = shard.sweep(journey.opened_at, &self.index);
        let replaced = shard.remove(&handle, &self.index);
        shard.insert(handle, journey, &self.index);
        drop(shard);
        self.kept.fetch_sub(gone + usize::from(replaced.is_some()), Ordering::SeqCst);
        Ok(())
    }

    async fn read(&self, handle: Digest, now: Timestamp) -> Result<Option<Versioned>, StoreError> {
        let shard = self.shard(&handle).lock();
        let found = shard
            .get(&handle)
            .filter(|kept| !kept.journey.is_expired(now))
            .map(|kept| (kept.version, Arc::clone(&kept.journey)));
        drop(shard);
        Ok(found.map(|(version, journey)| Versioned { version, journey: (*journey).clone() }))
    }

    async fn replace(
        &self,
        handle: Digest,
        version: u64,
        journey: Journey,
    ) -> Result<bool, StoreError> {
        let mut journey = Arc::new(journey);
        let mut shard = self.shard(&handle).lock();
        let replaced = shard.replace(&handle, version, &mut journey, &self.index);
        drop(shard);
        // What was there before is taken apart here, outside the lock.
        drop(journey);
        Ok(replaced)
    }

    async fn find_by_reference(
        &self,
        reference: Digest,
        now: Timestamp,
    ) -> Result<Option<Referred>, StoreError> {
        let Some(handle) = self.index.find(&reference) else { return Ok(None) };
        let found = self.read(handle, now).await?;
        // The prompt may have become void in between.
        let found = found.filter(|found| found.journey.references().any(|live| live == reference));
        Ok(found.map(|versioned| Referred { handle, versioned }))
    }

    async fn changed(
        &self,
        handle: Digest,
        version: u64,
        patience: Duration,
    ) -> Result<(), StoreError> {
        let watcher = self.index.watchers.watch((handle, version));
        let kept = self.shard(&handle).lock().get(&handle).map(|kept| kept.version);
        if kept == Some(version) {
            watcher.wait(patience).await;
        }
        Ok(())
    }
}

impl Sweep for MemoryJourneys {
    fn sweep(&self, now: Timestamp) {
        self.sweep(now);
    }
}

#[cfg(test)]
mod tests;
