//! Decisions that are not written yet.

use std::collections::{HashSet, VecDeque};

use fiador_ports::RoutingRecord;
use parking_lot::Mutex;

/// Decisions in the order of their coming, at most `capacity`. Where there is no room the oldest goes:
/// whoever asks why asks about a login that just was.
pub(super) struct Backlog {
    capacity: usize,
    waiting: Mutex<VecDeque<RoutingRecord>>,
}

impl Backlog {
    pub(super) const fn new(capacity: usize) -> Self {
        Self { capacity, waiting: Mutex::new(VecDeque::new()) }
    }

    /// Adds one.
    pub(super) fn push(&self, record: RoutingRecord) {
        let mut waiting = self.waiting.lock();
        let oldest = (waiting.len() >= self.capacity).then(|| waiting.pop_front()).flatten();
        waiting.push_back(record);
        drop(waiting);
        if oldest.is_some() {
            count_dropped(1);
        }
    }

    /// Takes the oldest, at most `most`, of each journey the latest.
    pub(super) fn take(&self, most: usize) -> Vec<RoutingRecord> {
        let mut waiting = self.waiting.lock();
        let end = waiting.len().min(most);
        let mut taken: Vec<_> = waiting.drain(..end).rev().collect();
        drop(waiting);
        let mut seen = HashSet::new();
        taken.retain(|record| seen.insert(record.journey.clone()));
        taken.reverse();
        taken
    }

    /// Puts back what could not be written, as far as there is room.
    pub(super) fn put_back(&self, records: Vec<RoutingRecord>) {
        let mut waiting = self.waiting.lock();
        let room = self.capacity.saturating_sub(waiting.len());
        let surplus = records.len().saturating_sub(room);
        for record in records.into_iter().skip(surplus).rev() {
            waiting.push_front(record);
        }
        drop(waiting);
        count_dropped(surplus);
    }
}

/// Decisions that nobody will be able to explain.
pub(super) fn count_dropped(records: usize) {
    if records > 0 {
        metrics::counter!("fiador_routing_records_dropped_total")
            .increment(u64::try_from(records).unwrap_or(u64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use fiador_domain::routing::{Decision, Facts};
    use fiador_kernel::{ClientId, JourneyId, ScopeSet, Timestamp};

    use super::*;

    fn record(journey: usize, at: i64) -> RoutingRecord {
        RoutingRecord {
            journey: JourneyId::new(&format!("j{journey}")).unwrap(),
            facts: Facts {
                at: Timestamp::from_micros(at),
                client: ClientId::new("bank").unwrap(),
                profile: fiador_domain::profile::Profile::MobileConnect,
                scopes: ScopeSet::parse("openid").unwrap(),
                levels: Vec::new(),
                levels_voluntary: false,
                request: fiador_domain::routing::RequestFacts::default(),
                subscriber: fiador_domain::routing::SubscriberFacts::default(),
                risk: fiador_domain::routing::RiskFacts::default(),
            },
            candidates: Vec::new(),
            decision: Decision {
                policy: 0,
                steps: Vec::new(),
                level: None,
                unserved: None,
                verdicts: Vec::new(),
            },
        }
    }

    fn journeys(records: &[RoutingRecord]) -> Vec<&str> {
        records.iter().map(|record| record.journey.as_str()).collect()
    }

    #[test]
    fn where_there_is_no_room_the_oldest_goes_t_260() {
        let backlog = Backlog::new(3);
        for number in 0..10 {
            backlog.push(record(number, 0));
        }
        let taken = backlog.take(2);
        assert_eq!(journeys(&taken), ["j7", "j8"]);
        for number in 10..12 {
            backlog.push(record(number, 0));
        }
        // Beside j9, j10 and j11 there is no room.
        backlog.put_back(taken);
        assert_eq!(journeys(&backlog.take(9)), ["j9", "j10", "j11"]);
        assert!(backlog.take(9).is_empty());
    }

    #[test]
    fn what_could_not_be_written_comes_first_again() {
        let backlog = Backlog::new(4);
        for number in 0..3 {
            backlog.push(record(number, 0));
        }
        let taken = backlog.take(2);
        backlog.put_back(taken);
        backlog.push(record(3, 0));
        assert_eq!(journeys(&backlog.take(9)), ["j0", "j1", "j2", "j3"]);
    }

    #[test]
    fn of_a_journey_only_its_latest_decision_is_taken() {
        let backlog = Backlog::new(10);
        for (journey, at) in [(1, 1), (2, 2), (1, 3), (3, 4), (1, 5)] {
            backlog.push(record(journey, at));
        }
        let taken = backlog.take(9);
        assert_eq!(journeys(&taken), ["j2", "j3", "j1"]);
        assert_eq!(taken[2].facts.at, Timestamp::from_micros(5));
    }
}
