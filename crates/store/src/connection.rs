//! One connection to either engine.
//!
//! Rejected: sqlx's `Any` driver, which cannot decode every type of both, and its driver for
//! SQLite, which runs every statement on a thread of its own: the way there and back costs twenty
//! times what SQLite needs to answer.

use sqlx::{Connection as _, Executor as _, PgConnection, SqlSafeStr as _};

use crate::{
    failure::Failure,
    postgres,
    query::{FromRow, Query, query},
    sqlite,
};

/// A connection.
pub(crate) enum Connection {
    /// SQLite. Statements run where they are called, without a pause: they read pages from memory,
    /// and whatever waits for the disk has a thread of its own.
    Lite(rusqlite::Connection),
    /// PostgreSQL.
    Pg(PgConnection),
}

impl Connection {
    /// Every row that the statement answers with.
    pub(crate) async fn all<R: FromRow>(&mut self, query: &Query<'_>) -> Result<Vec<R>, Failure> {
        match self {
            Self::Lite(connection) => sqlite::all(connection, query),
            Self::Pg(connection) => postgres::all(connection, query).await,
        }
    }

    /// The first row, if there is one.
    pub(crate) async fn optional<R: FromRow>(
        &mut self,
        query: &Query<'_>,
    ) -> Result<Option<R>, Failure> {
        Ok(self.all(query).await?.into_iter().next())
    }

    /// The first row of a statement that always has one.
    pub(crate) async fn one<R: FromRow>(&mut self, query: &Query<'_>) -> Result<R, Failure> {
        self.optional(query).await?.ok_or(Failure::Item)
    }

    /// Runs a statement that answers with no rows; gives the number of rows it touched.
    pub(crate) async fn execute(&mut self, query: &Query<'_>) -> Result<u64, Failure> {
        match self {
            Self::Lite(connection) => sqlite::execute(connection, query),
            Self::Pg(connection) => postgres::execute(connection, query).await,
        }
    }

    /// Has the engine read and plan a statement without running it.
    pub(crate) async fn prepare(&mut self, text: &'static str) -> Result<(), Failure> {
        match self {
            Self::Lite(connection) => connection.prepare_cached(text).map(|_| ())?,
            Self::Pg(connection) => connection.prepare(text.into_sql_str()).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Opens a transaction that will write.
    pub(crate) async fn begin(&mut self) -> Result<(), Failure> {
        let text = match self {
            Self::Lite(_) => sqlite::BEGIN_TO_WRITE,
            Self::Pg(_) => postgres::BEGIN_TO_WRITE,
        };
        self.execute(&query(text)).await.map(|_| ())
    }

    /// Makes it durable.
    pub(crate) async fn commit(&mut self) -> Result<(), Failure> {
        self.execute(&query("COMMIT")).await.map(|_| ())
    }

    /// Undoes it.
    pub(crate) async fn roll_back(&mut self) -> Result<(), Failure> {
        self.execute(&query("ROLLBACK")).await.map(|_| ())
    }

    /// Closes it in an orderly way. Whether the farewell is heard does not matter.
    pub(crate) async fn close(self) {
        match self {
            Self::Lite(connection) => drop(connection.close()),
            Self::Pg(connection) => drop(connection.close().await),
        }
    }
}
