//! Makes connections of one sort.

use std::{future::Future, time::Duration};

use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};

use crate::{connection::Connection, failure::Failure, postgres, sqlite::LiteOptions};

/// A new connection may take so long, however short the deadline of requests is: a name is looked
/// up, TLS is agreed on, the server starts a process.
const PATIENCE: Duration = Duration::from_secs(2);

/// How to reach the database.
#[derive(Clone)]
pub(crate) enum Connector {
    /// A file.
    Lite(LiteOptions),
    /// A server, whose commits are durable.
    Pg(PgConnectOptions),
    /// A server, whose commits of this connection may be lost in its crash.
    PgRelaxed(PgConnectOptions),
}

/// The driver's own words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error(transparent)]
    Lite(#[from] rusqlite::Error),
    #[error(transparent)]
    Pg(#[from] sqlx::Error),
}

impl Connector {
    /// A new connection.
    pub(crate) async fn connect(&self) -> Result<Connection, Failure> {
        Ok(self.try_connect().await?)
    }

    /// A new connection, or the driver's own words.
    pub(crate) async fn try_connect(&self) -> Result<Connection, ConnectError> {
        Ok(match self {
            Self::Lite(options) => Connection::Lite(options.connect()?),
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

    /// Whether its statements run on the thread that calls them.
    pub(crate) const fn is_lite(&self) -> bool {
        matches!(self, Self::Lite(_))
    }
}

/// The new connection that `making` makes, while requests wait no longer than `deadline`.
pub(crate) async fn in_time(
    deadline: Duration,
    making: impl Future<Output = Result<Connection, Failure>>,
) -> Result<Connection, Failure> {
    tokio::time::timeout(PATIENCE.max(deadline), making).await.unwrap_or_else(|_| {
        tracing::warn!("no connection to the database could be made in time");
        Err(Failure::Gone)
    })
}
