//! Journeys of a cluster: rows of a table, each sealed as a whole.
//!
//! Their connections commit without waiting for the disk: a crash of the database server may lose
//! the last journeys, and the people in them start again. What is good once is used up durably.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use fiador_domain::journey::{AFTERMATH, Journey};
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{JourneyStoreError, Journeys, SealKind, Sealer, StoreError, Versioned};

use super::is_evictable;
use crate::{pool::Pool, query::query, shared::Shared, sql::statements};

statements! {
    const OPEN = "INSERT INTO journeys (handle, version, sealed, expires_at, evictable) \
            VALUES ($1, 0, $2, $3, $4) \
            ON CONFLICT (handle) DO UPDATE SET version = 0, sealed = excluded.sealed, \
            expires_at = excluded.expires_at, evictable = excluded.evictable";
    const READ = "SELECT version, sealed FROM journeys WHERE handle = $1 AND expires_at > $2";
    const REPLACE = "UPDATE journeys SET version = version + 1, sealed = $3, expires_at = $4, \
               evictable = $5 \
               WHERE handle = $1 AND version = $2";
    // Whether it is evictable is asked again: its phone may have been reached in between.
    const EVICT = "DELETE FROM journeys WHERE evictable AND handle IN (SELECT handle FROM journeys \
             WHERE evictable AND expires_at > $1 ORDER BY expires_at, handle LIMIT $2)";
    // Over, and kept only for those who come late.
    const EVICT_OVERDUE = "DELETE FROM journeys WHERE handle IN (SELECT handle FROM journeys \
             WHERE expires_at > $1 AND expires_at <= $2 ORDER BY expires_at, handle LIMIT $3)";
    const COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM journeys WHERE expires_at > $1";
}

/// How old the count of journeys under way may be.
const COUNTED_EVERY: Duration = Duration::from_secs(5);

/// At most so many make room at once, so that a flood of starts does not cost a statement more for
/// each.
const EVICTED_AT_ONCE: u64 = 64;

/// Other nodes may have evicted the same ones; then the next are looked for so often.
const EVICTIONS: usize = 2;

pub(crate) struct PostgresJourneys {
    /// Its commits may be lost.
    pool: Arc<Pool>,
    durable: Arc<Pool>,
    shared: Arc<Shared>,
    sealer: Arc<dyn Sealer>,
    capacity: u64,
    /// As last counted, plus what this node opened since.
    under_way: AtomicU64,
    counted_at: AtomicI64,
}

impl PostgresJourneys {
    pub(crate) fn new(
        pool: Arc<Pool>,
        durable: Arc<Pool>,
        shared: Arc<Shared>,
        sealer: Arc<dyn Sealer>,
        capacity: usize,
    ) -> Self {
        Self {
            pool,
            durable,
            shared,
            sealer,
            capacity: u64::try_from(capacity).unwrap_or(u64::MAX),
            under_way: AtomicU64::new(0),
            counted_at: AtomicI64::new(i64::MIN),
        }
    }

    fn seal(&self, journey: &Journey) -> Result<String, StoreError> {
        let content = serde_json::to_vec(journey).map_err(|_| StoreError::Corrupt)?;
        self.sealer.seal(SealKind::Journey, &content).ok_or_else(|| {
            tracing::error!("no key to seal journeys is active; see `fiador keys list`");
            StoreError::Unavailable
        })
    }

    /// Replaces a journey with a commit of the pool's kind.
    async fn replace_by(
        &self,
        pool: &Pool,
        handle: Digest,
        version: u64,
        journey: &Journey,
    ) -> Result<bool, StoreError> {
        self.shared.clock.now()?;
        let sealed = self.seal(journey)?;
        let version = i64::try_from(version).map_err(|_| StoreError::Corrupt)?;
        let rows = pool
            .execute(
                &query(REPLACE)
                    .bind(handle.as_bytes().as_slice())
                    .bind(version)
                    .bind(sealed.as_str())
                    .bind(journey.expires_at.as_micros())
                    .bind(is_evictable(journey)),
            )
            .await?;
        Ok(rows == 1)
    }

