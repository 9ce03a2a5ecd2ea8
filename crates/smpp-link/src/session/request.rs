//! From a caller to the session and back, without doubt about what was sent.

use std::sync::Arc;

use parking_lot::Mutex;
use rusmpp::Pdu;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::{Instant, timeout_at},
};

use crate::ledger::Part;

/// What became of a submit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The centre answered with this `command_status`.
    Answered(u32),
    /// Not one octet of it left: sending it elsewhere makes no duplicate.
    NotSent,
    /// It left, and no answer came: it may have arrived.
    Unknown,
}

/// One submit on its way to the session.
pub(crate) struct Request {
    shelf: Shelf,
    /// What it is about.
    pub(super) part: Part,
    /// Where the status of the answer goes.
    pub(super) reply: oneshot::Sender<u32>,
    /// Its place in the window, free again when the answer is there.
    pub(super) place: OwnedSemaphorePermit,
}

impl Request {
    /// Takes the PDU in order to send it; `None` when the caller has withdrawn it.
    pub(super) fn claim(&self) -> Option<Pdu> {
        self.shelf.0.lock().take()
    }
}

/// Where callers reach a bound session.
#[derive(Clone, Debug)]
pub(crate) struct Handle {
    requests: mpsc::Sender<Request>,
    places: Arc<Semaphore>,
}

/// The two ends between callers and a session of `window` unanswered requests.
pub(crate) fn channel(window: usize) -> (Handle, mpsc::Receiver<Request>) {
    // Whoever sends holds a place in the window, so the channel is never full.
    let (requests, receiver) = mpsc::channel(window.max(1));
    (Handle { requests, places: Arc::new(Semaphore::new(window.max(1))) }, receiver)
}

impl Handle {
    /// Submits and awaits the answer. What is not on the wire at `hand_over_by` is withdrawn; what
    /// has no answer at `decide_by` is unknown.
    pub(crate) async fn submit(
        &self,
        pdu: Pdu,
        part: Part,
        hand_over_by: Instant,
        decide_by: Instant,
    ) -> Outcome {
        let places = Arc::clone(&self.places);
        let Ok(Ok(place)) = timeout_at(hand_over_by, places.acquire_owned()).await else {
            return Outcome::NotSent;
        };
        let (reply, mut answer) = oneshot::channel();
        let withdrawal = Withdrawal(Shelf(Arc::new(Mutex::new(Some(pdu)))));
        let request = Request { shelf: withdrawal.0.clone(), part, reply, place };
        if self.requests.try_send(request).is_err() {
            return Outcome::NotSent;
        }
        match timeout_at(hand_over_by, &mut answer).await {
            Ok(Ok(status)) => return Outcome::Answered(status),
            _ if withdrawal.succeeds() => return Outcome::NotSent,
            // The session ended after it sent.
            Ok(Err(_)) => return Outcome::Unknown,
            Err(_) => {}
        }
        match timeout_at(decide_by, answer).await {
            Ok(Ok(status)) => Outcome::Answered(status),
            Ok(Err(_)) | Err(_) => Outcome::Unknown,
        }
    }
}

/// Holds a PDU for whoever takes it first: the session, which then sends it, or the caller, who then
/// knows that nobody will.
#[derive(Clone)]
struct Shelf(Arc<Mutex<Option<Pdu>>>);

/// The caller's right to the PDU; used also when the caller's future is dropped, so that a message
/// nobody waits for is not sent late.
struct Withdrawal(Shelf);

impl Withdrawal {
    fn succeeds(&self) -> bool {
        self.0.0.lock().take().is_some()
    }
}

impl Drop for Withdrawal {
    fn drop(&mut self) {
        self.succeeds();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn part() -> Part {
        Part { phone: "34600000001".into(), message: None }
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(20)
    }

    #[tokio::test]
    async fn a_request_that_the_session_has_not_taken_is_withdrawn() {
        let (handle, mut requests) = channel(1);
        assert_eq!(handle.submit(Pdu::EnquireLink, part(), soon(), soon()).await, Outcome::NotSent);
        assert_eq!(requests.recv().await.unwrap().claim(), None);
    }

    #[tokio::test]
    async fn a_request_that_was_taken_and_never_answered_is_unknown() {
        let (handle, mut requests) = channel(1);
        let session = async {
            let request = requests.recv().await.unwrap();
            assert!(request.claim().is_some());
            request
        };
        let (outcome, _unanswered) =
            tokio::join!(handle.submit(Pdu::EnquireLink, part(), soon(), soon()), session);
        assert_eq!(outcome, Outcome::Unknown);
    }

    #[tokio::test]
    async fn a_session_that_ends_tells_sent_from_unsent() {
        let (handle, mut requests) = channel(2);
        let later = Instant::now() + Duration::from_mins(1);
        let session = async {
            let taken = requests.recv().await.unwrap();
            taken.claim();
            let waiting = requests.recv().await.unwrap();
            drop((taken, waiting, requests));
        };
        let (one, two, ()) = tokio::join!(
            handle.submit(Pdu::EnquireLink, part(), later, later),
            handle.submit(Pdu::EnquireLink, part(), later, later),
            session
        );
        assert_eq!([one, two], [Outcome::Unknown, Outcome::NotSent]);
        assert_eq!(handle.submit(Pdu::EnquireLink, part(), later, later).await, Outcome::NotSent);
    }

    #[tokio::test]
    async fn a_full_window_is_not_waited_for_beyond_the_hand_over() {
        let (handle, mut requests) = channel(1);
        let later = Instant::now() + Duration::from_mins(1);
        let first = handle.submit(Pdu::EnquireLink, part(), later, later);
        let second = async {
            let taken = requests.recv().await.unwrap();
            let outcome = handle.submit(Pdu::EnquireLink, part(), soon(), later).await;
            taken.reply.send(0x58).unwrap();
            outcome
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!([first, second], [Outcome::Answered(0x58), Outcome::NotSent]);
    }

    #[tokio::test]
    async fn a_caller_who_goes_away_takes_the_message_along() {
        let (handle, mut requests) = channel(1);
        let later = Instant::now() + Duration::from_mins(1);
        let submit = handle.submit(Pdu::EnquireLink, part(), later, later);
        assert!(timeout_at(soon(), submit).await.is_err());
        assert_eq!(requests.recv().await.unwrap().claim(), None);
    }
}
