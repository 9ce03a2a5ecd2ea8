//! What is remembered of messages at one gateway: under which id it knows them, and what it told.

use std::time::Duration;

use fiador_domain::{journey::Delivery, recent::Recent};
use fiador_kernel::{Digest, Timestamp};

/// Messages remembered at most; the oldest go first (T-260).
const MESSAGES: usize = 100_000;
/// No code lives so long; a notice that comes later is of no use.
const MESSAGE_LIFE: Duration = Duration::from_hours(1);
/// Notices about unknown ids remembered at most.
const EARLY: usize = 10_000;
/// The answer to the request is at most a few seconds behind its notice.
const EARLY_LIFE: Duration = Duration::from_mins(1);

/// The memory of one gateway on one node.
#[derive(Debug)]
pub(crate) struct Fates {
    by_id: Recent<String, Digest, Timestamp>,
    early: Recent<String, Delivery, Timestamp>,
    told: Recent<Digest, (), Timestamp>,
}

impl Default for Fates {
    fn default() -> Self {
        Self {
            by_id: Recent::new(MESSAGES, MESSAGE_LIFE),
            early: Recent::new(EARLY, EARLY_LIFE),
            told: Recent::new(MESSAGES, MESSAGE_LIFE),
        }
    }
}

impl Fates {
    /// The gateway has taken a message under this id. Gives what it has told of it already.
    pub(crate) fn taken(&mut self, id: &str, tracking: Digest, now: Timestamp) -> Option<Delivery> {
        self.by_id.insert(id.to_owned(), tracking, now);
        self.early.remove(id, now)
    }

    /// The message that the gateway knows by this id. If there is none yet, its fate waits for it.
    pub(crate) fn find(&mut self, id: &str, fate: Delivery, now: Timestamp) -> Option<Digest> {
        let found = self.by_id.get_mut(id, now).copied();
        if found.is_none() {
            self.early.insert(id.to_owned(), fate, now);
        }
        found
    }

    /// Whether nothing has been told of this message yet; from now on something has.
    pub(crate) fn is_first(&mut self, tracking: Digest, now: Timestamp) -> bool {
        let is_first = self.told.get_mut(&tracking, now).is_none();
        if is_first {
            self.told.insert(tracking, (), now);
        }
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_finds_its_message_early_and_late_and_counts_once() {
        let (mut fates, now) = (Fates::default(), Timestamp::from_seconds(1));
        let (one, two) = (Digest::of("1"), Digest::of("2"));
        assert_eq!(fates.taken("a", one, now), None);
        assert_eq!(fates.find("a", Delivery::Delivered, now), Some(one));
        assert_eq!(fates.find("b", Delivery::Failed, now), None);
        assert_eq!(fates.taken("b", two, now), Some(Delivery::Failed));
        assert!(fates.is_first(one, now) && fates.is_first(two, now));
        assert!(!fates.is_first(one, now));
    }

    #[test]
    fn what_is_old_is_forgotten() {
        let (mut fates, now) = (Fates::default(), Timestamp::from_seconds(1));
        fates.taken("a", Digest::of("1"), now);
        fates.find("b", Delivery::Failed, now);
        assert_eq!(fates.taken("b", Digest::of("2"), now + EARLY_LIFE), None);
        assert_eq!(fates.find("a", Delivery::Delivered, now + MESSAGE_LIFE), None);
    }
}
