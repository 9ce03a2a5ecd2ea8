//! What this node has to look at by itself, and when.

use std::collections::{BTreeSet, HashMap};

use fiador_kernel::{Digest, Timestamp};
use parking_lot::Mutex;

use crate::{Router, chain_moves, held::Held, outcome};

/// Journeys by the time at which something is due for them, at most `capacity`. Each is listed once.
pub(crate) struct DueList {
    capacity: usize,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    by_time: BTreeSet<(Timestamp, [u8; 32])>,
    times: HashMap<Digest, Timestamp>,
}

impl DueList {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::default() }
    }

    /// Lists a journey, in place of an earlier time. `false` when the list is full.
    pub(crate) fn schedule(&self, handle: Digest, at: Timestamp) -> bool {
        let mut entries = self.entries.lock();
        entries.remove(handle);
        let has_room = entries.times.len() < self.capacity;
        if has_room {
            entries.by_time.insert((at, *handle.as_bytes()));
            entries.times.insert(handle, at);
        }
        has_room
    }

    pub(crate) fn forget(&self, handle: Digest) {
        self.entries.lock().remove(handle);
    }

    /// Takes out one journey that something is due for at `now`.
    pub(crate) fn take(&self, now: Timestamp) -> Option<Digest> {
        let mut entries = self.entries.lock();
        let &(_, handle) = entries.by_time.first().filter(|(at, _)| *at <= now)?;
        let handle = Digest::from_bytes(handle);
        entries.remove(handle);
        Some(handle)
    }
}

impl Entries {
    fn remove(&mut self, handle: Digest) {
        if let Some(at) = self.times.remove(&handle) {
            self.by_time.remove(&(at, *handle.as_bytes()));
        }
    }
}

impl Router {
    /// Lists what is due next for a journey that asks somebody.
    pub(crate) fn schedule(&self, held: &Held) {
        let Some((_, chain)) = held.challenged() else { return };
        let (now, deadline) = (self.clock.now(), held.journey.deadline());
        let at = chain_moves::due_at(chain, now).map_or(deadline, |at| at.min(deadline));
        // What is due already is looked at by the next tick, never by this one again.
        let at = at.max(now + self.settings.tick);
        if !self.due.schedule(held.handle, at) {
            // Whoever comes for the journey does what is due.
            outcome::forgone("due");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn a_journey_is_listed_once_and_taken_out_when_it_is_due() {
        let list = DueList::new(10);
        let (one, other) = (Digest::of("one"), Digest::of("other"));
        assert!(list.schedule(one, at(20)) && list.schedule(other, at(15)));
        assert!(list.schedule(one, at(10)));
        assert_eq!(list.take(at(9)), None);
        assert_eq!(list.take(at(30)), Some(one));
        assert_eq!(list.take(at(30)), Some(other));
        assert_eq!(list.take(at(30)), None);
    }

    #[test]
    fn a_full_list_takes_a_new_time_for_what_it_has_and_nothing_else() {
        let list = DueList::new(1);
        let (one, other) = (Digest::of("one"), Digest::of("other"));
        assert!(list.schedule(one, at(20)));
        assert!(!list.schedule(other, at(1)));
        assert!(list.schedule(one, at(30)));
        list.forget(one);
        assert!(list.schedule(other, at(1)));
    }
}
