//! The place where an outcome waits for its commit.

use fiador_ports::StoreError;
use tokio::sync::oneshot;

/// An outcome, held back until what it says is durable (T-242).
pub(crate) struct Slot<T> {
    outcome: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T> Slot<T> {
    /// A slot, and where its answer will arrive.
    pub(crate) fn new() -> (Self, oneshot::Receiver<Result<T, StoreError>>) {
        let (reply, answer) = oneshot::channel();
        (Self { outcome: None, reply }, answer)
    }

    /// What the caller will hear if the transaction commits. When the work is done again, the
    /// later outcome counts.
    pub(crate) fn fill(&mut self, outcome: Result<T, StoreError>) {
        self.outcome = Some(outcome);
    }

    /// Whether the caller waits no longer.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    /// Tells the caller: the outcome after a commit, else the error and never success (T-057).
    pub(crate) fn answer(self, committed: Result<(), StoreError>) {
        let answer = match (committed, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(StoreError::Unavailable),
            (Err(error), _) => Err(error),
        };
        // A caller that no longer waits has nothing to hear.
        let _ = self.reply.send(answer);
    }
}
