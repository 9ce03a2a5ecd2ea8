//! What only SQLite needs: its settings, the lock beside its file, and giving pages back.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use rusqlite::{CachedStatement, OpenFlags};

use crate::{
    error::OpenError,
    failure::Failure,
    query::{Columns, FromRow, Query, query},
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

/// Settings of a connection that writes: pages that become empty can be given back, write-ahead
/// log, a commit returns only after its log is on the disk (T-242), the log is cut back after a
/// burst. What would undo half a statement stays in memory. Files are not mapped: each page that
/// is added would cost every reader a new mapping.
const WRITING: &str = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; \
     PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY";

/// How to open the file.
#[derive(Clone)]
pub(crate) struct LiteOptions {
    path: PathBuf,
    /// How long to wait for a lock that somebody else holds.
    busy: Duration,
    writes: bool,
}

impl LiteOptions {
    /// For the one connection that writes.
    pub(crate) fn writing(path: &Path, busy: Duration) -> Self {
        Self { path: path.to_owned(), busy, writes: true }
    }

    /// For a connection that reads.
    pub(crate) fn reading(path: &Path, busy: Duration) -> Self {
        Self { path: path.to_owned(), busy, writes: false }
    }

    /// A new connection.
    pub(crate) fn connect(&self) -> rusqlite::Result<rusqlite::Connection> {
        // No connection is used by two threads at a time, so none needs a lock.
        let access = if self.writes {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        } else {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        };
        let connection = rusqlite::Connection::open_with_flags(
            &self.path,
            access | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(self.busy)?;
        connection.set_prepared_statement_cache_capacity(sql::CACHED);
        if self.writes {
            connection.execute_batch(WRITING)?;
        }
        Ok(connection)
    }
}

/// Every row that a statement answers with.
pub(crate) fn all<R: FromRow>(
    connection: &rusqlite::Connection,
    query: &Query<'_>,
) -> Result<Vec<R>, Failure> {
    let mut statement = bound(connection, query)?;
    let mut rows = statement.raw_query();
    let mut taken = Vec::new();
    while let Some(row) = rows.next()? {
        taken.push(R::from_row(&mut Columns::of_sqlite(row))?);
    }
    Ok(taken)
}

/// Runs a statement to its end; gives the number of rows it touched.
pub(crate) fn execute(
    connection: &rusqlite::Connection,
    query: &Query<'_>,
) -> Result<u64, Failure> {
    let mut statement = bound(connection, query)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    Ok(connection.changes())
}

/// The statement, from the connection's cache, with its values. To SQLite `$2` is a name and not a
/// place, so values are bound by the number in the name.
fn bound<'c>(
    connection: &'c rusqlite::Connection,
    query: &Query<'_>,
) -> Result<CachedStatement<'c>, Failure> {
    let mut statement = connection.prepare_cached(query.text)?;
    for place in 1..=statement.parameter_count() {
        let number = statement.parameter_name(place).and_then(|name| name.get(1..)?.parse().ok());
        let value = number.and_then(|number: usize| query.values.get(number.checked_sub(1)?));
        statement.raw_bind_parameter(place, value.ok_or(Failure::Item)?)?;
    }
    Ok(statement)
}

/// Gives empty pages back to the file system, a few at a time.
pub(crate) struct Shrink;

#[async_trait]
impl Work for Shrink {
    type Outcome = ();
    const UPKEEP: bool = true;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        transaction.connection.execute(&query(GIVE_PAGES_BACK)).await.map(|_| ())
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

    fn memory() -> rusqlite::Connection {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE pairs (a BIGINT, b TEXT)").unwrap();
        connection
    }

    #[test]
    fn a_commit_waits_for_the_disk_t_242() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fiador.sqlite");
        let connection = LiteOptions::writing(&path, Duration::from_millis(1)).connect().unwrap();
        let number = |text| connection.query_one(text, [], |row| row.get::<_, i64>(0)).unwrap();
        // 2 is FULL: the log is flushed at each commit.
        assert_eq!(number("PRAGMA synchronous"), 2);
        // 2 is INCREMENTAL: empty pages can be given back.
        assert_eq!(number("PRAGMA auto_vacuum"), 2);
        let mode: String =
            connection.query_one("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }

    #[test]
    fn values_stand_where_their_numbers_say_not_where_they_come_first() {
        let connection = memory();
        let add = query("INSERT INTO pairs (b, a) VALUES ($2, $1)").bind(7).bind("seven");
        assert_eq!(execute(&connection, &add).unwrap(), 1);
        let twice =
            query("SELECT a, b, $1 FROM pairs WHERE b = $2 AND a = $1").bind(7).bind("seven");
        let rows: Vec<(i64, String, i64)> = all(&connection, &twice).unwrap();
        assert_eq!(rows, [(7, "seven".to_owned(), 7)]);
    }

    #[test]
    fn a_placeholder_without_value_is_refused() {
        let connection = memory();
        let short = query("INSERT INTO pairs (a, b) VALUES ($1, $2)").bind(7);
        assert_eq!(execute(&connection, &short), Err(Failure::Item));
    }
}
