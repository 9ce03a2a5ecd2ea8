//! All writes of a node go through one task and share commits.
//!
//! While one commit is on its way to the disk, writes collect in a queue; then all of them go into
//! the next transaction. So a busy node does a few commits for many logins, and a quiet one does
//! not wait for company. Callers hear the outcome after the durable commit (T-242).
//!
//! Items of a batch cannot hurt each other: when the database refuses something in a batch, the
//! transaction is undone and each half of the batch is done again for itself. Rejected: a
//! savepoint around each item, which costs two more statements per login to prepare for what
//! never happens; the two writes of a login would also have to be done item by item instead of by
//! one statement for all.

mod batch;
mod link;
pub(crate) mod operation;
mod size;
pub(crate) mod slot;
pub(crate) mod transaction;

use std::{sync::Arc, time::Duration};

use fiador_ports::StoreError;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{mpsc, oneshot};

use self::{
    batch::Batches,
    operation::{Item, Operation, Work},
    slot::Slot,
};
use crate::{connection::Connection, connector::Connector, shared::Shared, sqlite::ProcessLock};

/// The way into the queue.
pub(crate) struct Writer {
    /// A request waits so long for its commit, in the queue and in the batch together.
    patience: Duration,
    queue: RwLock<Option<mpsc::Sender<Operation>>>,
    /// Hears nothing, and ends with the last write.
    done: Mutex<Option<oneshot::Receiver<()>>>,
}

impl Writer {
    /// Starts the task on an open connection. Fails where the system gives no thread.
    pub(crate) fn start(
        connection: Connection,
        connector: Connector,
        shared: Arc<Shared>,
        lock: Option<ProcessLock>,
        capacity: usize,
    ) -> std::io::Result<Self> {
        let patience = shared.patience();
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        let on_disk = connector.is_lite();
        let batches = Batches::new(connection, connector, shared, lock);
        let (ending, done) = oneshot::channel();
        let work = async move {
            batches.run(receiver).await;
            drop(ending);
        };
        if on_disk {
            on_a_thread_of_its_own(work)?;
        } else {
            tokio::spawn(work);
        }
        Ok(Self { patience, queue: RwLock::new(Some(sender)), done: Mutex::new(Some(done)) })
    }

    /// Writes, and waits for the commit. Upkeep waits as long as it takes.
    pub(crate) async fn write<W: Work>(&self, work: W) -> Result<W::Outcome, StoreError> {
        let (slot, answer) = Slot::new();
        self.put(Operation::Other(Box::new(Item { work, slot })))?;
        if W::UPKEEP {
            return answer.await.unwrap_or(Err(StoreError::Unavailable));
        }
        self.heard(answer).await
    }

    /// Waits for the answer of a write, but no longer than a request may (T-243).
    pub(crate) async fn heard<T>(
        &self,
        answer: oneshot::Receiver<Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match tokio::time::timeout(self.patience, answer).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(StoreError::Unavailable),
            Err(_) => {
                metrics::counter!("fiador_store_writes_late_total").increment(1);
                Err(StoreError::Unavailable)
            }
        }
    }

    /// Puts a write into the queue; its answer comes through its slot.
    pub(crate) fn put(&self, operation: Operation) -> Result<(), StoreError> {
        let queue = self.queue.read();
        let sender = queue.as_ref().ok_or(StoreError::Unavailable)?;
        sender.try_send(operation).map_err(|_| {
            metrics::counter!("fiador_store_writes_refused_total").increment(1);
            StoreError::Unavailable
        })
    }

    /// Takes nothing more and waits until what was taken is done.
    pub(crate) async fn close(&self) {
        drop(self.queue.write().take());
        let done = self.done.lock().take();
        if let Some(done) = done {
            // It ends when the queue is empty, and is an error because nothing is ever said.
            let _ = done.await;
        }
    }
}

/// A commit to SQLite waits for the disk where it is called, and must not hold up requests.
fn on_a_thread_of_its_own(work: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let runtime = tokio::runtime::Handle::current();
    let thread = std::thread::Builder::new().name("fiador-writer".to_owned());
    thread.spawn(move || runtime.block_on(work)).map(|_| ())
}
