//! A part of the journeys, under one lock.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use fiador_domain::journey::Journey;
use fiador_kernel::{Digest, Timestamp};

use super::{super::is_evictable, index::Index};

#[derive(Default)]
pub(super) struct Shard {
    journeys: HashMap<Digest, Kept>,
    /// All of them, by expiry.
    expiries: BTreeSet<Due>,
    /// The evictable ones, by expiry.
    evictable: BTreeSet<Due>,
}

/// The journey is shared with readers, so that a lock is held for a pointer's copy only.
pub(super) struct Kept {
    pub(super) version: u64,
    pub(super) journey: Arc<Journey>,
}

/// When a journey expires, and its handle.
pub(super) type Due = (Timestamp, [u8; 32]);

impl Shard {
    /// The journey, expired or not.
    pub(super) fn get(&self, handle: &Digest) -> Option<&Kept> {
        self.journeys.get(handle)
    }

    /// The evictable one that expires first.
    pub(super) fn first_evictable(&self) -> Option<Due> {
        self.evictable.first().copied()
    }

    pub(super) fn insert(&mut self, handle: Digest, journey: Journey, index: &Index) {
        index.opened(handle, &journey);
        let due = due(&handle, &journey);
        self.expiries.insert(due);
        if is_evictable(&journey) {
            self.evictable.insert(due);
        }
        self.journeys.insert(handle, Kept { version: 0, journey: Arc::new(journey) });
    }

    /// Puts `journey` in the place of the one at `version`, and that one into `journey`.
    pub(super) fn replace(
        &mut self,
        handle: &Digest,
        version: u64,
        journey: &mut Arc<Journey>,
        index: &Index,
    ) -> bool {
        let Some(kept) = self.journeys.get_mut(handle).filter(|kept| kept.version == version)
        else {
            return false;
        };
        kept.version += 1;
        std::mem::swap(&mut kept.journey, journey);
        index.changed(*handle, version, journey, Some(&kept.journey));
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

    pub(super) fn remove(&mut self, handle: &Digest, index: &Index) -> Option<Kept> {
        let kept = self.journeys.remove(handle)?;
        index.changed(*handle, kept.version, &kept.journey, None);
        let due = due(handle, &kept.journey);
        self.expiries.remove(&due);
        self.evictable.remove(&due);
        Some(kept)
    }

    /// How many were taken out.
    pub(super) fn sweep(&mut self, now: Timestamp, index: &Index) -> usize {
        let before = self.journeys.len();
        while let Some(&(_, handle)) = self.expiries.first().filter(|(due, _)| *due <= now) {
            self.remove(&Digest::from_bytes(handle), index);
        }
        before - self.journeys.len()
    }
}

fn due(handle: &Digest, journey: &Journey) -> Due {
    (journey.expires_at, *handle.as_bytes())
}
