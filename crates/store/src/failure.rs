//! What a database error means for the work at hand.

use fiador_ports::StoreError;

/// Why a statement or a commit failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The connection or the server is gone; a new connection may work.
    Gone,
    /// The database works but somebody else holds it, or its disk is full. Nothing was written.
    Busy,
    /// Two transactions stood in each other's way: the same work succeeds when tried again.
    Conflict,
    /// The disk failed under a write. What the database holds in memory can no longer be trusted
    /// to be what is on the disk, so nothing is acknowledged until a restart (T-242).
    Disk,
    /// This node's clock is behind the one that the database has seen.
    ClockBehind,
    /// One row or value is at fault; other work is not.
    Item,
}

impl Failure {
    /// Judges an error and logs it: the database's own words go no further than the log.
    pub(crate) fn of(error: &sqlx::Error) -> Self {
        let failure = judge(error);
        match failure {
            Self::Conflict => tracing::debug!(%error, "a transaction is tried again"),
            Self::Gone | Self::Busy => tracing::warn!(%error, "the database is not available"),
            Self::Disk => tracing::error!(
                %error,
                "the disk failed under the database; writing stops until a restart"
            ),
            Self::ClockBehind | Self::Item => {
                tracing::error!(%error, "a statement was refused by the database");
            }
        }
        failure
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::of(&error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Gone | Failure::Busy | Failure::Conflict | Failure::Disk => Self::Unavailable,
            Failure::ClockBehind => Self::ClockBehind,
            Failure::Item => Self::Corrupt,
        }
    }
}

fn judge(error: &sqlx::Error) -> Failure {
    use sqlx::Error as E;
    match error {
        E::Database(error) => {
            let code = error.code().unwrap_or_default();
            if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                postgres(&code)
            } else {
                sqlite(&code)
            }
        }
        E::ColumnDecode { .. } | E::Decode(_) | E::Encode(_) | E::TypeNotFound { .. } => {
            Failure::Item
        }
        _ => Failure::Gone,
    }
}

/// By SQLSTATE (PostgreSQL documentation, appendix A).
fn postgres(code: &str) -> Failure {
    match code {
        // serialization_failure, deadlock_detected; unique_violation, which only a race can cause
        // because every insert that may meet a row says what to do then.
        "40001" | "40P01" | "23505" => Failure::Conflict,
        // lock_not_available, query_canceled (by our own time limit), disk_full.
        "55P03" | "57014" | "53100" => Failure::Busy,
        // connection_exception, insufficient_resources, operator_intervention, system_error; a
        // server that became read-only is a standby now; no tables means a wrong database.
        _ if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => Failure::Gone,
        "25006" | "42P01" | "3D000" | "28000" | "28P01" => Failure::Gone,
        _ => Failure::Item,
    }
}

/// By result code (sqlite.org/rescode.html); the low octet is the primary one.
fn sqlite(code: &str) -> Failure {
    match code.parse::<u32>().unwrap_or_default() & 0xff {
        // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL
        5 | 6 | 13 => Failure::Busy,
        // SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB
        10 | 11 | 26 => Failure::Disk,
        // SQLITE_READONLY, SQLITE_CANTOPEN
        8 | 14 => Failure::Gone,
        _ => Failure::Item,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_error_is_not_a_busy_database_t_242() {
        // SQLITE_IOERR_FSYNC, SQLITE_BUSY_SNAPSHOT
        assert_eq!(sqlite("1034"), Failure::Disk);
        assert_eq!(sqlite("517"), Failure::Busy);
    }

    #[test]
    fn a_server_that_shuts_down_is_gone_and_a_deadlock_is_not() {
        assert_eq!(postgres("57P01"), Failure::Gone);
        assert_eq!(postgres("40P01"), Failure::Conflict);
        assert_eq!(postgres("22021"), Failure::Item);
    }
}
