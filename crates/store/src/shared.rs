//! What readers and the writer of one store have in common.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use crate::{
    clock_guard::ClockGuard, connection::Connection, epoch_snapshot::EpochSnapshot,
    failure::Failure,
};

/// A request waits so long for a disk of our own.
const PATIENCE_WITH_DISK: Duration = Duration::from_secs(5);

/// Memory of an open store.
pub(crate) struct Shared {
    /// The guarded clock.
    pub(crate) clock: ClockGuard,
    /// Counts of ends, where memory may answer for the database.
    pub(crate) epochs: EpochSnapshot,
    /// Whether this process alone changes the database, by an exclusive lock.
    pub(crate) alone: bool,
    /// A commit is given up after so long; `None` for a disk of our own, which may be slow but
    /// does not vanish behind a network.
    pub(crate) commit_deadline: Option<Duration>,
    broken: AtomicBool,
}

impl Shared {
    pub(crate) fn new(clock: ClockGuard, alone: bool, commit_deadline: Option<Duration>) -> Self {
        let broken = AtomicBool::new(false);
        Self { clock, epochs: EpochSnapshot::new(alone), alone, commit_deadline, broken }
    }

    /// A request waits so long for its commit: the time of its batch, and a little for the rest of
    /// the batch before; T-243 allows 300 ms for both. What it waits for in vain may still become
    /// durable.
    pub(crate) fn patience(&self) -> Duration {
        self.commit_deadline.map_or(PATIENCE_WITH_DISK, |deadline| deadline * 6 / 5)
    }

    /// Reads what memory holds, over the connection that will write.
    pub(crate) async fn load(&self, connection: &mut Connection) -> Result<(), Failure> {
        self.clock.learn(connection).await?;
        self.epochs.load(connection).await
    }

    /// The disk failed under a write; only a restart helps ([`Failure::Disk`]).
    pub(crate) fn note_broken(&self) {
        self.broken.store(true, Ordering::SeqCst);
    }

    /// See [`Self::note_broken`].
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
    }
}
