//! Connections that read, shared by all requests.
//!
//! Rejected: sqlx's own pool. It asks the server a question each time a connection comes back,
//! which doubles the round trips of a read, and after an outage it hands out every dead connection
//! once. Here a connection that failed takes all idle ones with it, and the read goes on over a
//! new one, so that the first request after an outage is served (T-243).

use std::{future::Future, sync::Arc, time::Duration};

use fiador_ports::StoreError;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::{
    connection::Connection,
    connector::{Connector, in_time},
    failure::Failure,
    query::{FromRow, Query},
};

/// At most so many connections, opened when first needed.
pub(crate) struct Pool {
    connector: Connector,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
    /// A read takes so long at most, waiting for a connection included. On SQLite it runs to its
    /// end without a pause, in which nobody could give it up.
    deadline: Duration,
}

/// A connection on loan. Dropped without [`Lease::give_back`] it is closed, because a statement
/// may still be running on it.
pub(crate) struct Lease<'a> {
    pool: &'a Pool,
    pub(crate) connection: Connection,
    reused: bool,
    _permit: OwnedSemaphorePermit,
}

/// Does some work on a connection of the pool, within the pool's deadline.
macro_rules! lend {
    ($pool:expr, $connection:ident => $work:expr) => {{
        let pool: &$crate::pool::Pool = $pool;
        pool.within_deadline(async {
            loop {
                let mut lease = pool.lease().await?;
                let $connection = &mut lease.connection;
                match $work.await {
                    Ok(value) => {
                        lease.give_back();
                        break Ok(value);
                    }
                    Err(failure) => lease.failed(failure)?,
                }
            }
        })
        .await
    }};
}
pub(crate) use lend;

impl Pool {
    pub(crate) fn new(connector: Connector, connections: usize, deadline: Duration) -> Self {
        Self {
            connector,
            idle: Arc::default(),
            permits: Arc::new(Semaphore::new(connections.max(1))),
            deadline,
        }
    }

    /// Every row that the statement answers with.
    pub(crate) async fn all<R: FromRow>(&self, query: &Query<'_>) -> Result<Vec<R>, StoreError> {
        lend!(self, connection => connection.all(query))
    }

    /// The first row, if there is one.
    pub(crate) async fn optional<R: FromRow>(
        &self,
        query: &Query<'_>,
    ) -> Result<Option<R>, StoreError> {
        lend!(self, connection => connection.optional(query))
    }

    /// The first row of a statement that always has one.
    pub(crate) async fn one<R: FromRow>(&self, query: &Query<'_>) -> Result<R, StoreError> {
        lend!(self, connection => connection.one(query))
    }

    /// Runs a statement that answers with no rows; gives the number of rows it touched.
    pub(crate) async fn execute(&self, query: &Query<'_>) -> Result<u64, StoreError> {
        lend!(self, connection => connection.execute(query))
    }

    /// The read's result, or `Unavailable` when it took too long (T-243). Then the link may have
    /// fallen silent, and the idle connections with it.
    pub(crate) async fn within_deadline<T>(
        &self,
        read: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        if self.connector.is_lite() {
            return read.await;
        }
        within(self.deadline, read).await.inspect_err(|error| {
            if *error == StoreError::Unavailable {
                self.idle.lock().clear();
            }
        })
    }

    /// Borrows a connection, waiting for one if all are out.
    pub(crate) async fn lease(&self) -> Result<Lease<'_>, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| StoreError::Unavailable)?;
        let idle = self.idle.lock().pop();
        let reused = idle.is_some();
        let (connection, permit) = match idle {
            Some(connection) => (connection, permit),
            None => self.connect(permit).await?,
        };
        Ok(Lease { pool: self, connection, reused, _permit: permit })
    }

    /// Closes what is idle and lends nothing more.
    pub(crate) async fn close(&self) {
        self.permits.close();
        let idle = std::mem::take(&mut *self.idle.lock());
        for connection in idle {
            connection.close().await;
        }
    }

    /// A new connection. It may take longer to make than a request may wait: then the request goes
    /// without, and the connection is there for the next one.
    async fn connect(
        &self,
        permit: OwnedSemaphorePermit,
    ) -> Result<(Connection, OwnedSemaphorePermit), StoreError> {
        let (sender, receiver) = oneshot::channel();
        let (connector, idle) = (self.connector.clone(), Arc::clone(&self.idle));
        let deadline = self.deadline;
        tokio::spawn(async move {
            let made = in_time(deadline, connector.connect()).await.map(|made| (made, permit));
            if let Err(Ok((connection, _permit))) = sender.send(made) {
                idle.lock().push(connection);
            }
        });
        Ok(receiver.await.unwrap_or(Err(Failure::Gone))?)
    }
}

impl Lease<'_> {
    /// The statement ended; the connection may serve another.
    pub(crate) fn give_back(self) {
        self.pool.idle.lock().push(self.connection);
    }

    /// The statement failed. `Ok` means: try again, the connection was a left-over from before an
    /// outage.
    pub(crate) fn failed(self, failure: Failure) -> Result<(), StoreError> {
        match failure {
            Failure::Gone if self.reused => {
                self.pool.idle.lock().clear();
                Ok(())
            }
            failure @ (Failure::Conflict | Failure::Item | Failure::Clock(_)) => {
                self.give_back();
                Err(failure.into())
            }
            failure @ (Failure::Gone | Failure::Busy | Failure::Late | Failure::Disk) => {
                Err(failure.into())
            }
        }
    }
}

/// The work's result, or `Unavailable` when it took too long (T-243).
pub(crate) async fn within<T>(
    deadline: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(deadline, work).await.unwrap_or_else(|_| {
        tracing::warn!(
            deadline_ms = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX),
            "the database did not answer in time"
        );
        Err(StoreError::Unavailable)
    })
}
