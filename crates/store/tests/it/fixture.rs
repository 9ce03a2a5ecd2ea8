//! An empty database of either engine, and nodes that open it.

use std::{path::Path, sync::Arc, time::Duration};

use fiador_store::{Engine, OpenError, Store, StoreSettings};
use fiador_testkit::{
    TestClock,
    postgres::{Database, Server},
};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

/// Declares tests of the contract; each runs on both engines.
macro_rules! contract {
    ($($(#[$meta:meta])* async fn $name:ident($fixture:ident: &Fixture) $body:block)*) => {$(
        mod $name {
            use super::*;
            use $crate::fixture::Fixture;

            $(#[$meta])*
            async fn check($fixture: &Fixture) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                check(&Fixture::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgresql() {
                check(&Fixture::postgresql()).await;
            }
        }
    )*};
}

/// A database of its own for one test, and the clock that all its nodes share.
pub(crate) struct Fixture {
    pub(crate) clock: TestClock,
    place: Place,
}

enum Place {
    Folder(TempDir),
    Database(Box<Database>),
}

impl Fixture {
    pub(crate) fn sqlite() -> Self {
        Self { clock: TestClock::new(), place: Place::Folder(tempfile::tempdir().unwrap()) }
    }

    pub(crate) fn postgresql() -> Self {
        let database = Server::shared().unwrap().database().unwrap();
        Self { clock: TestClock::new(), place: Place::Database(Box::new(database)) }
    }

    pub(crate) fn at(clock: TestClock, database: Database) -> Self {
        Self { clock, place: Place::Database(Box::new(database)) }
    }

    /// Patient settings: a busy test machine is not an outage.
    pub(crate) fn settings(&self) -> StoreSettings {
        let engine = match &self.place {
            Place::Folder(folder) => Engine::Sqlite { path: folder.path().join("fiador.sqlite") },
            Place::Database(database) => {
                Engine::Postgres { url: database.url().to_owned(), max_connections: 8 }
            }
        };
        StoreSettings { deadline: Duration::from_secs(20), ..StoreSettings::new(engine) }
    }

    pub(crate) async fn open(&self) -> Arc<Store> {
        self.try_open(self.settings()).await.unwrap()
    }

    pub(crate) async fn try_open(&self, settings: StoreSettings) -> Result<Arc<Store>, OpenError> {
        Store::open(settings, Arc::new(self.clock.clone())).await
    }

    /// Closes the node and opens the database again, as after a restart.
    pub(crate) async fn reopen(&self, store: Arc<Store>) -> Arc<Store> {
        store.close().await;
        drop(store);
        self.open().await
    }

    /// Holds what appending to the audit log needs, until it is dropped.
    pub(crate) async fn block_the_writer(&self) -> Blocker {
        match self.settings().engine {
            Engine::Sqlite { path } => {
                let connection = sqlite(&path);
                connection.execute_batch("BEGIN IMMEDIATE").unwrap();
                Blocker::Lite(connection)
            }
            Engine::Postgres { url, .. } => {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                connection.execute("BEGIN; LOCK TABLE audit IN EXCLUSIVE MODE").await.unwrap();
                Blocker::Pg(connection)
            }
        }
    }

    /// A number computed by the database, over a connection of the test's own.
    pub(crate) async fn number(&self, text: &'static str) -> i64 {
        match self.settings().engine {
            Engine::Sqlite { path } => sqlite(&path).query_one(text, [], |row| row.get(0)).unwrap(),
            Engine::Postgres { url, .. } => {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                sqlx::query_scalar(text).fetch_one(&mut connection).await.unwrap()
            }
        }
    }

    /// Changes the database behind the back of its nodes.
    pub(crate) async fn execute(&self, text: &'static str) {
        match self.settings().engine {
            Engine::Sqlite { path } => {
                sqlite(&path).execute_batch(text).unwrap();
            }
            Engine::Postgres { url, .. } => {
                PgConnection::connect(&url).await.unwrap().execute(text).await.unwrap();
            }
        }
    }
}

/// See [`Fixture::block_the_writer`].
pub(crate) enum Blocker {
    Lite(rusqlite::Connection),
    Pg(PgConnection),
}

impl Blocker {
    pub(crate) async fn release(self) {
        match self {
            Self::Lite(connection) => connection.close().unwrap(),
            Self::Pg(connection) => connection.close().await.unwrap(),
        }
    }
}

/// A connection of somebody else, who waits a while for locks.
fn sqlite(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}
