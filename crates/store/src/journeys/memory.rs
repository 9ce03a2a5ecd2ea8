//! Journeys of a single node: in memory, with one-time codes beside them, lost only together.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use fiador_domain::journey::{AFTERMATH, Journey};
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{JourneyStoreError, Journeys, StoreError, Versioned};
use parking_lot::Mutex;

use super::is_evictable;

/// Locks, so that journeys do not wait for each other.
const SHARDS: usize = 16;

/// Journeys in memory, at most `capacity`. One more takes the place of the evictable one that
/// expires first; it is refused when somebody holds a phone with a code for each of them.
pub struct MemoryJourneys {
    capacity: usize,
    kept: AtomicUsize,
    shards: [Mutex<Shard>; SHARDS],
}

#[derive(Default)]
struct Shard {
    journeys: HashMap<Digest, Kept>,
    /// All of them, by expiry.
    expiries: BTreeSet<Due>,
    /// The evictable ones, by expiry.
    evictable: BTreeSet<Due>,
}

/// The journey is shared with readers, so that a lock is held for a pointer's copy only.
struct Kept {
    version: u64,
    journey: Arc<Journey>,
}

/// When a journey expires, and its handle.
type Due = (Timestamp, [u8; 32]);

impl MemoryJourneys {
    /// Room for `capacity` journeys; each takes about 3 KiB with its map entry (measured).
    pub fn new(capacity: usize) -> Self {
        let shards = std::array::from_fn(|_| Mutex::default());
        Self { capacity, kept: AtomicUsize::new(0), shards }
    }

    /// Takes out what has expired at `now`.
    pub fn sweep(&self, now: Timestamp) {
        for shard in &self.shards {
            let gone = shard.lock().sweep(now);
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
                .filter_map(|shard| Some((*shard.lock().evictable.first()?, shard)))
                .min_by_key(|(due, _)| *due);
            let Some(((_, handle), shard)) = first else { return false };
            let mut shard = shard.lock();
            let handle = Digest::from_bytes(handle);
            // Somebody may have been quicker, or its phone may have been reached.
            if shard.journeys.get(&handle).is_some_and(|kept| is_evictable(&kept.journey)) {
                shard.remove(&handle);
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
        let gone = shard.sweep(journey.opened_at);
        let replaced = shard.remove(&handle);
        shard.insert(handle, Kept { version: 0, journey: Arc::new(journey) });
        drop(shard);
        self.kept.fetch_sub(gone + usize::from(replaced.is_some()), Ordering::SeqCst);
        Ok(())
    }

    async fn read(&self, handle: Digest, now: Timestamp) -> Result<Option<Versioned>, StoreError> {
        let shard = self.shard(&handle).lock();
        let found = shard
            .journeys
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
        let replaced = shard.replace(&handle, version, &mut journey);
        drop(shard);
        // What was there before is taken apart here, outside the lock.
        drop(journey);
        Ok(replaced)
    }
}

impl Shard {
    fn insert(&mut self, handle: Digest, kept: Kept) {
        let due = due(&handle, &kept.journey);
        self.expiries.insert(due);
        if is_evictable(&kept.journey) {
            self.evictable.insert(due);
        }
        self.journeys.insert(handle, kept);
    }

    /// Puts `journey` in the place of the one at `version`, and that one into `journey`.
    fn replace(&mut self, handle: &Digest, version: u64, journey: &mut Arc<Journey>) -> bool {
        let Some(kept) = self.journeys.get_mut(handle).filter(|kept| kept.version == version)
        else {
            return false;
        };
        kept.version += 1;
        std::mem::swap(&mut kept.journey, journey);
        let (before, after) = (due(handle, journey), due(handle, &kept.journey));
        if before != after {
            self.expiries.remove(&before);
            self.expiries.insert(after);
        }
        let (was, is) = (is_evictable(journey), is_evictable(&kept.journey));
        if before != after || was != is {
            if was {
                self.evictable.remove(&before);
            }
            if is {
                self.evictable.insert(after);
            }
        }
        true
    }

    fn remove(&mut self, handle: &Digest) -> Option<Kept> {
        let kept = self.journeys.remove(handle)?;
        let due = due(handle, &kept.journey);
        self.expiries.remove(&due);
        self.evictable.remove(&due);
        Some(kept)
    }

    /// How many were taken out.
    fn sweep(&mut self, now: Timestamp) -> usize {
        let before = self.journeys.len();
        while let Some(&(_, handle)) = self.expiries.first().filter(|(due, _)| *due <= now) {
            self.remove(&Digest::from_bytes(handle));
        }
        before - self.journeys.len()
    }
}

fn due(handle: &Digest, journey: &Journey) -> Due {
    (journey.expires_at, *handle.as_bytes())
}
