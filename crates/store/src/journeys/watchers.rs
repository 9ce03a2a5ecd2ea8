//! Who waits for a journey to change.

use std::{collections::HashMap, sync::Arc, time::Duration};

use fiador_kernel::Digest;
use parking_lot::Mutex;
use tokio::sync::{Notify, futures::OwnedNotified};

/// Locks, so that those who wait for different journeys do not wait for each other.
const SHARDS: usize = 16;

/// A journey as somebody saw it last: its handle and its version.
pub(crate) type Seen = (Digest, u64);

/// Everybody who waits. There is an entry for each journey and version that somebody waits for, so
/// their number is bounded by that of those who wait, and none stays behind.
#[derive(Default)]
pub(crate) struct Watchers {
    shards: [Mutex<HashMap<Seen, Watch>>; SHARDS],
}

struct Watch {
    changed: Arc<Notify>,
    waiting: usize,
}

/// A place among those who wait. Whoever takes one **before** looking at the version misses no change.
pub(crate) struct Watcher<'a> {
    changed: OwnedNotified,
    registration: Registration<'a>,
}

/// Takes the entry away with the last who waits, however the waiting ends.
struct Registration<'a> {
    watchers: &'a Watchers,
    seen: Seen,
}

impl Watchers {
    /// Takes a place.
    pub(crate) fn watch(&self, seen: Seen) -> Watcher<'_> {
        let mut shard = self.shard(&seen).lock();
        let watch = shard
            .entry(seen)
            .or_insert_with(|| Watch { changed: Arc::new(Notify::new()), waiting: 0 });
        watch.waiting += 1;
        let changed = Arc::clone(&watch.changed).notified_owned();
        Watcher { changed, registration: Registration { watchers: self, seen } }
    }

    /// The journey is not as they saw it any more: wakes all who wait for that.
    pub(crate) fn announce(&self, seen: Seen) {
        if let Some(watch) = self.shard(&seen).lock().get(&seen) {
            watch.changed.notify_waiters();
        }
    }

    /// What is waited for.
    pub(crate) fn watched(&self) -> Vec<Seen> {
        self.shards
            .iter()
            .flat_map(|shard| shard.lock().keys().copied().collect::<Vec<_>>())
            .collect()
    }

    /// Whether nobody waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| shard.lock().is_empty())
    }

    fn shard(&self, (handle, _): &Seen) -> &Mutex<HashMap<Seen, Watch>> {
        &self.shards[usize::from(handle.as_bytes()[0]) % SHARDS]
    }
}

impl Watcher<'_> {
    /// Waits for the announcement, at most so long.
    pub(crate) async fn wait(self, patience: Duration) {
        let Self { changed, registration } = self;
        let _ = tokio::time::timeout(patience, changed).await;
        drop(registration);
    }
}

impl Drop for Registration<'_> {
    fn drop(&mut self) {
        let mut shard = self.watchers.shard(&self.seen).lock();
        if let Some(watch) = shard.get_mut(&self.seen) {
            watch.waiting -= 1;
            if watch.waiting == 0 {
                shard.remove(&self.seen);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_mins(10);

    #[tokio::test]
    async fn an_announcement_between_the_place_and_the_wait_is_not_missed() {
        let watchers = Watchers::default();
        let seen = (Digest::of("handle"), 7);
        let (one, two) = (watchers.watch(seen), watchers.watch(seen));
        watchers.announce((seen.0, 6));
        watchers.announce(seen);
        tokio::join!(one.wait(LONG), two.wait(LONG));
        assert!(watchers.is_empty());
    }

    #[tokio::test]
    async fn nothing_stays_behind_of_those_who_went_away() {
        let watchers = Watchers::default();
        let places: Vec<_> =
            (0..100_u8).map(|number| watchers.watch((Digest::of([number / 2]), 0))).collect();
        assert_eq!(watchers.watched().len(), 50);
        drop(places);
        assert!(watchers.is_empty());
        watchers.watch((Digest::of("x"), 0)).wait(Duration::ZERO).await;
        assert!(watchers.is_empty());
    }
}
