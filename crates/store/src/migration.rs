//! The tables' history: `migrations/`, one portable text per step, forward only.
//!
//! A node of the version before keeps working on the new tables (T-249), so a migration adds and
//! never takes away what the version before uses, and a migration unknown to this version is no
//! reason to stop.

use rusqlite::{OptionalExtension as _, TransactionBehavior, params};
use sqlx::migrate::{MigrateError, Migration, Migrator};

use crate::{connection::Connection, error::OpenError, query::query, sql::statements};

static MIGRATOR: Migrator = Migrator { ignore_missing: true, ..sqlx::migrate!("./migrations") };

statements! {
    const APPLIED = "SELECT version FROM _sqlx_migrations WHERE success";
}

/// Brings the tables up to this version. Of nodes that start together one does it, the others wait.
pub(crate) async fn run(connection: &mut Connection) -> Result<(), OpenError> {
    let outcome = match connection {
        Connection::Lite(connection) => run_on_sqlite(connection),
        Connection::Pg(connection) => {
            MIGRATOR.run_direct(None, connection, false).await.map_err(|error| reason(&error))
        }
    };
    outcome.map_err(|reason| OpenError::Migration { reason })
}

/// Refuses tables that are older than this version.
pub(crate) async fn check(connection: &mut Connection) -> Result<(), OpenError> {
    let applied: Vec<(i64,)> =
        connection.all(&query(APPLIED)).await.map_err(|_| OpenError::NotMigrated)?;
    let missing = MIGRATOR.iter().any(|step| !applied.contains(&(step.version,)));
    if missing { Err(OpenError::NotMigrated) } else { Ok(()) }
}

fn reason(error: &MigrateError) -> String {
    match error {
        MigrateError::VersionMismatch(version) => edited(*version),
        other => other.to_string(),
    }
}

fn edited(version: i64) -> String {
    format!("migration {version} was applied with another text: a released migration was edited")
}

/// The history in SQLite, in the layout that sqlx gives it in PostgreSQL.
const HISTORY: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (\
     version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
     installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, \
     checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)";

/// Every step that is absent, each in a transaction with its line in the history.
fn run_on_sqlite(connection: &mut rusqlite::Connection) -> Result<(), String> {
    let words = |error: rusqlite::Error| error.to_string();
    connection.execute_batch(HISTORY).map_err(words)?;
    for step in MIGRATOR.iter() {
        match checksum(connection, step.version).map_err(words)? {
            None => apply(connection, step).map_err(words)?,
            Some(checksum) if checksum == *step.checksum => {}
            Some(_) => return Err(edited(step.version)),
        }
    }
    Ok(())
}

fn checksum(connection: &rusqlite::Connection, version: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    let text = "SELECT checksum FROM _sqlx_migrations WHERE version = ?1";
    connection.query_row(text, [version], |row| row.get(0)).optional()
}

fn apply(connection: &mut rusqlite::Connection, step: &Migration) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(step.sql.as_str())?;
    transaction.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (?1, ?2, TRUE, ?3, 0)",
        params![step.version, step.description, step.checksum],
    )?;
    transaction.commit()
}
