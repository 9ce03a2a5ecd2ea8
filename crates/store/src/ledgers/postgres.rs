//! Prompt ledgers of a cluster: sealed rows, on the connections of journeys.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::prompting::Ledger;
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{PromptLedgers, Sealer, StoreError, VersionedLedger};

use crate::{pool::Pool, query::query, seals::Seals, shared::Shared, sql::statements};

statements! {
    const READ = "SELECT version, sealed, expires_at FROM prompt_ledgers WHERE msisdn_index = $1";
    const BEGIN = "INSERT INTO prompt_ledgers (msisdn_index, version, sealed, expires_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (msisdn_index) DO NOTHING";
    const REPLACE = "UPDATE prompt_ledgers SET version = version + 1, sealed = $3, expires_at = $4 \
               WHERE msisdn_index = $1 AND version = $2";
}

pub(crate) struct PostgresPromptLedgers {
    /// Its commits may be lost, with those of journeys.
    pool: Arc<Pool>,
    shared: Arc<Shared>,
    seals: Seals,
}

impl PostgresPromptLedgers {
    pub(crate) fn new(pool: Arc<Pool>, shared: Arc<Shared>, sealer: Arc<dyn Sealer>) -> Self {
        Self { pool, shared, seals: Seals::new(sealer) }
    }
}

#[async_trait]
impl PromptLedgers for PostgresPromptLedgers {
    async fn read(&self, msisdn: Digest, now: Timestamp) -> Result<VersionedLedger, StoreError> {
        self.shared.clock.now()?;
        let read = query(READ).bind(msisdn.as_bytes().as_slice());
        let row: Option<(i64, String, i64)> = self.pool.optional(&read).await?;
        let Some((version, sealed, expires_at)) = row else {
            return Ok(VersionedLedger::default());
        };
        // One that has expired or cannot be read is empty, but has a version to be replaced at.
        let is_live = Timestamp::from_micros(expires_at) > now;
        let ledger: Option<Ledger> = is_live.then(|| self.seals.open(&sealed)).flatten();
        let ledger = ledger.unwrap_or_default();
        Ok(VersionedLedger { version: version.unsigned_abs(), ledger })
    }

    async fn replace(
        &self,
        msisdn: Digest,
        version: u64,
        ledger: Ledger,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let now = self.shared.clock.now()?;
        let sealed = self.seals.seal(&ledger)?;
        let version = i64::try_from(version).map_err(|_| StoreError::Corrupt)?;
        let is_new = version == 0;
        // The first version is a time, so that a ledger that was reaped and begun anew is not taken
        // for the old one.
        let written = query(if is_new { BEGIN } else { REPLACE })
            .bind(msisdn.as_bytes().as_slice())
            .bind(if is_new { now.as_micros() } else { version })
            .bind(sealed.as_str())
            .bind(expires_at.as_micros());
        Ok(self.pool.execute(&written).await? == 1)
    }
}
