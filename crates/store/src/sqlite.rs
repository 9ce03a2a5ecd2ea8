//! What only SQLite needs: its settings, the lock beside its file, and giving pages back.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions as _,
    sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::{
    connection::execute,
    error::OpenError,
    failure::Failure,
    sql,
    writer::{operation::Work, transaction::Transaction},
};

/// Takes the write lock at once: a transaction that reads first and writes later would fail with
/// `SQLITE_BUSY_SNAPSHOT` instead of waiting.
pub(crate) const BEGIN_TO_WRITE: &str = "BEGIN IMMEDIATE";

/// Hands up to so many empty pages back to the file system.
const GIVE_PAGES_BACK: &str = "PRAGMA incremental_vacuum(256)";

/// A process that just ended may hold its lock a little longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Settings of the one connection that writes: write-ahead log, and a commit returns only after
/// its log is on the disk (T-242).
pub(crate) fn writing(path: &Path, busy: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .busy_timeout(busy)
        // The log is cut back to this after a burst.
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(sql::CACHED)
        .disable_statement_logging()
}

/// Settings of a connection that reads.
pub(crate) fn reading(path: &Path, busy: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(true)
        .busy_timeout(busy)
        .disable_statement_logging()
}

/// Gives empty pages back to the file system, a few at a time.
pub(crate) struct Shrink;

#[async_trait]
impl Work for Shrink {
    type Outcome = ();
    const UPKEEP: bool = true;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        execute!(transaction.connection, sqlx::query(GIVE_PAGES_BACK))?;
        Ok(())
    }
}

/// Makes the database file, readable by nobody else; SQLite gives its companions the same mode.
pub(crate) fn create_private(path: &Path) -> Result<(), OpenError> {
    private()
        .open(path)
        .map(|_| ())
        .map_err(|source| OpenError::File { path: path.to_owned(), source })
}

/// The exclusive lock that makes snapshots in memory true: while it is held, nobody else changes
/// the database. The system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct ProcessLock {
    _file: File,
}

impl ProcessLock {
    /// Locks `<database>.lock`.
    pub(crate) async fn acquire(database: &Path) -> Result<Self, OpenError> {
        let path = lock_path(database);
        let unusable = |source| OpenError::File { path: path.clone(), source };
        let file = private().open(&path).map_err(unusable)?;
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if waited < PATIENCE => {
                    let step = Duration::from_millis(20);
                    tokio::time::sleep(step).await;
                    waited += step;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(OpenError::InUse { path: database.to_owned() });
                }
                Err(TryLockError::Error(source)) => return Err(unusable(source)),
            }
        }
    }
}

/// Opens or creates a file for the service's own account alone.
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(0o600);
    options
}

fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn number(connection: &mut sqlx::SqliteConnection, text: &'static str) -> i64 {
        sqlx::query_scalar(text).fetch_one(connection).await.unwrap()
    }

    #[tokio::test]
    async fn a_commit_waits_for_the_disk_t_242() {
        let folder = tempfile::tempdir().unwrap();
        let options = writing(&folder.path().join("fiador.sqlite"), Duration::from_millis(1));
        let mut connection = options.connect().await.unwrap();
        // 2 is FULL: the log is flushed at each commit.
        assert_eq!(number(&mut connection, "PRAGMA synchronous").await, 2);
        let mode: String =
            sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await.unwrap();
        assert_eq!(mode, "wal");
        // 2 is INCREMENTAL: empty pages can be given back.
        assert_eq!(number(&mut connection, "PRAGMA auto_vacuum").await, 2);
    }
}
