//! Makes connections of one sort.

use sqlx::{ConnectOptions as _, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

use crate::{connection::Connection, failure::Failure, postgres};

/// How to reach the database.
#[derive(Clone)]
pub(crate) enum Connector {
    /// A file.
    Lite(SqliteConnectOptions),
    /// A server, whose commits are durable.
    Pg(PgConnectOptions),
    /// A server, whose commits of this connection may be lost in its crash.
    PgRelaxed(PgConnectOptions),
}

impl Connector {
    /// A new connection.
    pub(crate) async fn connect(&self) -> Result<Connection, Failure> {
        Ok(self.try_connect().await?)
    }

    /// A new connection, or the driver's own words.
    pub(crate) async fn try_connect(&self) -> Result<Connection, sqlx::Error> {
        Ok(match self {
            Self::Lite(options) => Connection::Lite(options.connect().await?),
            Self::Pg(options) => {
                let mut connection = options.connect().await?;
                postgres::refuse_standby(&mut connection).await?;
                postgres::commit_durably(&mut connection).await?;
                Connection::Pg(connection)
            }
            Self::PgRelaxed(options) => {
                let mut connection = options.connect().await?;
                postgres::refuse_standby(&mut connection).await?;
                Connection::Pg(connection)
            }
        })
    }
}