    /// Takes a place, of another journey if none is free.
    async fn take_place(&self, now: Timestamp) -> Result<(), JourneyStoreError> {
        for _ in 0..EVICTIONS {
            if self.take_free_place() {
                return Ok(());
            }
            let evicted = self.evict(now).await?;
            let _ = self.under_way.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |places| {
                Some(places.saturating_sub(evicted))
            });
        }
        if self.take_free_place() { Ok(()) } else { Err(JourneyStoreError::Full) }
    }

    fn take_free_place(&self) -> bool {
        let taken = self.under_way.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |places| {
            (places < self.capacity).then_some(places + 1)
        });
        taken.is_ok()
    }

    /// Takes out journeys that are over, or else the evictable ones that expire first, and tells how
    /// many.
    async fn evict(&self, now: Timestamp) -> Result<u64, StoreError> {
        let places = (self.capacity / EVICTED_AT_ONCE).clamp(1, EVICTED_AT_ONCE);
        let overdue = self
            .pool
            .execute(
                &query(EVICT_OVERDUE)
                    .bind(now.as_micros())
                    .bind((now + AFTERMATH).as_micros())
                    .bind(i64::try_from(places).unwrap_or(1)),
            )
            .await?;
        if overdue > 0 {
            return Ok(overdue);
        }
        self.pool
            .execute(&query(EVICT).bind(now.as_micros()).bind(i64::try_from(places).unwrap_or(1)))
            .await
    }

    /// Counts from time to time: of callers at the same moment one does.
    async fn count_if_due(&self, now: Timestamp) -> Result<(), StoreError> {
        let counted_at = self.counted_at.load(Ordering::SeqCst);
        let fresh =
            counted_at != i64::MIN && now.since(Timestamp::from_micros(counted_at)) < COUNTED_EVERY;
        let mine = || {
            let next = now.as_micros();
            let swap = self.counted_at.compare_exchange(
                counted_at,
                next,
                Ordering::SeqCst,
                Ordering::SeqCst,
            );
            swap.is_ok()
        };
        if fresh || !mine() {
            return Ok(());
        }
        let (count,): (i64,) = self.pool.one(&query(COUNT).bind(now.as_micros())).await?;
        self.under_way.store(count.unsigned_abs(), Ordering::SeqCst);
        Ok(())
    }
}

#[async_trait]
impl Journeys for PostgresJourneys {
    async fn open(&self, handle: Digest, journey: Journey) -> Result<(), JourneyStoreError> {
        let now = self.shared.clock.now()?;
        self.count_if_due(now).await?;
        let sealed = self.seal(&journey)?;
        self.take_place(now).await?;
        self.pool
            .execute(
                &query(OPEN)
                    .bind(handle.as_bytes().as_slice())
                    .bind(sealed.as_str())
                    .bind(journey.expires_at.as_micros())
                    .bind(is_evictable(&journey)),
            )
            .await?;
        Ok(())
    }

    async fn read(&self, handle: Digest, now: Timestamp) -> Result<Option<Versioned>, StoreError> {
        self.shared.clock.now()?;
        let row: Option<(i64, String)> = self
            .pool
            .optional(&query(READ).bind(handle.as_bytes().as_slice()).bind(now.as_micros()))
            .await?;
        let Some((version, sealed)) = row else { return Ok(None) };
        // A journey whose sealing key is gone is over, as one that was lost in a crash.
        let Some(content) = self.sealer.open(SealKind::Journey, &sealed) else { return Ok(None) };
        Ok(Some(Versioned {
            version: version.unsigned_abs(),
            journey: serde_json::from_slice(&content).map_err(|_| StoreError::Corrupt)?,
        }))
    }

    async fn replace(
        &self,
        handle: Digest,
        version: u64,
        journey: Journey,
    ) -> Result<bool, StoreError> {
        self.replace_by(&self.pool, handle, version, &journey).await
    }

    async fn use_up(
        &self,
        handle: Digest,
        version: u64,
        used: Journey,
    ) -> Result<bool, StoreError> {
        self.replace_by(&self.durable, handle, version, &used).await
    }
}
