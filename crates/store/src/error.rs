//! Why a database cannot be opened.

use std::path::PathBuf;

/// A database cannot be opened. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process serves this file.
    #[error(
        "the database {} is in use by another process; stop it, or send the command to its admin \
         listener",
        path.display()
    )]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// The database file, or the lock file beside it, cannot be made.
    #[error(
        "cannot write to {}; give the service account a folder of its own that it may write to",
        path.display()
    )]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The URL is not one of PostgreSQL.
    #[error(
        "the database URL cannot be read: {reason}; it looks like \
         postgres://user@host:5432/database?sslmode=verify-full"
    )]
    Url {
        /// What is wrong with it; never the URL itself, which may hold a password.
        reason: String,
    },
    /// The database does not let us in.
    #[error(
        "cannot reach the database: {reason}; check that it runs and that the account may connect"
    )]
    Unreachable {
        /// The driver's reason.
        reason: String,
    },
    /// The system gives no thread to write on.
    #[error("cannot start a thread to write the database on: {0}; raise the limit on tasks")]
    Thread(#[source] std::io::Error),
    /// The tables are not those of this version.
    #[error("the tables of the database are not up to date; run `fiador migrate`")]
    NotMigrated,
    /// A migration failed; what it began was undone.
    #[error("a migration failed: {reason}; the database is as it was before it")]
    Migration {
        /// The driver's reason.
        reason: String,
    },
}
