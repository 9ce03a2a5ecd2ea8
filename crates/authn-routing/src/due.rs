//! What this node has to look at by itself, and when.

use std::collections::{BTreeSet, HashMap};

use fiador_kernel::{AuthenticatorId, Digest, Timestamp};
use parking_lot::Mutex;

use crate::{Router, chain_moves, held::Held, outcome};

/// Lanes that are told apart, the one for ends included; the steps of a policy are few. What finds
/// none left shares the last.
const LANES: usize = 64;

/// What is done for a journey, and beside what else: what is slow for one lane holds up no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Lane(usize);

/// When something is due for a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Appointments {
    /// Its end: a matter of the store alone.
    pub(crate) end: Timestamp,
    /// Its next step, and whom that asks.
    pub(crate) step: Option<(Timestamp, Vec<AuthenticatorId>)>,
}

/// Journeys by the times at which something is due for them, at most `capacity`.
pub(crate) struct DueList {
    capacity: usize,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    /// By lane, that of ends first.
    lanes: Vec<Queue>,
    journeys: HashMap<Digest, Listed>,
}

/// The journeys of a lane.
#[derive(Default)]
struct Queue {
    /// Whom its steps ask.
    asks: Vec<AuthenticatorId>,
    by_time: BTreeSet<(Timestamp, [u8; 32])>,
}

#[derive(Clone, Copy)]
struct Listed {
    end: Timestamp,
    step: Option<(Timestamp, Lane)>,
}

impl Lane {
    pub(crate) const ENDS: Self = Self(0);
}

impl DueList {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::default() }
    }

    /// Lists a journey, in place of what was listed for it. `false` when the list is full.
    pub(crate) fn schedule(&self, handle: Digest, due: Appointments) -> bool {
        let mut entries = self.entries.lock();
        entries.remove(handle);
        let has_room = entries.journeys.len() < self.capacity;
        if has_room {
            let step = due.step.map(|(at, asks)| (at, entries.lane_of(asks)));
            entries.insert(handle, Listed { end: due.end, step });
        }
        has_room
    }

    /// Lists what was taken out, and could not be done, for another try at `at`.
    pub(crate) fn put_off(&self, handle: Digest, lane: Lane, at: Timestamp) {
        let mut entries = self.entries.lock();
        let listed = entries.remove(handle);
        if entries.journeys.len() < self.capacity {
            let again = match lane {
                Lane::ENDS => Listed { end: at, step: None },
                _ => Listed { end: listed.map_or(at, |one| one.end), step: Some((at, lane)) },
            };
            entries.insert(handle, again);
        }
    }

    pub(crate) fn forget(&self, handle: Digest) {
        self.entries.lock().remove(handle);
    }

    /// Takes out what is due for one journey at `now`, in a lane that has a place for it. Its end stays
    /// listed while its step is under way.
    pub(crate) fn take(
        &self,
        now: Timestamp,
        has_place: impl Fn(Lane) -> bool,
    ) -> Option<(Digest, Lane)> {
        let mut entries = self.entries.lock();
        let lanes = entries.lanes.iter().enumerate().filter(|(number, _)| has_place(Lane(*number)));
        let first = lanes.filter_map(|(number, queue)| Some((*queue.by_time.first()?, number)));
        let ((_, handle), number) = first.filter(|((at, _), _)| *at <= now).min()?;
        let (handle, lane) = (Digest::from_bytes(handle), Lane(number));
        let listed = entries.remove(handle);
        if let Some(listed) = listed.filter(|_| lane != Lane::ENDS) {
            entries.insert(handle, Listed { step: None, ..listed });
        }
        Some((handle, lane))
    }
}

impl Entries {
    fn lane_of(&mut self, asks: Vec<AuthenticatorId>) -> Lane {
        if self.lanes.is_empty() {
            self.lanes.push(Queue::default());
        }
        let known = self.lanes.iter().skip(1).position(|queue| queue.asks == asks);
        if known.is_none() && self.lanes.len() < LANES {
            self.lanes.push(Queue { asks, ..Queue::default() });
        }
        Lane(known.map_or(self.lanes.len() - 1, |place| place + 1))
    }

    fn insert(&mut self, handle: Digest, listed: Listed) {
        for (at, lane) in listed.entries() {
            if self.lanes.len() <= lane.0 {
                self.lanes.resize_with(lane.0 + 1, Queue::default);
            }
            if let Some(queue) = self.lanes.get_mut(lane.0) {
                queue.by_time.insert((at, *handle.as_bytes()));
            }
        }
        self.journeys.insert(handle, listed);
    }

    fn remove(&mut self, handle: Digest) -> Option<Listed> {
        let listed = self.journeys.remove(&handle)?;
        for (at, lane) in listed.entries() {
            if let Some(queue) = self.lanes.get_mut(lane.0) {
                queue.by_time.remove(&(at, *handle.as_bytes()));
            }
        }
        Some(listed)
    }
}

