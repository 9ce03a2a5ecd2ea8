//! What a database error means for the work at hand.

use fiador_ports::StoreError;

use crate::connector::ConnectError;

/// Why a statement or a commit failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The connection or the server is gone; a new connection may work.
    Gone,
    /// The database works but somebody else holds it, or its disk is full. Nothing was written.
    Busy,
    /// The database is at it, but not done in time. Whether it will be is not known.
    Late,
    /// Two transactions stood in each other's way: the same work succeeds when tried again.
    Conflict,
    /// The disk failed under a write. What the database holds in memory can no longer be trusted
    /// to be what is on the disk, so nothing is acknowledged until a restart (T-242).
    Disk,
    /// This node's clock is wrong, in the way that the error says.
    Clock(StoreError),
    /// One row or value is at fault; other work is not.
    Item,
}

impl Failure {
    /// Logs what a driver's error was judged to be: the database's own words go no further than
    /// the log.
    fn logged(self, error: &dyn std::fmt::Display) -> Self {
        match self {
            Self::Conflict => tracing::debug!(%error, "a transaction is tried again"),
            Self::Gone | Self::Busy | Self::Late => {
                tracing::warn!(%error, "the database is not available");
            }
            Self::Disk => tracing::error!(
                %error,
                "the disk failed under the database; writing stops until a restart"
            ),
            Self::Clock(_) | Self::Item => {
                tracing::error!(%error, "a statement was refused by the database");
            }
        }
        self
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        let failure = match &error {
            E::Database(error) => postgres(&error.code().unwrap_or_default()),
            E::ColumnDecode { .. } | E::Decode(_) | E::Encode(_) | E::TypeNotFound { .. } => {
                Self::Item
            }
            _ => Self::Gone,
        };
        failure.logged(&error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        let failure = match error.sqlite_error() {
            Some(error) => sqlite(error.extended_code),
            None => Self::Item,
        };
        failure.logged(&error)
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Lite(error) => error.into(),
            ConnectError::Pg(error) => error.into(),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Gone | Failure::Busy | Failure::Late | Failure::Conflict | Failure::Disk => {
                Self::Unavailable
            }
            Failure::Clock(wrong) => wrong,
            Failure::Item => Self::Corrupt,
        }
    }
}

/// By SQLSTATE (PostgreSQL documentation, appendix A).
fn postgres(code: &str) -> Failure {
    match code {
        // serialization_failure, deadlock_detected; lock_not_available, by our own limit on the
        // wait for a row that another node holds; unique_violation, which only a race can cause
        // because every insert that may meet a row says what to do then.
        "40001" | "40P01" | "55P03" | "23505" => Failure::Conflict,
        // query_canceled, by our own limit on a statement.
        "57014" => Failure::Late,
        // disk_full
        "53100" => Failure::Busy,
        // statement_completion_unknown; idle_in_transaction_session_timeout, after which the
        // server hangs up.
        "40003" | "25P03" => Failure::Gone,
        // connection_exception, insufficient_resources, operator_intervention, system_error; a
        // server that became read-only is a standby now; no tables means a wrong database.
        _ if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => Failure::Gone,
        "25006" | "42P01" | "3D000" | "28000" | "28P01" => Failure::Gone,
        _ => Failure::Item,
    }
}

/// By result code (sqlite.org/rescode.html); the low octet is the primary one.
const fn sqlite(code: i32) -> Failure {
    match code & 0xff {
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
        assert_eq!(sqlite(1034), Failure::Disk);
        assert_eq!(sqlite(517), Failure::Busy);
    }

    #[test]
    fn a_server_that_shuts_down_is_gone_and_a_deadlock_is_not() {
        assert_eq!(postgres("57P01"), Failure::Gone);
        assert_eq!(postgres("40P01"), Failure::Conflict);
        assert_eq!(postgres("22021"), Failure::Item);
    }

    #[test]
    fn a_row_that_another_node_holds_is_waited_for_again() {
        assert_eq!(postgres("55P03"), Failure::Conflict);
    }

    #[test]
    fn a_server_that_hung_up_on_a_transaction_damaged_no_value() {
        assert_eq!(postgres("25P03"), Failure::Gone);
        assert_eq!(postgres("40003"), Failure::Gone);
    }
}
