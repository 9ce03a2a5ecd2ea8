//! One connection to either engine.
//!
//! The two drivers share every line of SQL but no type, so statements are written once inside
//! [`on!`], which the compiler expands and checks for each engine. Rejected: sqlx's `Any` driver,
//! which cannot decode every type of both.

use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::{failure::Failure, postgres, sqlite};

/// A connection.
pub(crate) enum Connection {
    /// SQLite.
    Lite(SqliteConnection),
    /// PostgreSQL.
    Pg(PgConnection),
}

/// Runs the same body on the connection of either engine.
macro_rules! on {
    ($connection:expr, $name:ident => $body:expr) => {
        match $connection {
            $crate::connection::Connection::Lite($name) => $body,
            $crate::connection::Connection::Pg($name) => $body,
        }
    };
}
pub(crate) use on;

/// Runs a statement that answers with no rows; gives the number of rows it touched.
macro_rules! execute {
    ($connection:expr, $query:expr) => {
        $crate::connection::on!(&mut *$connection, c => {
            $query.execute(c).await.map(|done| done.rows_affected())
        })
    };
}
pub(crate) use execute;

impl Connection {
    /// Opens a transaction that will write.
    pub(crate) async fn begin(&mut self) -> Result<(), Failure> {
        let text = match self {
            Self::Lite(_) => sqlite::BEGIN_TO_WRITE,
            Self::Pg(_) => postgres::BEGIN_TO_WRITE,
        };
        execute!(self, sqlx::query(text))?;
        Ok(())
    }

    /// Makes it durable.
    pub(crate) async fn commit(&mut self) -> Result<(), Failure> {
        execute!(self, sqlx::query("COMMIT"))?;
        Ok(())
    }

    /// Undoes it.
    pub(crate) async fn roll_back(&mut self) -> Result<(), Failure> {
        execute!(self, sqlx::query("ROLLBACK"))?;
        Ok(())
    }

    /// Closes it in an orderly way.
    pub(crate) async fn close(self) {
        // Whether the farewell is heard does not matter.
        let _ = on!(self, c => c.close().await);
    }
}
