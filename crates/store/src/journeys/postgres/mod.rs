//! Journeys of a cluster: rows of a table, each sealed as a whole.
//!
//! Their connections commit without waiting for the disk: a crash of the database server may lose
//! the last journeys, and the people in them start again. What is good once is used up durably.

pub(crate) mod lookout;
pub(crate) mod places;
pub(crate) mod references;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::journey::Journey;
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{JourneyStoreError, Journeys, Referred, Sealer, StoreError, Versioned};

use self::{lookout::Lookout, places::Places};
use super::is_evictable;
use crate::{pool::Pool, query::query, seals::Seals, shared::Shared, sql::statements};

statements! {
    const OPEN = "INSERT INTO journeys (handle, version, sealed, expires_at, evictable) \
            VALUES ($1, 0, $2, $3, $4) \
            ON CONFLICT (handle) DO UPDATE SET version = 0, sealed = excluded.sealed, \
            expires_at = excluded.expires_at, evictable = excluded.evictable";
    const READ = "SELECT version, sealed FROM journeys WHERE handle = $1 AND expires_at > $2";
    const REPLACE = "UPDATE journeys SET version = version + 1, sealed = $3, expires_at = $4, \
               evictable = $5 \
               WHERE handle = $1 AND version = $2";
}

pub(crate) struct PostgresJourneys {
    /// Its commits may be lost.
    pool: Arc<Pool>,
    durable: Arc<Pool>,
    shared: Arc<Shared>,
    seals: Seals,
    places: Places,
    lookout: Arc<Lookout>,
}

impl PostgresJourneys {
    pub(crate) fn new(
        pool: Arc<Pool>,
        durable: Arc<Pool>,
        shared: Arc<Shared>,
        sealer: Arc<dyn Sealer>,
        capacity: usize,
    ) -> Self {
        let places = Places::new(Arc::clone(&pool), capacity);
        let lookout = Lookout::new(Arc::clone(&pool));
        Self { pool, durable, shared, seals: Seals::new(sealer), places, lookout }
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
        let sealed = self.seals.seal(journey)?;
        let at = i64::try_from(version).map_err(|_| StoreError::Corrupt)?;
        references::keep(&self.pool, &handle, journey).await?;
        let rows = pool
            .execute(
                &query(REPLACE)
                    .bind(handle.as_bytes().as_slice())
                    .bind(at)
                    .bind(sealed.as_str())
                    .bind(journey.expires_at.as_micros())
                    .bind(is_evictable(journey)),
            )
            .await?;
        // Whether it was this caller or another who replaced it: it is not at `version` any more.
        self.lookout.watchers.announce((handle, version));
        Ok(rows == 1)
    }

    /// A journey that cannot be opened is over.
    fn open_row(&self, version: i64, sealed: &str) -> Option<Versioned> {
        let journey = self.seals.open(sealed)?;
        Some(Versioned { version: version.unsigned_abs(), journey })
    }
}

#[async_trait]
impl Journeys for PostgresJourneys {
    async fn open(&self, handle: Digest, journey: Journey) -> Result<(), JourneyStoreError> {
        let now = self.shared.clock.now()?;
        self.places.count_if_due(now).await?;
        let sealed = self.seals.seal(&journey)?;
        self.places.take(now).await?;
        references::keep(&self.pool, &handle, &journey).await?;
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
        Ok(row.and_then(|(version, sealed)| self.open_row(version, &sealed)))
    }

    async fn replace(
        &self,
        handle: Digest,
        version: u64,
        journey: Journey,
    ) -> Result<bool, StoreError> {
        self.replace_by(&self.pool, handle, version, &journey).await
    }

    async fn find_by_reference(
        &self,
        reference: Digest,
        now: Timestamp,
    ) -> Result<Option<Referred>, StoreError> {
        self.shared.clock.now()?;
        let row: Option<(Vec<u8>, i64, String)> =
            self.pool.optional(&references::find(&reference, now)).await?;
        let Some((handle, version, sealed)) = row else { return Ok(None) };
        let handle = Digest::from_bytes(handle.try_into().map_err(|_| StoreError::Corrupt)?);
        let found = self.open_row(version, &sealed);
        let found = found.filter(|found| found.journey.references().any(|live| live == reference));
        Ok(found.map(|versioned| Referred { handle, versioned }))
    }

    async fn changed(
        &self,
        handle: Digest,
        version: u64,
        patience: Duration,
    ) -> Result<(), StoreError> {
        self.shared.clock.now()?;
        self.lookout.changed((handle, version), patience).await
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