impl Listed {
    fn entries(self) -> impl Iterator<Item = (Timestamp, Lane)> {
        std::iter::once((self.end, Lane::ENDS)).chain(self.step)
    }
}

impl Router {
    /// Lists what is due next for a journey that asks somebody.
    pub(crate) fn schedule(&self, held: &Held) {
        let Some((_, chain)) = held.challenged() else { return };
        let (now, deadline) = (self.clock.now(), held.journey.deadline());
        // What is due already is looked at by the next tick, never by this one again.
        let listed_at = |at: Timestamp| at.min(deadline).max(now + self.settings.tick);
        let due_at = chain_moves::due_at(chain, now).map(listed_at);
        let due = match chain.ahead.first() {
            Some(step) => Appointments {
                end: listed_at(deadline),
                step: due_at.map(|at| (at, step.authenticators.clone())),
            },
            // There is no step, and its end is the only thing that can be due.
            None => Appointments { end: due_at.unwrap_or_else(|| listed_at(deadline)), step: None },
        };
        if !self.due.schedule(held.handle, due) {
            // Whoever comes for the journey does what is due.
            outcome::forgone("due");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: fn(Lane) -> bool = |_| true;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn ends(seconds: i64) -> Appointments {
        Appointments { end: at(seconds), step: None }
    }

    fn asks(name: &str, step: i64, end: i64) -> Appointments {
        let asks = vec![AuthenticatorId::new(name).unwrap()];
        Appointments { end: at(end), step: Some((at(step), asks)) }
    }

    #[test]
    fn a_journey_is_listed_once_and_taken_out_when_it_is_due() {
        let list = DueList::new(10);
        let (one, other) = (Digest::of("one"), Digest::of("other"));
        assert!(list.schedule(one, ends(20)) && list.schedule(other, ends(15)));
        assert!(list.schedule(one, ends(10)));
        assert_eq!(list.take(at(9), ANY), None);
        assert_eq!(list.take(at(30), ANY), Some((one, Lane::ENDS)));
        assert_eq!(list.take(at(30), ANY), Some((other, Lane::ENDS)));
        assert_eq!(list.take(at(30), ANY), None);
    }

    #[test]
    fn a_full_list_takes_a_new_time_for_what_it_has_and_nothing_else() {
        let list = DueList::new(1);
        let (one, other) = (Digest::of("one"), Digest::of("other"));
        assert!(list.schedule(one, ends(20)));
        assert!(!list.schedule(other, ends(1)));
        assert!(list.schedule(one, asks("sms", 25, 30)));
        list.forget(one);
        assert!(list.schedule(other, ends(1)));
        assert_eq!(list.take(at(30), ANY), Some((other, Lane::ENDS)));
    }

    #[test]
    fn the_end_of_a_journey_stays_listed_while_its_step_is_under_way() {
        let list = DueList::new(10);
        let one = Digest::of("one");
        assert!(list.schedule(one, asks("sms", 10, 20)));
        let (taken, lane) = list.take(at(15), ANY).unwrap();
        assert!(taken == one && lane != Lane::ENDS);
        assert_eq!(list.take(at(15), ANY), None);
        assert_eq!(list.take(at(20), ANY), Some((one, Lane::ENDS)));
    }

    #[test]
    fn a_lane_without_a_place_holds_up_no_other_t_264() {
        let list = DueList::new(10);
        let names = ["slow", "quick", "over"];
        let [slow, quick, over] = names.map(Digest::of);
        assert!(list.schedule(slow, asks("slow", 1, 90)));
        let lane = list.take(at(1), ANY).unwrap().1;
        assert!(list.schedule(slow, asks("slow", 1, 90)));
        assert!(list.schedule(quick, asks("quick", 2, 90)));
        assert!(list.schedule(over, asks("slow", 3, 3)));
        let others = |other: Lane| other != lane;
        assert_eq!(list.take(at(9), others).map(|taken| taken.0), Some(quick));
        assert_eq!(list.take(at(9), others), Some((over, Lane::ENDS)));
        assert_eq!(list.take(at(9), others), None);
        assert_eq!(list.take(at(9), ANY), Some((slow, lane)));
    }

    #[test]
    fn steps_without_end_share_the_last_lane() {
        let list = DueList::new(1000);
        for n in 0..200 {
            let handle = Digest::of(format!("{n}"));
            assert!(list.schedule(handle, asks(&format!("a{n}"), 1, 9)));
        }
        assert_eq!(list.entries.lock().lanes.len(), LANES);
        let mut taken = 0;
        while list.take(at(1), ANY).is_some() {
            taken += 1;
        }
        assert_eq!(taken, 200);
    }
}
