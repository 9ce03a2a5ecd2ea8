//! A node whose clock is wrong does not serve (T-244).
//!
//! A clock that is behind would revive what has expired. One that jumped ahead would end everything
//! that lives, and through the highest time in the database it would stop every other node, for
//! as long as the jump was wide. So a jump is not believed while the node runs: not before another
//! node vouches for the time, or an operator does by a restart.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use fiador_kernel::{Clock, Timestamp};
use fiador_ports::StoreError;

use crate::{connection::Connection, failure::Failure, query::query, sql::statements};

/// The highest time is written so often at most.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);

/// A wrong clock is logged so often at most, however many requests it refuses.
const ALARM_EVERY: Duration = Duration::from_secs(10);

/// Nothing yet.
const NEVER: i64 = i64::MIN;

statements! {
    const HIGHEST = "SELECT highest FROM clock WHERE id = 1";
    const RAISE = "INSERT INTO clock (id, highest) VALUES (1, $1) \
             ON CONFLICT (id) DO UPDATE SET highest = \
             CASE WHEN clock.highest < excluded.highest THEN excluded.highest \
             ELSE clock.highest END \
             RETURNING highest";
    const RESET = "INSERT INTO clock (id, highest) VALUES (1, $1) \
             ON CONFLICT (id) DO UPDATE SET highest = excluded.highest";
    const HOLD = "INSERT INTO clock (id, highest) VALUES (1, 0) \
            ON CONFLICT (id) DO UPDATE SET highest = clock.highest";
}

/// The clock of this node, held against the highest time seen by any node and against the
/// machine's steady counter. All numbers are microseconds.
pub(crate) struct ClockGuard {
    clock: Arc<dyn Clock>,
    leeway: Duration,
    highest: AtomicI64,
    written: AtomicI64,
    /// How far the time may be from the steady counter: the most that was believed so far.
    distance: AtomicI64,
    /// When the last alarm was, by the steady counter.
    alarmed: AtomicI64,
}

impl ClockGuard {
    pub(crate) fn new(clock: Arc<dyn Clock>, leeway: Duration) -> Self {
        Self {
            clock,
            leeway,
            highest: AtomicI64::new(NEVER),
            written: AtomicI64::new(NEVER),
            distance: AtomicI64::new(NEVER),
            alarmed: AtomicI64::new(NEVER),
        }
    }

    /// The time now, unless it is too far behind or jumped ahead. The first time of a node is
    /// believed if it is not behind: a database may have been at rest for long.
    pub(crate) fn now(&self) -> Result<Timestamp, StoreError> {
        // In this order: a pause between the two looks like no jump.
        let now = self.clock.now();
        let steady = self.steady();
        let distance = now.as_micros().saturating_sub(steady);
        let believed = self.distance.load(Ordering::SeqCst);
        let jump = distance.saturating_sub(believed);
        if believed != NEVER && jump > micros(self.leeway) {
            self.alarm(steady, jump, "this node's clock jumped ahead; nothing is served");
            return Err(StoreError::ClockAhead);
        }
        let highest = self.highest.fetch_max(now.as_micros(), Ordering::SeqCst);
        if (now + self.leeway).as_micros() < highest {
            let behind = now.as_micros().saturating_sub(highest);
            self.alarm(
                steady,
                behind,
                "this node's clock is behind the highest time that was seen; nothing is served",
            );
            return Err(StoreError::ClockBehind);
        }
        if jump > 0 {
            self.distance.fetch_max(distance, Ordering::SeqCst);
        }
        Ok(now)
    }

    /// Some node has seen this time, and vouches for it.
    pub(crate) fn observe(&self, highest: i64) {
        self.highest.fetch_max(highest, Ordering::SeqCst);
        if self.distance.load(Ordering::SeqCst) != NEVER {
            self.distance.fetch_max(highest.saturating_sub(self.steady()), Ordering::SeqCst);
        }
    }

    /// Learns the highest time in the database.
    pub(crate) async fn learn(&self, connection: &mut Connection) -> Result<(), Failure> {
        let highest: Option<(i64,)> = connection.optional(&query(HIGHEST)).await?;
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
        let now = self.now().map_err(Failure::Clock)?;
        let written = Timestamp::from_micros(self.written.load(Ordering::SeqCst));
        if written.as_micros() != NEVER && now.since(written) < WRITTEN_EVERY {
            return Ok(None);
        }
        let (highest,): (i64,) = connection.one(&query(RAISE).bind(now.as_micros())).await?;
        self.observe(highest);
        self.now().map_err(Failure::Clock)?;
        Ok(Some(now))
    }

    /// The commit that carried this time is durable.
    pub(crate) fn note_written(&self, written: Timestamp) {
        self.written.fetch_max(written.as_micros(), Ordering::SeqCst);
    }

    fn steady(&self) -> i64 {
        micros(self.clock.steady())
    }

    fn alarm(&self, steady: i64, ahead: i64, message: &'static str) {
        metrics::counter!("fiador_store_clock_refusals_total").increment(1);
        let last = self.alarmed.load(Ordering::SeqCst);
        if last != NEVER && steady.saturating_sub(last) < micros(ALARM_EVERY) {
            return;
        }
        if self.alarmed.compare_exchange(last, steady, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            tracing::error!(ahead_ms = ahead / 1_000, "{message}");
        }
    }
}

/// Puts the highest time to `now`, forwards or backwards. No node may run meanwhile: each would
/// put back what it remembers.
pub(crate) async fn reset(connection: &mut Connection, now: Timestamp) -> Result<(), Failure> {
    connection.execute(&query(RESET).bind(now.as_micros())).await?;
    Ok(())
}

/// Waits until no other node is inside such a hold, until the end of the transaction: for
/// decisions over a whole table, which no row of that table could serialise.
pub(crate) async fn hold_the_cluster(connection: &mut Connection) -> Result<(), Failure> {
    connection.execute(&query(HOLD)).await?;
    Ok(())
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
