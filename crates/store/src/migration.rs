//! The tables' history: `migrations/`, one portable text per step, forward only.
//!
//! A node of the version before keeps working on the new tables (T-249), so a migration adds and
//! never takes away what the version before uses, and a migration unknown to this version is no
//! reason to stop.

use sqlx::migrate::{MigrateError, Migrator};

use crate::{
    connection::{Connection, on},
    error::OpenError,
    sql::statements,
};

static MIGRATOR: Migrator = Migrator { ignore_missing: true, ..sqlx::migrate!("./migrations") };

statements! {
    const APPLIED = "SELECT version FROM _sqlx_migrations WHERE success";
}

/// Brings the tables up to this version. Of nodes that start together one does it, the others wait.
pub(crate) async fn run(connection: &mut Connection) -> Result<(), OpenError> {
    let outcome = on!(connection, c => MIGRATOR.run_direct(None, c, false).await);
    outcome.map_err(|error| OpenError::Migration { reason: reason(&error) })
}

/// Refuses tables that are older than this version.
pub(crate) async fn check(connection: &mut Connection) -> Result<(), OpenError> {
    let applied: Vec<(i64,)> = on!(connection, c => sqlx::query_as(APPLIED).fetch_all(c).await)
        .map_err(|_| OpenError::NotMigrated)?;
    let missing = MIGRATOR.iter().any(|step| !applied.contains(&(step.version,)));
    if missing { Err(OpenError::NotMigrated) } else { Ok(()) }
}

fn reason(error: &MigrateError) -> String {
    match error {
        MigrateError::VersionMismatch(version) => format!(
            "migration {version} was applied with another text: a released migration was edited"
        ),
        other => other.to_string(),
    }
}
