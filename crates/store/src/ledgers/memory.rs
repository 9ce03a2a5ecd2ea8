//! Prompt ledgers of a single node: in memory, as its journeys.

use std::{
    collections::{BTreeSet, HashMap},
    sync::atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use fiador_domain::prompting::Ledger;
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{PromptLedgers, StoreError, VersionedLedger};
use parking_lot::Mutex;

use crate::sweep::Sweep;

/// Locks, so that numbers do not wait for each other.
const SHARDS: usize = 16;

/// Prompt ledgers in memory. Where there is no room, the one goes that would expire first: to bury a
/// number's ledger, somebody would have to prompt as many other numbers as there is room for, each
/// within its send budgets.
pub struct MemoryPromptLedgers {
    capacity_of_shard: usize,
    /// No version is ever given twice, so that a ledger that was forgotten and begun anew is not
    /// taken for the old one.
    versions: AtomicU64,
    shards: [Mutex<Shard>; SHARDS],
}

#[derive(Default)]
struct Shard {
    ledgers: HashMap<Digest, Kept>,
    expiries: BTreeSet<(Timestamp, [u8; 32])>,
}

struct Kept {
    version: u64,
    ledger: Ledger,
    expires_at: Timestamp,
}

impl MemoryPromptLedgers {
    /// Room for about `capacity` numbers; keyed hashes spread them evenly over the shards.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity_of_shard: capacity.div_ceil(SHARDS).max(1),
            versions: AtomicU64::new(1),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }

    /// Takes out what has expired at `now`.
    pub fn sweep(&self, now: Timestamp) {
        for shard in &self.shards {
            shard.lock().sweep(now);
        }
    }

    /// Ledgers kept now, expired ones that nobody swept included.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().ledgers.len()).sum()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shard(&self, msisdn: &Digest) -> &Mutex<Shard> {
        &self.shards[usize::from(msisdn.as_bytes()[0]) % SHARDS]
    }
}

#[async_trait]
impl PromptLedgers for MemoryPromptLedgers {
    async fn read(&self, msisdn: Digest, now: Timestamp) -> Result<VersionedLedger, StoreError> {
        let shard = self.shard(&msisdn).lock();
        let Some(kept) = shard.ledgers.get(&msisdn) else { return Ok(VersionedLedger::default()) };
        // One that has expired is empty, but has a version to be replaced at.
        let ledger = if kept.expires_at > now { kept.ledger.clone() } else { Ledger::default() };
        Ok(VersionedLedger { version: kept.version, ledger })
    }

    async fn replace(
        &self,
        msisdn: Digest,
        version: u64,
        ledger: Ledger,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut shard = self.shard(&msisdn).lock();
        if shard.ledgers.get(&msisdn).map_or(0, |kept| kept.version) != version {
            return Ok(false);
        }
        shard.remove(&msisdn);
        if shard.ledgers.len() >= self.capacity_of_shard {
            shard.make_room();
        }
        let version = self.versions.fetch_add(1, Ordering::Relaxed);
        shard.expiries.insert((expires_at, *msisdn.as_bytes()));
        shard.ledgers.insert(msisdn, Kept { version, ledger, expires_at });
        Ok(true)
    }
}

impl Shard {
    fn remove(&mut self, msisdn: &Digest) {
        if let Some(kept) = self.ledgers.remove(msisdn) {
            self.expiries.remove(&(kept.expires_at, *msisdn.as_bytes()));
        }
    }

    fn make_room(&mut self) {
        if let Some((_, msisdn)) = self.expiries.pop_first() {
            self.ledgers.remove(&Digest::from_bytes(msisdn));
            metrics::counter!("fiador_store_prompt_ledgers_dropped_total").increment(1);
        }
    }

    fn sweep(&mut self, now: Timestamp) {
        while let Some(&(_, msisdn)) = self.expiries.first().filter(|(due, _)| *due <= now) {
            self.remove(&Digest::from_bytes(msisdn));
        }
    }
}

impl Sweep for MemoryPromptLedgers {
    fn sweep(&self, now: Timestamp) {
        self.sweep(now);
    }
}
