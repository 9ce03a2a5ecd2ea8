//! A node whose clock is behind does not serve: it would revive what has expired (T-244).

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use fiador_kernel::{Clock, Timestamp};
use fiador_ports::StoreError;

use crate::{
    connection::{Connection, execute, on},
    failure::Failure,
    sql::statements,
};

/// The highest time is written so often at most.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);

statements! {
    const HIGHEST = "SELECT highest FROM clock WHERE id = 1";
    const RAISE = "INSERT INTO clock (id, highest) VALUES (1, $1) \
             ON CONFLICT (id) DO UPDATE SET highest = \
             CASE WHEN clock.highest < excluded.highest THEN excluded.highest \
             ELSE clock.highest END \
             RETURNING highest";
    const HOLD = "INSERT INTO clock (id, highest) VALUES (1, 0) \
            ON CONFLICT (id) DO UPDATE SET highest = clock.highest";
}

/// The clock of this node, held against the highest time seen by any node.
pub(crate) struct ClockGuard {
    clock: Arc<dyn Clock>,
    leeway: Duration,
    highest: AtomicI64,
    written: AtomicI64,
}

impl ClockGuard {
    pub(crate) fn new(clock: Arc<dyn Clock>, leeway: Duration) -> Self {
        Self { clock, leeway, highest: AtomicI64::new(i64::MIN), written: AtomicI64::new(i64::MIN) }
    }

    /// The time now, unless it lies too far behind.
    pub(crate) fn now(&self) -> Result<Timestamp, StoreError> {
        let now = self.clock.now();
        let highest = self.highest.fetch_max(now.as_micros(), Ordering::SeqCst);
        if (now + self.leeway).as_micros() < highest {
            tracing::error!(
                behind_ms = (highest - now.as_micros()) / 1_000,
                "this node's clock is behind the highest time that was seen; nothing is served"
            );
            return Err(StoreError::ClockBehind);
        }
        Ok(now)
    }

    /// Some node has seen this time.
    pub(crate) fn observe(&self, highest: i64) {
        self.highest.fetch_max(highest, Ordering::SeqCst);
    }

    /// Learns the highest time in the database.
    pub(crate) async fn learn(&self, connection: &mut Connection) -> Result<(), Failure> {
        let highest: Option<(i64,)> =
            on!(connection, c => sqlx::query_as(HIGHEST).fetch_optional(c).await)?;
        if let Some((highest,)) = highest {
            self.observe(highest);
        }
        Ok(())
    }

    /// Writes the time of this node beside other writes, at most once per second. Returns what is
    /// to be passed to [`Self::note_written`] after the commit.
    pub(crate) async fn raise(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<Timestamp>, Failure> {
        let now = self.now().map_err(|_| Failure::ClockBehind)?;
        let written = Timestamp::from_micros(self.written.load(Ordering::SeqCst));
        if written.as_micros() != i64::MIN && now.since(written) < WRITTEN_EVERY {
            return Ok(None);
        }
        let (highest,): (i64,) = on!(connection, c => {
            sqlx::query_as(RAISE).bind(now.as_micros()).fetch_one(c).await
        })?;
        self.observe(highest);
        self.now().map_err(|_| Failure::ClockBehind)?;
        Ok(Some(now))
    }

    /// The commit that carried this time is durable.
    pub(crate) fn note_written(&self, written: Timestamp) {
        self.written.fetch_max(written.as_micros(), Ordering::SeqCst);
    }
}

/// Waits until no other node is inside such a hold, until the end of the transaction: for
/// decisions over a whole table, which no row of that table could serialise.
pub(crate) async fn hold_the_cluster(connection: &mut Connection) -> Result<(), Failure> {
    execute!(connection, sqlx::query(HOLD))?;
    Ok(())
}
