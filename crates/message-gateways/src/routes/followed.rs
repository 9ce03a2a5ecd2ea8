//! Which messages went by which routes, until their fate is known.

use std::{collections::VecDeque, time::Duration};

use fiador_domain::{journey::Delivery, recent::Recent};
use fiador_kernel::{Digest, Timestamp};

/// Messages followed at most; the oldest go first (T-260).
const MESSAGES: usize = 100_000;
/// No code lives so long.
const LIFE: Duration = Duration::from_hours(1);

/// The messages of all routes of this node.
#[derive(Debug)]
pub(super) struct Followed {
    messages: Recent<Digest, Vec<Attempt>, Timestamp>,
    /// When the silence about an attempt begins to count, in order.
    due: VecDeque<(Timestamp, Digest, usize)>,
}

#[derive(Clone, Copy, Debug)]
struct Attempt {
    route: usize,
    /// What was told, if anything.
    fate: Option<Delivery>,
    /// It is in the route's record.
    is_counted: bool,
}

/// What a report changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// For the record of the route.
    pub(super) counts: bool,
    /// For whoever follows the message.
    pub(super) is_told: bool,
}

impl Default for Followed {
    fn default() -> Self {
        Self { messages: Recent::new(MESSAGES, LIFE), due: VecDeque::new() }
    }
}

impl Followed {
    /// An attempt begins: a report may come before it ends.
    pub(super) fn begin(&mut self, tracking: Digest, route: usize, now: Timestamp) {
        let attempt = Attempt { route, fate: None, is_counted: false };
        match self.messages.get_mut(&tracking, now) {
            Some(attempts) => attempts.push(attempt),
            None => self.messages.insert(tracking, vec![attempt], now),
        }
    }

    /// The attempt ended without the message being sent.
    pub(super) fn withdraw(&mut self, tracking: Digest, route: usize, now: Timestamp) {
        if let Some(attempts) = self.messages.get_mut(&tracking, now) {
            attempts.retain(|attempt| attempt.route != route);
        }
    }

    /// Silence after `due` counts against the route.
    pub(super) fn expect(&mut self, tracking: Digest, route: usize, due: Timestamp) {
        self.due.push_back((due, tracking, route));
        if self.due.len() > MESSAGES {
            self.due.pop_front();
        }
    }

    /// A route told the fate of a message. What is not followed any more is told as it comes.
    pub(super) fn report(
        &mut self,
        tracking: Digest,
        route: usize,
        fate: Delivery,
        now: Timestamp,
    ) -> Change {
        let Some(attempts) = self.messages.get_mut(&tracking, now) else {
            return Change { counts: false, is_told: true };
        };
        let told_before = told(attempts);
        let found = attempts.iter_mut().find(|one| one.route == route && one.fate.is_none());
        let Some(attempt) = found else { return Change { counts: false, is_told: false } };
        attempt.fate = Some(fate);
        let counts = !std::mem::replace(&mut attempt.is_counted, true);
        Change { counts, is_told: told(attempts) != told_before }
    }

    /// The next attempt about which nothing was told in time.
    pub(super) fn next_overdue(&mut self, now: Timestamp) -> Option<usize> {
        while self.due.front().is_some_and(|(due, ..)| *due <= now) {
            let (_, tracking, route) = self.due.pop_front()?;
            let attempts = self.messages.get_mut(&tracking, now);
            let open = attempts.and_then(|attempts| {
                attempts.iter_mut().find(|one| one.route == route && !one.is_counted)
            });
            if let Some(attempt) = open {
                attempt.is_counted = true;
                return Some(route);
            }
        }
        None
    }
}

/// What is known of a message that may have gone by several routes: it has arrived when it has by
/// one, and failed when it has by all.
fn told(attempts: &[Attempt]) -> Option<Delivery> {
    let mut fates = attempts.iter().map(|attempt| attempt.fate);
    if attempts.iter().any(|attempt| attempt.fate == Some(Delivery::Delivered)) {
        Some(Delivery::Delivered)
    } else if !attempts.is_empty() && fates.all(|fate| fate == Some(Delivery::Failed)) {
        Some(Delivery::Failed)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(100);

    fn change(counts: bool, is_told: bool) -> Change {
        Change { counts, is_told }
    }

    #[test]
    fn a_fate_is_told_and_counted_once() {
        let (mut followed, message) = (Followed::default(), Digest::of("x"));
        followed.begin(message, 0, NOW);
        assert_eq!(followed.report(message, 0, Delivery::Delivered, NOW), change(true, true));
        assert_eq!(followed.report(message, 0, Delivery::Delivered, NOW), change(false, false));
        assert_eq!(followed.report(message, 0, Delivery::Failed, NOW), change(false, false));
    }

    #[test]
    fn a_message_sent_twice_has_failed_only_when_both_have() {
        let (mut followed, message) = (Followed::default(), Digest::of("x"));
        followed.begin(message, 0, NOW);
        followed.begin(message, 1, NOW);
        assert_eq!(followed.report(message, 0, Delivery::Failed, NOW), change(true, false));
        assert_eq!(followed.report(message, 1, Delivery::Failed, NOW), change(true, true));
        let other = Digest::of("y");
        followed.begin(other, 0, NOW);
        followed.begin(other, 1, NOW);
        assert_eq!(followed.report(other, 1, Delivery::Failed, NOW), change(true, false));
        assert_eq!(followed.report(other, 0, Delivery::Delivered, NOW), change(true, true));
    }

    #[test]
    fn silence_counts_once_and_a_late_fate_is_still_told() {
        let (mut followed, message) = (Followed::default(), Digest::of("x"));
        followed.begin(message, 3, NOW);
        followed.expect(message, 3, NOW + Duration::from_secs(9));
        assert_eq!(followed.next_overdue(NOW), None);
        let later = NOW + Duration::from_secs(9);
        assert_eq!(followed.next_overdue(later), Some(3));
        assert_eq!(followed.next_overdue(later), None);
        assert_eq!(followed.report(message, 3, Delivery::Delivered, later), change(false, true));
    }

    #[test]
    fn what_was_never_sent_is_not_missed() {
        let (mut followed, message) = (Followed::default(), Digest::of("x"));
        followed.begin(message, 0, NOW);
        followed.withdraw(message, 0, NOW);
        followed.begin(message, 1, NOW);
        followed.expect(message, 1, NOW);
        assert_eq!(followed.report(message, 1, Delivery::Failed, NOW), change(true, true));
        assert_eq!(followed.next_overdue(NOW), None);
        assert_eq!(
            followed.report(Digest::of("stranger"), 0, Delivery::Failed, NOW),
            change(false, true)
        );
    }
}
