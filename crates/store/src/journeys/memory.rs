//! Journeys of a single node: in memory, with one-time codes beside them, lost only together.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use fiador_domain::journey::Journey;
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{JourneyStoreError, Journeys, StoreError, Versioned};
use parking_lot::Mutex;

/// Locks, so that journeys do not wait for each other.
const SHARDS: usize = 16;

/// Journeys in memory, at most `capacity`; one more is refused, and none is thrown out to make
/// room, because somebody holds a phone with its code.
pub struct MemoryJourneys {
    capacity: usize,
    kept: AtomicUsize,
    shards: [Mutex<Shard>; SHARDS],
}

#[derive(Default)]
struct Shard {
    journeys: HashMap<Digest, Kept>,
    /// When to look at which handle again.
    expiries: BinaryHeap<Reverse<(Timestamp, [u8; 32])>>,
}

/// The journey is shared with readers, so that a lock is held for a pointer's copy only.
struct Kept {
    version: u64,
    journey: Arc<Journey>,
}

impl MemoryJourneys {
    /// Room for `capacity` journeys; each takes about 2 KiB.
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
}

#[async_trait]
impl Journeys for MemoryJourneys {
    async fn open(&self, handle: Digest, journey: Journey) -> Result<(), JourneyStoreError> {
        if !self.take_place() {
            self.sweep(journey.opened_at);
            if !self.take_place() {
                return Err(JourneyStoreError::Full);
            }
        }
        let mut shard = self.shard(&handle).lock();
        let gone = shard.sweep(journey.opened_at);
        shard.expiries.push(Reverse((journey.expires_at, *handle.as_bytes())));
        let replaced =
            shard.journeys.insert(handle, Kept { version: 0, journey: Arc::new(journey) });
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
        let journey = Arc::new(journey);
        let mut shard = self.shard(&handle).lock();
        let Some(kept) = shard.journeys.get_mut(&handle) else { return Ok(false) };
        if kept.version != version {
            return Ok(false);
        }
        kept.version += 1;
        kept.journey = journey;
        Ok(true)
    }
}

impl Shard {
    /// How many were taken out. A journey whose expiry was moved is looked at again then.
    fn sweep(&mut self, now: Timestamp) -> usize {
        let mut gone = 0;
        while let Some(&Reverse((due, handle))) = self.expiries.peek() {
            if due > now {
                break;
            }
            self.expiries.pop();
            let handle = Digest::from_bytes(handle);
            match self.journeys.get(&handle).map(|kept| kept.journey.expires_at) {
                Some(moved) if moved > now => {
                    self.expiries.push(Reverse((moved, *handle.as_bytes())));
                }
                Some(_) => {
                    self.journeys.remove(&handle);
                    gone += 1;
                }
                None => {}
            }
        }
        gone
    }
}
