//! The counts of ends in memory, for a node that holds its database alone.
//!
//! A cluster asks the primary each time; a single node answers from here, which makes
//! introspection cost no statement. Before a revocation is acknowledged its count is here (T-056).

use std::collections::HashMap;

use fiador_kernel::Digest;
use parking_lot::RwLock;

use crate::{
    connection::Connection,
    failure::Failure,
    tables::epochs::{self, EpochKey},
};

/// With more rows than this the database is asked instead, so that memory stays bounded (T-260):
/// about 40 MB.
const LARGEST: usize = 1_000_000;

/// Counts that were raised in a transaction, by key.
pub(crate) type Bumps = HashMap<EpochKey, u32>;

type Fingerprint = [u8; 16];

/// `None` inside: memory cannot answer, ask the database.
pub(crate) struct EpochSnapshot {
    allowed: bool,
    counts: RwLock<Option<HashMap<Fingerprint, u32>>>,
}

impl EpochSnapshot {
    pub(crate) fn new(allowed: bool) -> Self {
        Self { allowed, counts: RwLock::new(None) }
    }

    /// Reads all counts.
    pub(crate) async fn load(&self, connection: &mut Connection) -> Result<(), Failure> {
        if !self.allowed {
            return Ok(());
        }
        let rows = epochs::list(connection, LARGEST + 1).await?;
        let counts: HashMap<_, _> =
            rows.into_iter().map(|(key, count)| (fingerprint(&key), count)).collect();
        *self.counts.write() = (counts.len() <= LARGEST).then_some(counts);
        Ok(())
    }

    /// Lets `read` look up counts of one moment, zero for what was never ended; `None` when memory
    /// cannot answer.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&dyn Fn(&EpochKey) -> u32) -> T) -> Option<T> {
        let counts = self.counts.read();
        let counts = counts.as_ref()?;
        if counts.is_empty() {
            return Some(read(&|_| 0));
        }
        Some(read(&|key| counts.get(&fingerprint(key)).copied().unwrap_or(0)))
    }

    /// These counts are durable now, and those rows are gone.
    pub(crate) fn apply(&self, bumps: Bumps, forgotten: &[EpochKey]) {
        if bumps.is_empty() && forgotten.is_empty() {
            return;
        }
        let mut counts = self.counts.write();
        let Some(map) = counts.as_mut() else { return };
        for key in forgotten {
            map.remove(&fingerprint(key));
        }
        for (key, count) in bumps {
            let known = map.entry(fingerprint(&key)).or_default();
            *known = count.max(*known);
        }
        if map.len() > LARGEST {
            *counts = None;
        }
    }

    /// Memory no longer speaks for the database.
    pub(crate) fn forget(&self) {
        *self.counts.write() = None;
    }
}

/// Half a SHA-256: fixed in size however long the ids. Two keys that share it would be ended
/// together, which errs on the safe side.
fn fingerprint(key: &EpochKey) -> Fingerprint {
    let digest = Digest::of(format!("{} {}", key.kind.as_str(), key.id));
    let mut half = [0; 16];
    half.copy_from_slice(&digest.as_bytes()[..16]);
    half
}
