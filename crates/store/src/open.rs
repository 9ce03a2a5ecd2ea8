//! How the connections of an engine are made, and the first of them.

use std::time::Duration;

use crate::{
    connection::Connection,
    connector::Connector,
    error::OpenError,
    migration, postgres,
    settings::{Engine, StoreSettings},
    sqlite::{self, LiteOptions, ProcessLock},
};

/// Opening a database gives up after so long.
const OPEN_DEADLINE: Duration = Duration::from_secs(10);

/// How the connections of an engine are made.
pub(crate) struct Connectors {
    /// For the one that writes.
    pub(crate) writing: Connector,
    /// For at most `readers` that read.
    pub(crate) reading: Connector,
    /// For journeys, on PostgreSQL; in memory otherwise.
    pub(crate) relaxed: Option<Connector>,
    /// Held by a node that is alone.
    pub(crate) lock: Option<ProcessLock>,
    pub(crate) readers: usize,
    pub(crate) read_deadline: Duration,
    migrating: Connector,
}

impl Connectors {
    /// Locks the file, if it is one; nothing is connected yet.
    pub(crate) async fn of(settings: &StoreSettings) -> Result<Self, OpenError> {
        let deadline = settings.deadline;
        Ok(match &settings.engine {
            Engine::Sqlite { path } => {
                let lock = ProcessLock::acquire(path).await?;
                sqlite::create_private(path)?;
                Self {
                    writing: Connector::Lite(LiteOptions::writing(path, deadline)),
                    reading: Connector::Lite(LiteOptions::reading(path, deadline)),
                    migrating: Connector::Lite(LiteOptions::writing(path, deadline)),
                    relaxed: None,
                    lock: Some(lock),
                    readers: sqlite_readers(),
                    read_deadline: deadline,
                }
            }
            Engine::Postgres { url, max_connections } => {
                let options = postgres::durable(url, deadline)?;
                Self {
                    writing: Connector::Pg(options.clone()),
                    reading: Connector::Pg(options.clone()),
                    migrating: Connector::Pg(postgres::migrating(options.clone())),
                    relaxed: Some(Connector::PgRelaxed(postgres::relaxed(options))),
                    lock: None,
                    readers: usize::try_from(*max_connections).unwrap_or(1),
                    read_deadline: deadline,
                }
            }
        })
    }

    /// Brings the tables up to date.
    pub(crate) async fn migrate(&self) -> Result<(), OpenError> {
        let mut connection = connect(&self.migrating).await?;
        let outcome = migration::run(&mut connection).await;
        connection.close().await;
        outcome
    }
}

/// Connections that read an SQLite file, beside the one that writes: a read occupies a thread of
/// the runtime while it lasts, so there are never more of them at a time.
fn sqlite_readers() -> usize {
    std::thread::available_parallelism().map_or(4, std::num::NonZero::get).max(4)
}

/// The first connection of a sort, with the driver's words if it fails.
pub(crate) async fn connect(connector: &Connector) -> Result<Connection, OpenError> {
    let unreachable = |reason| OpenError::Unreachable { reason };
    match tokio::time::timeout(OPEN_DEADLINE, connector.try_connect()).await {
        Ok(connected) => connected.map_err(|error| unreachable(error.to_string())),
        Err(_) => Err(unreachable(format!("no answer within {} s", OPEN_DEADLINE.as_secs()))),
    }
}
