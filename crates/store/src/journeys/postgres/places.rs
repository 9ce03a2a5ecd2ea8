//! How many journeys a cluster has room for.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use fiador_domain::journey::AFTERMATH;
use fiador_kernel::Timestamp;
use fiador_ports::{JourneyStoreError, StoreError};

use crate::{pool::Pool, query::query, sql::statements};

statements! {
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

/// The bound, and how much of it is taken as far as this node knows.
pub(super) struct Places {
    pool: Arc<Pool>,
    capacity: u64,
    /// As last counted, plus what this node opened since.
    under_way: AtomicU64,
    counted_at: AtomicI64,
}

impl Places {
    pub(super) fn new(pool: Arc<Pool>, capacity: usize) -> Self {
        Self {
            pool,
            capacity: u64::try_from(capacity).unwrap_or(u64::MAX),
            under_way: AtomicU64::new(0),
            counted_at: AtomicI64::new(i64::MIN),
        }
    }

    /// Takes a place, of another journey if none is free.
    pub(super) async fn take(&self, now: Timestamp) -> Result<(), JourneyStoreError> {
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

    /// Counts from time to time: of callers at the same moment one does.
    pub(super) async fn count_if_due(&self, now: Timestamp) -> Result<(), StoreError> {
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
        let places = i64::try_from(places).unwrap_or(1);
        let overdue = query(EVICT_OVERDUE)
            .bind(now.as_micros())
            .bind((now + AFTERMATH).as_micros())
            .bind(places);
        let overdue = self.pool.execute(&overdue).await?;
        if overdue > 0 {
            return Ok(overdue);
        }
        self.pool.execute(&query(EVICT).bind(now.as_micros()).bind(places)).await
    }
}
