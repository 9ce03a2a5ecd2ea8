//! Where the database is and how patient the gateway is with it.

use std::{path::PathBuf, time::Duration};

/// Which engine, and where.
#[derive(Clone, PartialEq, Eq)]
pub enum Engine {
    /// One file, for one node. Held under an exclusive lock while it is open.
    Sqlite {
        /// The database file; its folder must exist. Two files lie beside it, and a lock file.
        path: PathBuf,
    },
    /// A server, shared by all nodes of a cluster.
    Postgres {
        /// `postgres://user:password@host:5432/database?sslmode=verify-full&sslrootcert=…`
        url: String,
        /// Connections of this node for reading; two more are used for writing and upkeep.
        max_connections: u32,
    },
}

/// Shows no URL: it may hold a password.
impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
            Self::Postgres { max_connections, .. } => f
                .debug_struct("Postgres")
                .field("max_connections", max_connections)
                .finish_non_exhaustive(),
        }
    }
}

/// How a [`crate::Store`] is opened.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// Which engine, and where.
    pub engine: Engine,
    /// Bring the tables up to date while opening. In a cluster, run `fiador migrate` instead.
    pub auto_migrate: bool,
    /// A read, and a transaction with all its attempts, is given up after so long; a caller waits
    /// for its write a fifth longer, its time in the queue included (T-243 allows 300 ms). What was
    /// given up may still become durable. On SQLite this bounds the wait for a lock held by
    /// somebody else; for a slow disk a caller waits 5 s.
    pub deadline: Duration,
    /// How far this node's clock may be behind the highest time seen, or jump ahead at once, before
    /// it refuses to serve.
    pub clock_leeway: Duration,
    /// Writes that may wait for their turn; one more is refused (T-260).
    pub queue: usize,
    /// Audit events are kept so long; `None` keeps them for ever.
    pub audit_retention: Option<Duration>,
    /// Decisions of routing can be explained so long.
    pub routing_retention: Duration,
}

impl StoreSettings {
    /// The defaults: 250 ms deadline, 5 s leeway, 4096 waiting writes, 180 days of audit log,
    /// 7 days of decisions of routing, tables brought up to date while opening.
    pub fn new(engine: Engine) -> Self {
        Self {
            engine,
            auto_migrate: true,
            deadline: Duration::from_millis(250),
            clock_leeway: Duration::from_secs(5),
            queue: 4096,
            audit_retention: Some(Duration::from_hours(180 * 24)),
            routing_retention: Duration::from_hours(7 * 24),
        }
    }
}
