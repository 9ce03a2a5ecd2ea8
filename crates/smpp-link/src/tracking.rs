//! What became of a message, out of what became of its parts.

use std::sync::atomic::{AtomicUsize, Ordering};

use fiador_domain::journey::Delivery;
use fiador_kernel::Digest;

use crate::receipt::State;

/// `outstanding` of a message whose fate has been told.
const TOLD: usize = usize::MAX;

/// One message whose fate somebody wants to know; shared by its parts.
#[derive(Debug)]
pub(crate) struct Tracked {
    tracking: Digest,
    /// Parts that are not known to be on the phone.
    outstanding: AtomicUsize,
}

impl Tracked {
    pub(crate) fn new(tracking: Digest, parts: usize) -> Self {
        Self { tracking, outstanding: AtomicUsize::new(parts) }
    }

    /// A part has come to its end; the caller sees to it that each part does so once. Gives what is
    /// to be told: delivered with the last part, failed with the first that fails, and then nothing.
    pub(crate) fn part_ended(&self, state: State) -> Option<(Digest, Delivery)> {
        let (left, fate) = match state {
            State::Delivered => (None, Delivery::Delivered),
            State::Expired | State::Deleted | State::Undeliverable | State::Rejected => {
                (Some(TOLD), Delivery::Failed)
            }
            // On its way, or nobody knows: nothing to tell.
            State::Enroute | State::Accepted | State::Unknown => return None,
        };
        let before = self.outstanding.fetch_update(Ordering::AcqRel, Ordering::Acquire, |now| {
            if now == TOLD {
                return None;
            }
            Some(left.unwrap_or(if now <= 1 { TOLD } else { now - 1 }))
        });
        let told = before.is_ok_and(|before| fate == Delivery::Failed || before <= 1);
        told.then_some((self.tracking, fate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracked(parts: usize) -> (Tracked, Digest) {
        let tracking = Digest::of("a");
        (Tracked::new(tracking, parts), tracking)
    }

    #[test]
    fn a_message_is_delivered_when_all_its_parts_are() {
        let (message, tracking) = tracked(3);
        assert_eq!(message.part_ended(State::Delivered), None);
        assert_eq!(message.part_ended(State::Unknown), None);
        assert_eq!(message.part_ended(State::Delivered), None);
        assert_eq!(message.part_ended(State::Delivered), Some((tracking, Delivery::Delivered)));
        assert_eq!(message.part_ended(State::Delivered), None);
    }

    #[test]
    fn a_message_has_failed_when_any_part_has_and_that_is_told_once() {
        for state in [State::Expired, State::Deleted, State::Undeliverable, State::Rejected] {
            let (message, tracking) = tracked(3);
            assert_eq!(message.part_ended(State::Delivered), None);
            assert_eq!(message.part_ended(state), Some((tracking, Delivery::Failed)));
            assert_eq!(message.part_ended(state), None);
            assert_eq!(message.part_ended(State::Delivered), None);
        }
    }
}
