//! An open database.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use fiador_kernel::{Clock, Timestamp};
use fiador_ports::{Journeys, PromptLedgers, Sealer, StoreError, Vault};

use crate::{
    clock_guard::{self, ClockGuard},
    error::OpenError,
    failure::Failure,
    heartbeat,
    journeys::{MemoryJourneys, postgres::PostgresJourneys},
    ledgers::{MemoryPromptLedgers, postgres::PostgresPromptLedgers},
    migration,
    open::{Connectors, connect},
    pool::{Pool, lend},
    routing::{PolicyInForce, PolicyUnusable, Routing, RoutingRecorder},
    settings::StoreSettings,
    shared::Shared,
    sweep::Swept,
    tables,
    writer::{Writer, operation::Work, transaction::Transaction},
};

/// An open database, which implements the storage ports of [`fiador_ports`].
///
/// Call [`Store::close`] at the end of the process; what was acknowledged is durable without it.
pub struct Store {
    /// Of PostgreSQL also for the few journeys that are used up durably.
    pub(crate) readers: Arc<Pool>,
    pub(crate) writer: Writer,
    pub(crate) shared: Arc<Shared>,
    pub(crate) audit_retention: Option<Duration>,
    pub(crate) routing_retention: Duration,
    pub(crate) routing: Routing,
    pub(crate) deadline: Duration,
    /// For journeys on PostgreSQL.
    relaxed: Option<Arc<Pool>>,
    /// What a node that is alone keeps in memory instead.
    pub(crate) memory: Swept,
}

impl Store {
    /// Opens the database and, if the settings say so, brings its tables up to date.
    pub async fn open(
        settings: StoreSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, OpenError> {
        let connectors = Connectors::of(&settings).await?;
        if settings.auto_migrate {
            connectors.migrate().await?;
        }
        let Connectors { writing, reading, relaxed, lock, readers, read_deadline, .. } = connectors;
        let alone = lock.is_some();
        let mut connection = connect(&writing).await?;
        migration::check(&mut connection).await?;
        let guard = ClockGuard::new(clock, settings.clock_leeway);
        let shared = Arc::new(Shared::new(guard, alone, (!alone).then_some(settings.deadline)));
        shared.load(&mut connection).await.map_err(|_| OpenError::Unreachable {
            reason: "its tables cannot be read; see the log".to_owned(),
        })?;
        let pool = |connector, size| Pool::new(connector, size, read_deadline);
        let writer = Writer::start(connection, writing, Arc::clone(&shared), lock, settings.queue)
            .map_err(OpenError::Thread)?;
        let store = Arc::new(Self {
            readers: Arc::new(pool(reading, readers)),
            writer,
            shared,
            audit_retention: settings.audit_retention,
            routing_retention: settings.routing_retention,
            routing: Routing::default(),
            deadline: settings.deadline,
            relaxed: relaxed.map(|connector| Arc::new(pool(connector, readers))),
            memory: Swept::default(),
        });
        if !alone {
            heartbeat::start(&store);
        }
        Ok(store)
    }

    /// Brings the tables up to date and closes the database again: `fiador migrate`.
    pub async fn migrate(settings: &StoreSettings) -> Result<(), OpenError> {
        Connectors::of(settings).await?.migrate().await
    }

    /// Makes the database forget that it saw a later time than now: `fiador clock reset`, for when
    /// some clock was wrong and every right one counts as behind since. All nodes must be stopped:
    /// one that runs would put back what it remembers.
    pub async fn reset_clock(settings: &StoreSettings, clock: &dyn Clock) -> Result<(), OpenError> {
        let connectors = Connectors::of(settings).await?;
        let mut connection = connect(&connectors.writing).await?;
        migration::check(&mut connection).await?;
        let outcome = clock_guard::reset(&mut connection, clock.now()).await;
        connection.close().await;
        outcome.map_err(|_| OpenError::Unreachable {
            reason: "it refuses to be written; see the log".to_owned(),
        })
    }

    /// Where journeys are kept: in memory when this node is alone, else in the database, sealed.
    /// `capacity` bounds how many are under way (T-260); on PostgreSQL they are counted every few
    /// seconds, and other nodes may exceed it in between.
    pub fn journeys(&self, capacity: usize, sealer: Arc<dyn Sealer>) -> Arc<dyn Journeys> {
        if let Some(pool) = &self.relaxed {
            let (pool, durable) = (Arc::clone(pool), Arc::clone(&self.readers));
            let shared = Arc::clone(&self.shared);
            return Arc::new(PostgresJourneys::new(pool, durable, shared, sealer, capacity));
        }
        let journeys = Arc::new(MemoryJourneys::new(capacity));
        self.memory.add(&journeys);
        journeys
    }

    /// Where it is kept how often each number was prompted (T-106): beside journeys. In memory there
    /// is room for `capacity` numbers; on PostgreSQL their number is bounded by send budgets and by
    /// the life of a ledger.
    pub fn prompt_ledgers(
        &self,
        capacity: usize,
        sealer: Arc<dyn Sealer>,
    ) -> Arc<dyn PromptLedgers> {
        if let Some(pool) = &self.relaxed {
            let (pool, shared) = (Arc::clone(pool), Arc::clone(&self.shared));
            return Arc::new(PostgresPromptLedgers::new(pool, shared, sealer));
        }
        let ledgers = Arc::new(MemoryPromptLedgers::new(capacity));
        self.memory.add(&ledgers);
        ledgers
    }

    /// The routing policy in force: read now, followed from now on.
    pub async fn routing_policy(self: &Arc<Self>) -> Result<Arc<PolicyInForce>, PolicyUnusable> {
        PolicyInForce::open(self).await
    }

    /// Where decisions of routing go, sealed by `vault`.
    pub fn routing_records(self: &Arc<Self>, vault: Arc<dyn Vault>) -> Arc<RoutingRecorder> {
        RoutingRecorder::start(self, vault)
    }

    /// Takes no more writes, waits for those under way, and closes every connection.
    pub async fn close(&self) {
        self.write_last_decisions().await;
        self.writer.close().await;
        self.readers.close().await;
        if let Some(pool) = &self.relaxed {
            pool.close().await;
        }
    }

    /// Asks the database to prepare every statement of this version, without running any. Returns
    /// how many there are; `Corrupt` when one does not fit the tables.
    pub async fn prepare_every_statement(&self) -> Result<usize, StoreError> {
        self.writer.write(PrepareAll).await
    }

    /// Decisions of routing that wait to be written. What cannot be written now is lost.
    async fn write_last_decisions(&self) {
        let recorders = std::mem::take(&mut *self.routing.recorders.lock());
        for recorder in recorders.iter().filter_map(Weak::upgrade) {
            let _ = recorder.write().await;
        }
    }

    /// The time, unless this node's clock is wrong.
    pub(crate) fn now(&self) -> Result<Timestamp, StoreError> {
        self.shared.clock.now()
    }

    /// Looks at the highest time that any node has seen.
    pub(crate) async fn learn_the_time(&self) -> Result<(), StoreError> {
        lend!(&self.readers, connection => self.shared.clock.learn(connection))
    }
}

struct PrepareAll;

#[async_trait::async_trait]
impl Work for PrepareAll {
    type Outcome = usize;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<usize, Failure> {
        let mut prepared = 0;
        for text in tables::every_statement() {
            let outcome = transaction.connection.prepare(text).await;
            outcome.inspect_err(|_| tracing::error!(statement = text, "a statement is refused"))?;
            prepared += 1;
        }
        Ok(prepared)
    }
}
