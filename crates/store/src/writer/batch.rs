//! The task that takes batches from the queue and commits them.

use std::{sync::Arc, time::Duration};

use fiador_ports::StoreError;
use tokio::sync::mpsc;

use super::{
    link::{Link, Taken},
    operation::Operation,
    size::{BatchSize, LARGEST},
    transaction::{Changes, Transaction},
};
use crate::{
    connection::Connection, connector::Connector, failure::Failure, shared::Shared,
    sqlite::ProcessLock, tables::budgets::cache::BudgetCache,
};

/// Conflicts with other nodes are tried again so often, and no longer than the deadline.
const RETRIES: u32 = 6;

/// A busy writer waits so long for more writes.
const COMPANY: Duration = Duration::from_millis(2);

/// The only place that writes.
pub(super) struct Batches {
    link: Link,
    size: BatchSize,
    shared: Arc<Shared>,
    budget_cache: BudgetCache,
    /// Held until the last write is done, so that nobody else opens the file before.
    _lock: Option<ProcessLock>,
}

impl Batches {
    pub(super) fn new(
        connection: Connection,
        connector: Connector,
        shared: Arc<Shared>,
        lock: Option<ProcessLock>,
    ) -> Self {
        let budget_cache = BudgetCache::new(shared.alone);
        let link = Link::new(connection, connector, Arc::clone(&shared));
        Self { link, size: BatchSize::new(), shared, budget_cache, _lock: lock }
    }

    /// Serves until the queue is closed and empty. Upkeep has transactions of its own: its locks
    /// are many, and no login should wait for them or fail with them.
    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Operation>) {
        let mut taken = Vec::with_capacity(LARGEST);
        let mut had_company = false;
        while queue.recv_many(&mut taken, self.size.get()).await > 0 {
            if had_company {
                wait_for_company(self.shared.alone).await;
                while taken.len() < self.size.get()
                    && let Ok(operation) = queue.try_recv()
                {
                    taken.push(operation);
                }
            }
            had_company = taken.len() > 1;
            let (upkeep, requests): (Vec<_>, Vec<_>) =
                taken.drain(..).partition(Operation::is_upkeep);
            self.serve(requests).await;
            for step in upkeep {
                self.serve(vec![step]).await;
            }
        }
        self.link.close().await;
    }

    /// Commits a batch and answers every caller in it. When the database refuses something in it,
    /// each half is tried for itself, and so on until those at fault are alone.
    async fn serve(&mut self, batch: Vec<Operation>) {
        let mut waiting = vec![batch];
        while let Some(mut batch) = waiting.pop() {
            let outcome = self.commit(&mut batch).await;
            if outcome == Err(Failure::Item) && batch.len() > 1 {
                let rest = batch.split_off(batch.len() / 2);
                waiting.extend([rest, batch]);
                continue;
            }
            for operation in batch {
                operation.answer(outcome.map_err(StoreError::from));
            }
        }
    }

    /// One durable commit of the whole batch, within the deadline.
    async fn commit(&mut self, batch: &mut Vec<Operation>) -> Result<(), Failure> {
        let writes = batch.len();
        let Some(deadline) = self.shared.commit_deadline else {
            return self.commit_with_retries(batch).await;
        };
        let work = self.commit_with_retries(batch);
        let outcome = match tokio::time::timeout(deadline, work).await {
            Ok(outcome) => outcome,
            Err(_) if self.link.is_coming() => Err(Failure::Gone),
            Err(_) => {
                // The connection went with the future that was dropped.
                tracing::warn!(writes, "the database did not commit in time");
                self.forget();
                Err(Failure::Late)
            }
        };
        self.size.learn(writes, outcome);
        outcome
    }

    /// Tries again after conflicts. Callers that went away meanwhile are left out. Upkeep is tried
    /// once: its next run comes soon, and logins are waiting.
    async fn commit_with_retries(&mut self, batch: &mut Vec<Operation>) -> Result<(), Failure> {
        let allowed = if batch.iter().any(Operation::is_upkeep) { 0 } else { RETRIES };
        let mut retries = 0;
        loop {
            batch.retain(|operation| !operation.is_pointless());
            if batch.is_empty() {
                return Ok(());
            }
            match self.transact(batch).await {
                Err(Failure::Conflict) if retries < allowed => {
                    // Nodes that collided step aside for different times: each one's tasks are
                    // scheduled differently, and the pauses double.
                    tokio::time::sleep(Duration::from_millis(1 << retries)).await;
                    retries += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// The connection is away while a statement runs on it, so whatever ends this early closes it.
    async fn transact(&mut self, batch: &mut [Operation]) -> Result<(), Failure> {
        if self.shared.is_broken() {
            return Err(Failure::Disk);
        }
        metrics::histogram!("fiador_store_batch_size")
            .record(f64::from(u32::try_from(batch.len()).unwrap_or(u32::MAX)));
        let mut connection = self.begin().await?;
        let failure = match self.fill_and_end(&mut connection, batch).await {
            Ok(changes) => {
                self.learn(changes);
                self.link.give_back(connection);
                return Ok(());
            }
            Err(failure) => failure,
        };
        match failure {
            Failure::Conflict | Failure::Item | Failure::Clock(_) | Failure::Busy => {
                if connection.roll_back().await.is_ok() {
                    self.link.give_back(connection);
                } else {
                    self.forget();
                }
            }
            Failure::Gone | Failure::Late => self.forget(),
            Failure::Disk => {
                self.shared.note_broken();
                self.forget();
            }
        }
        Err(failure)
    }

    /// Opens a transaction, on a new connection if the old one died.
    async fn begin(&mut self) -> Result<Connection, Failure> {
        loop {
            let Taken { mut connection, old } = self.link.take().await?;
            match connection.begin().await {
                Ok(()) => return Ok(connection),
                Err(Failure::Busy) => {
                    self.link.give_back(connection);
                    return Err(Failure::Busy);
                }
                Err(_) if old => self.forget(),
                Err(failure) => return Err(failure),
            }
        }
    }

    /// What changed nothing needs no commit, and so no flush of the disk.
    async fn fill_and_end(
        &mut self,
        connection: &mut Connection,
        batch: &mut [Operation],
    ) -> Result<Changes, Failure> {
        let mut transaction = Transaction {
            connection: &mut *connection,
            shared: &self.shared,
            budget_cache: &self.budget_cache,
            changes: Changes::default(),
        };
        let wrote = transaction.apply(batch).await?;
        let changes = transaction.changes;
        if wrote {
            connection.commit().await?;
        } else {
            connection.roll_back().await?;
        }
        Ok(changes)
    }

    /// Memory learns what is now durable, before any caller is answered (T-056).
    fn learn(&mut self, changes: Changes) {
        self.shared.epochs.apply(changes.bumps, &changes.forgotten);
        self.budget_cache.apply(changes.budgets);
        if let Some(written) = changes.clock {
            self.shared.clock.note_written(written);
        }
    }

    /// Whether the last commit happened is not known: memory no longer speaks for the database.
    fn forget(&mut self) {
        self.shared.epochs.forget();
        self.budget_cache.forget();
    }
}

/// Where the last batch held more than one write, the next ones are on their way: a moment's
/// patience makes them share a commit, whose costs are those of the disk. On a quiet node nobody
/// waits.
async fn wait_for_company(alone: bool) {
    if alone {
        // The writer of a file has a thread of its own; no timer of the runtime is needed.
        std::thread::sleep(COMPANY);
    } else {
        tokio::time::sleep(COMPANY).await;
    }
}
