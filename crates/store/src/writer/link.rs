//! The connection that writes, and the next one when it is lost.

use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::{
    connection::Connection,
    connector::{Connector, in_time},
    failure::Failure,
    shared::Shared,
};

/// A connection, there or on its way.
///
/// A task of its own makes it, so that it may take longer than a batch may wait (T-243): the batch
/// that found the old one dead waits for its successor, later ones are refused at once until it
/// has come.
pub(super) struct Link {
    connector: Connector,
    shared: Arc<Shared>,
    state: State,
}

enum State {
    /// In use, or lost.
    Away,
    There(Connection),
    Coming(JoinHandle<Result<Connection, Failure>>),
}

/// A connection to use.
pub(super) struct Taken {
    pub(super) connection: Connection,
    /// It was there before, and may have died unnoticed.
    pub(super) old: bool,
}

impl Link {
    pub(super) fn new(connection: Connection, connector: Connector, shared: Arc<Shared>) -> Self {
        Self { connector, shared, state: State::There(connection) }
    }

    /// The connection. One that is not given back is lost.
    pub(super) async fn take(&mut self) -> Result<Taken, Failure> {
        match std::mem::replace(&mut self.state, State::Away) {
            State::Away => {}
            State::There(connection) => return Ok(Taken { connection, old: true }),
            State::Coming(task) if !task.is_finished() => {
                self.state = State::Coming(task);
                return Err(Failure::Gone);
            }
            State::Coming(task) => {
                // One that failed meanwhile says nothing about now.
                if let Ok(Ok(connection)) = task.await {
                    return Ok(Taken { connection, old: true });
                }
            }
        }
        self.state = State::Coming(self.connect());
        self.arrival().await
    }

    pub(super) fn give_back(&mut self, connection: Connection) {
        self.state = State::There(connection);
    }

    /// Whether a new connection is being made.
    pub(super) const fn is_coming(&self) -> bool {
        matches!(self.state, State::Coming(_))
    }

    pub(super) async fn close(self) {
        match self.state {
            State::Away => {}
            State::There(connection) => connection.close().await,
            State::Coming(task) => task.abort(),
        }
    }

    /// Waits for a connection. A caller that waits no longer leaves it to the next one.
    async fn arrival(&mut self) -> Result<Taken, Failure> {
        let State::Coming(task) = &mut self.state else { return Err(Failure::Gone) };
        let outcome = task.await;
        self.state = State::Away;
        outcome.unwrap_or(Err(Failure::Gone)).map(|connection| Taken { connection, old: false })
    }

    fn connect(&self) -> JoinHandle<Result<Connection, Failure>> {
        let (connector, shared) = (self.connector.clone(), Arc::clone(&self.shared));
        tokio::spawn(async move {
            let making = async {
                let mut connection = connector.connect().await?;
                shared.load(&mut connection).await?;
                Ok(connection)
            };
            match shared.commit_deadline {
                Some(deadline) => in_time(deadline, making).await,
                None => making.await,
            }
        })
    }
}
