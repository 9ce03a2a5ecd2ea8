//! The task that takes batches from the queue and commits them.

use std::{sync::Arc, time::Duration};

use fiador_ports::StoreError;
use tokio::sync::mpsc;

use super::{
    operation::Operation,
    transaction::{Changes, Transaction},
};
use crate::{
    connection::Connection, connector::Connector, failure::Failure, shared::Shared,
    sqlite::ProcessLock, tables::budgets::cache::BudgetCache,
};

/// A transaction holds so many writes at most, so that its locks are short.
const LARGEST: usize = 256;
/// Conflicts with other nodes are tried again so often.
const RETRIES: u32 = 5;

/// The only place that writes.
pub(super) struct Batches {
    connector: Connector,
    connection: Option<Connection>,
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
        Self { connector, connection: Some(connection), shared, budget_cache, _lock: lock }
    }

    /// Serves until the queue is closed and empty.
    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Operation>) {
        let mut batch = Vec::with_capacity(LARGEST);
        while queue.recv_many(&mut batch, LARGEST).await > 0 {
            if self.serve(std::mem::take(&mut batch)).await.is_err() {
                // Those who came meanwhile have waited as long as the batch: a database that is
                // gone is told to all of them now, not to one batch after the other (T-243).
                while let Ok(operation) = queue.try_recv() {
                    operation.answer(Err(StoreError::Unavailable));
                }
            }
        }
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
    }

    /// Commits a batch and answers every caller in it. `Err`: the database cannot be used now.
    async fn serve(&mut self, mut batch: Vec<Operation>) -> Result<(), StoreError> {
        metrics::histogram!("fiador_store_batch_size")
            .record(f64::from(u32::try_from(batch.len()).unwrap_or(u32::MAX)));
        match self.commit(&mut batch).await {
            Err(Failure::Item) if batch.len() > 1 => self.serve_one_by_one(batch).await,
            outcome => {
                for operation in batch {
                    operation.answer(outcome.map_err(StoreError::from));
                }
                usable(outcome)
            }
        }
    }

    /// Something in a batch was refused: each item in a transaction of its own, so that only the
    /// one at fault hears of it.
    async fn serve_one_by_one(&mut self, batch: Vec<Operation>) -> Result<(), StoreError> {
        let mut state = Ok(());
        for mut operation in batch {
            if state.is_ok() {
                let outcome = self.commit(std::slice::from_mut(&mut operation)).await;
                operation.answer(outcome.map_err(StoreError::from));
                state = usable(outcome);
            } else {
                operation.answer(state);
            }
        }
        state
    }

    /// One durable commit of the whole batch, tried again after conflicts.
    async fn commit(&mut self, batch: &mut [Operation]) -> Result<(), Failure> {
        let mut retries = 0;
        loop {
            match self.attempt(batch).await {
                Err(Failure::Conflict) if retries < RETRIES => {
                    // Nodes that collided step aside for different times: each one's tasks are
                    // scheduled differently, and the pauses double.
                    tokio::time::sleep(Duration::from_millis(1 << retries)).await;
                    retries += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn attempt(&mut self, batch: &mut [Operation]) -> Result<(), Failure> {
        let Some(deadline) = self.shared.commit_deadline else {
            return self.transact(batch).await;
        };
        if let Ok(outcome) = tokio::time::timeout(deadline, self.transact(batch)).await {
            return outcome;
        }
        // The connection went with the future that was dropped.
        tracing::warn!("the database did not commit in time");
        self.forget();
        Err(Failure::Gone)
    }

    /// The connection is out of `self` while a statement runs on it, so whatever ends this early
    /// closes it.
    async fn transact(&mut self, batch: &mut [Operation]) -> Result<(), Failure> {
        if self.shared.is_broken() {
            return Err(Failure::Disk);
        }
        let mut connection = self.begin().await?;
        let outcome = self.fill(&mut connection, batch).await;
        let failure = match outcome {
            Ok(changes) => match connection.commit().await {
                Ok(()) => {
                    self.learn(changes);
                    self.connection = Some(connection);
                    return Ok(());
                }
                Err(failure) => failure,
            },
            Err(failure) => failure,
        };
        match failure {
            Failure::Conflict | Failure::Item | Failure::ClockBehind | Failure::Busy => {
                if connection.roll_back().await.is_ok() {
                    self.connection = Some(connection);
                } else {
                    self.forget();
                }
            }
            Failure::Gone => self.forget(),
            Failure::Disk => {
                self.shared.note_broken();
                self.forget();
            }
        }
        Err(failure)
    }

    /// Opens a transaction, on a new connection if the old one died.
    async fn begin(&mut self) -> Result<Connection, Failure> {
        if let Some(mut connection) = self.connection.take() {
            match connection.begin().await {
                Ok(()) => return Ok(connection),
                Err(Failure::Busy) => {
                    self.connection = Some(connection);
                    return Err(Failure::Busy);
                }
                Err(_) => self.forget(),
            }
        }
        let mut connection = self.connector.connect().await?;
        self.shared.load(&mut connection).await?;
        connection.begin().await?;
        Ok(connection)
    }

    async fn fill(
        &mut self,
        connection: &mut Connection,
        batch: &mut [Operation],
    ) -> Result<Changes, Failure> {
        let mut transaction = Transaction {
            connection,
            shared: &self.shared,
            budget_cache: &self.budget_cache,
            changes: Changes::default(),
        };
        transaction.apply(batch).await?;
        Ok(transaction.changes)
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

/// Whether the database can be used after such an outcome.
const fn usable(outcome: Result<(), Failure>) -> Result<(), StoreError> {
    match outcome {
        Err(Failure::Gone | Failure::Busy | Failure::Disk) => Err(StoreError::Unavailable),
        Ok(()) | Err(Failure::Conflict | Failure::ClockBehind | Failure::Item) => Ok(()),
    }
}
