//! A bounded memory of values that can be made again.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use fiador_kernel::Digest;
use parking_lot::RwLock;

/// The values used last. When it is full, the one that was not used for longest makes room.
pub(super) struct Recent<V> {
    capacity: usize,
    /// Counts uses: a clock that only tells earlier from later.
    uses: AtomicU64,
    entries: RwLock<HashMap<Digest, Entry<V>>>,
}

struct Entry<V> {
    value: Arc<V>,
    used: AtomicU64,
}

impl<V> Recent<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, uses: AtomicU64::new(0), entries: RwLock::default() }
    }

    /// The value under `key`; made, and kept, if there is none. Two callers at once may both make
    /// one, and then use the same.
    pub(super) fn get_or_make<E>(
        &self,
        key: Digest,
        make: impl FnOnce() -> Result<V, E>,
    ) -> Result<Arc<V>, E> {
        let now = self.uses.fetch_add(1, Ordering::Relaxed);
        if let Some(entry) = self.entries.read().get(&key) {
            entry.used.store(now, Ordering::Relaxed);
            return Ok(entry.value.clone());
        }
        let value = Arc::new(make()?);
        let mut entries = self.entries.write();
        if entries.len() >= self.capacity && !entries.contains_key(&key) {
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.used.load(Ordering::Relaxed));
            if let Some(oldest) = oldest.map(|(key, _)| *key) {
                entries.remove(&oldest);
            }
        }
        let entry = entries.entry(key).or_insert(Entry { value, used: AtomicU64::new(now) });
        Ok(entry.value.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn get(recent: &Recent<u8>, name: &str, made: u8) -> u8 {
        *recent.get_or_make(Digest::of(name), || Ok::<_, Infallible>(made)).unwrap()
    }

    #[test]
    fn the_value_that_was_not_used_for_longest_makes_room() {
        // T-260.
        let recent = Recent::new(2);
        assert_eq!((get(&recent, "a", 1), get(&recent, "b", 1)), (1, 1));
        assert_eq!(get(&recent, "a", 2), 1);
        assert_eq!(get(&recent, "c", 1), 1);
        assert_eq!((get(&recent, "a", 3), get(&recent, "b", 3)), (1, 3));
        assert_eq!(recent.entries.read().len(), 2);
    }

    #[test]
    fn what_could_not_be_made_is_not_kept() {
        let recent = Recent::new(2);
        assert_eq!(recent.get_or_make(Digest::of("a"), || Err("no")), Err("no"));
        assert_eq!(get(&recent, "a", 1), 1);
    }
}
