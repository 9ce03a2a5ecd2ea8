//! What follows the journeys of a node beside their handles: references of prompts, and those who wait.

use std::collections::HashMap;

use fiador_domain::journey::Journey;
use fiador_kernel::Digest;
use parking_lot::Mutex;

use super::super::watchers::Watchers;

/// Locks, so that those who come by references do not wait for each other.
const SHARDS: usize = 16;

/// Told of every change under the lock of the journey that changes. Its own locks are taken after
/// that one, never before.
#[derive(Default)]
pub(super) struct Index {
    /// From the reference of a live prompt to the handle of its journey. There is one entry at most
    /// for each reference in a journey that is kept.
    references: [Mutex<HashMap<Digest, Digest>>; SHARDS],
    pub(super) watchers: Watchers,
}

impl Index {
    /// A journey is new.
    pub(super) fn opened(&self, handle: Digest, journey: &Journey) {
        for reference in journey.references() {
            self.shard(&reference).lock().insert(reference, handle);
        }
    }

    /// A journey is gone, or takes another form.
    pub(super) fn changed(
        &self,
        handle: Digest,
        version: u64,
        before: &Journey,
        after: Option<&Journey>,
    ) {
        for void in before.references() {
            let stays = after.is_some_and(|after| after.references().any(|live| live == void));
            if !stays {
                self.forget(void, handle);
            }
        }
        if let Some(after) = after {
            self.opened(handle, after);
        }
        self.watchers.announce((handle, version));
    }

    /// Where to look for the journey with this reference.
    pub(super) fn find(&self, reference: &Digest) -> Option<Digest> {
        self.shard(reference).lock().get(reference).copied()
    }

    /// References that are known.
    #[cfg(test)]
    pub(super) fn references(&self) -> usize {
        self.references.iter().map(|shard| shard.lock().len()).sum()
    }

    /// Another journey may have taken the reference over.
    fn forget(&self, reference: Digest, handle: Digest) {
        let mut shard = self.shard(&reference).lock();
        if shard.get(&reference) == Some(&handle) {
            shard.remove(&reference);
        }
    }

    fn shard(&self, reference: &Digest) -> &Mutex<HashMap<Digest, Digest>> {
        &self.references[usize::from(reference.as_bytes()[0]) % SHARDS]
    }
}
