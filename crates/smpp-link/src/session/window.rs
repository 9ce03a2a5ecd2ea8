//! Requests without an answer, by sequence number.

use std::{collections::HashMap, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, oneshot},
    time::Instant,
};

use super::bind::BIND_SEQUENCE_NUMBER;
use crate::ledger::Part;

/// SMPP 3.4 §5.1.4.
const LAST_SEQUENCE_NUMBER: u32 = 0x7fff_ffff;

/// What still awaits an answer. Bounded by the places of the window plus one `enquire_link`.
#[derive(Debug)]
pub(super) struct Window {
    last: u32,
    submits: HashMap<u32, Submit>,
    enquiry: Option<(u32, Instant)>,
}

impl Default for Window {
    fn default() -> Self {
        Self { last: BIND_SEQUENCE_NUMBER, submits: HashMap::new(), enquiry: None }
    }
}

#[derive(Debug)]
struct Submit {
    reply: oneshot::Sender<u32>,
    part: Part,
    sent_at: Instant,
    _place: OwnedSemaphorePermit,
}

/// What waited too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expired {
    /// How many submits; their callers have been told.
    pub(super) submits: usize,
    /// Whether an `enquire_link`.
    pub(super) enquiry: bool,
}

impl Window {
    /// Enters a submit about to be sent.
    pub(super) fn submit(
        &mut self,
        reply: oneshot::Sender<u32>,
        part: Part,
        place: OwnedSemaphorePermit,
        now: Instant,
    ) -> u32 {
        let sequence_number = self.next();
        let submit = Submit { reply, part, sent_at: now, _place: place };
        self.submits.insert(sequence_number, submit);
        sequence_number
    }

    /// Enters an `enquire_link` about to be sent.
    pub(super) fn enquire_link(&mut self, now: Instant) -> u32 {
        let sequence_number = self.next();
        self.enquiry = Some((sequence_number, now));
        sequence_number
    }

    /// A number that nothing else awaits an answer under.
    pub(super) fn next(&mut self) -> u32 {
        loop {
            self.last = if self.last >= LAST_SEQUENCE_NUMBER { 1 } else { self.last + 1 };
            if !self.submits.contains_key(&self.last) {
                return self.last;
            }
        }
    }

    /// A submit was answered. Gives what it was about, if there was such a submit.
    pub(super) fn submit_answered(&mut self, sequence_number: u32, status: u32) -> Option<Part> {
        let submit = self.submits.remove(&sequence_number)?;
        // A caller who no longer waits has been told that the outcome is unknown.
        let _ = submit.reply.send(status);
        Some(submit.part)
    }

    /// An `enquire_link` was answered.
    pub(super) fn enquiry_answered(&mut self, sequence_number: u32) {
        self.enquiry.take_if(|(awaited, _)| *awaited == sequence_number);
    }

    /// Gives up what was sent `timeout` ago or earlier.
    pub(super) fn expire(&mut self, now: Instant, timeout: Duration) -> Expired {
        let before = self.submits.len();
        let late = |sent_at: Instant| now.saturating_duration_since(sent_at) >= timeout;
        self.submits.retain(|_, submit| !late(submit.sent_at));
        Expired {
            submits: before - self.submits.len(),
            enquiry: self.enquiry.is_some_and(|(_, sent_at)| late(sent_at)),
        }
    }

    /// Whether an `enquire_link` is under way.
    pub(super) fn is_enquiring(&self) -> bool {
        self.enquiry.is_some()
    }

    /// Whether no submit awaits an answer.
    pub(super) fn is_idle(&self) -> bool {
        self.submits.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::*;

    fn part() -> Part {
        Part { phone: "34600000001".into(), message: None }
    }

    fn place() -> OwnedSemaphorePermit {
        Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap()
    }

    #[tokio::test]
    async fn answers_find_their_submits_in_any_order_and_once() {
        let mut window = Window::default();
        let ((reply, first), (other, second)) = (oneshot::channel(), oneshot::channel());
        let one = window.submit(reply, part(), place(), Instant::now());
        let two = window.submit(other, part(), place(), Instant::now());
        assert!(window.submit_answered(two, 0x58).is_some());
        assert!(window.submit_answered(one, 0).is_some());
        assert!(window.submit_answered(one, 0).is_none());
        assert_eq!((first.await, second.await), (Ok(0), Ok(0x58)));
    }

    #[test]
    fn sequence_numbers_wrap_and_skip_those_in_use() {
        let mut window = Window::default();
        let long_ago = window.submit(oneshot::channel().0, part(), place(), Instant::now());
        assert_eq!(long_ago, 2);
        window.last = LAST_SEQUENCE_NUMBER;
        assert_eq!([window.next(), window.next()], [1, 3]);
    }

    #[test]
    fn what_waits_too_long_is_given_up() {
        let mut window = Window::default();
        let now = Instant::now();
        let (reply, mut answer) = oneshot::channel();
        window.submit(reply, part(), place(), now);
        window.enquire_link(now);
        let timeout = Duration::from_secs(10);
        let early = window.expire(now + timeout / 2, timeout);
        assert_eq!(early, Expired { submits: 0, enquiry: false });
        let late = window.expire(now + timeout, timeout);
        assert_eq!(late, Expired { submits: 1, enquiry: true });
        assert_eq!(answer.try_recv(), Err(oneshot::error::TryRecvError::Closed));
    }
}
