//! Port `Maintenance`: takes away what has expired, a few rows at a time.
//!
//! Each step is a transaction of its own, and logins that come meanwhile go before the next. Every deletion repeats its condition outside the inner query: a row
//! that another node renewed in between stays.

use async_trait::async_trait;
use fiador_kernel::Timestamp;
use fiador_ports::{Health, Maintenance, Reaped, StoreError};

use crate::{
    Store,
    failure::Failure,
    pool::within,
    query::query,
    sql::statements,
    sqlite,
    tables::epochs,
    writer::{operation::Work, transaction::Transaction},
};

/// Rows per step.
const STEP: i64 = 500;
/// Steps per table and run.
const STEPS: usize = 40;

statements! {
    const SPENT_CODES = "DELETE FROM spent_codes WHERE expires_at <= $1 AND grant_id IN \
                   (SELECT grant_id FROM spent_codes WHERE expires_at <= $1 LIMIT $2)";
    const LOGIN_SESSIONS = "DELETE FROM login_sessions WHERE expires_at <= $1 AND id IN \
                      (SELECT id FROM login_sessions WHERE expires_at <= $1 LIMIT $2)";
    const REFRESH_FAMILIES = "DELETE FROM refresh_families WHERE expires_at <= $1 AND id IN \
                        (SELECT id FROM refresh_families WHERE expires_at <= $1 LIMIT $2)";
    const USED_ASSERTIONS = "DELETE FROM used_assertions WHERE expires_at <= $1 AND \
                       (client_id, purpose, jti) IN (SELECT client_id, purpose, jti \
                       FROM used_assertions WHERE expires_at <= $1 LIMIT $2)";
    const REQUESTED_CLAIMS = "DELETE FROM requested_claims WHERE expires_at <= $1 AND grant_id IN \
                        (SELECT grant_id FROM requested_claims WHERE expires_at <= $1 LIMIT $2)";
    const BUDGETS = "DELETE FROM budgets WHERE expires_at <= $1 AND budget IN \
               (SELECT budget FROM budgets WHERE expires_at <= $1 LIMIT $2)";
    const JOURNEYS = "DELETE FROM journeys WHERE expires_at <= $1 AND handle IN \
                (SELECT handle FROM journeys WHERE expires_at <= $1 LIMIT $2)";
    const JOURNEY_REFERENCES = "DELETE FROM journey_references WHERE expires_at <= $1 AND \
                          reference IN (SELECT reference FROM journey_references \
                          WHERE expires_at <= $1 LIMIT $2)";
    const PROMPT_LEDGERS = "DELETE FROM prompt_ledgers WHERE expires_at <= $1 AND msisdn_index IN \
                      (SELECT msisdn_index FROM prompt_ledgers WHERE expires_at <= $1 LIMIT $2)";
    const ROUTING_RECORDS = "DELETE FROM routing_records WHERE expires_at <= $1 AND journey IN \
                       (SELECT journey FROM routing_records WHERE expires_at <= $1 LIMIT $2)";
    const KEYS = "DELETE FROM keys WHERE expires_at <= $1 AND id IN \
            (SELECT id FROM keys WHERE expires_at <= $1 LIMIT $2)";
    // The log has no key; events of one moment go together.
    const AUDIT = "DELETE FROM audit WHERE at <= (SELECT MAX(at) FROM \
             (SELECT at FROM audit WHERE at <= $1 ORDER BY at LIMIT $2) AS oldest)";
}

/// The tables whose rows go one by one once their time has come.
const EXPIRING: [&str; 11] = [
    SPENT_CODES,
    LOGIN_SESSIONS,
    REFRESH_FAMILIES,
    USED_ASSERTIONS,
    REQUESTED_CLAIMS,
    BUDGETS,
    JOURNEYS,
    JOURNEY_REFERENCES,
    PROMPT_LEDGERS,
    ROUTING_RECORDS,
    KEYS,
];

#[async_trait]
impl Maintenance for Store {
    async fn reap(&self, now: Timestamp) -> Result<Reaped, StoreError> {
        self.now()?;
        self.memory.sweep(now);
        let mut reaped = Reaped::default();
        for text in EXPIRING {
            self.reap_by_steps(&mut reaped, || Expired { text, before: now }).await?;
        }
        self.reap_by_steps(&mut reaped, || ExpiredEpochs { before: now }).await?;
        if let Some(retention) = self.audit_retention {
            let before = now.before(retention);
            self.reap_by_steps(&mut reaped, || Expired { text: AUDIT, before }).await?;
        }
        if reaped.rows > 0 && self.shared.alone {
            self.writer.write(sqlite::Shrink).await?;
        }
        Ok(reaped)
    }

    async fn health(&self, _now: Timestamp) -> Health {
        let probe = async {
            self.now()?;
            self.writer.write(Probe).await
        };
        match within(self.deadline, probe).await {
            Ok(()) => Health::Ready,
            Err(error) => Health::Down(error),
        }
    }
}

impl Store {
    async fn reap_by_steps<W: Work<Outcome = u64>>(
        &self,
        reaped: &mut Reaped,
        step: impl Fn() -> W,
    ) -> Result<(), StoreError> {
        for _ in 0..STEPS {
            let rows = self.writer.write(step()).await?;
            reaped.rows += rows;
            if rows < STEP.unsigned_abs() {
                return Ok(());
            }
        }
        reaped.more = true;
        Ok(())
    }
}

/// One step over one table.
struct Expired {
    text: &'static str,
    before: Timestamp,
}

#[async_trait]
impl Work for Expired {
    type Outcome = u64;
    const UPKEEP: bool = true;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<u64, Failure> {
        Ok(transaction
            .connection
            .execute(&query(self.text).bind(self.before.as_micros()).bind(STEP))
            .await?)
    }
}

/// One step over the ends of grants, which memory forgets with them.
struct ExpiredEpochs {
    before: Timestamp,
}

#[async_trait]
impl Work for ExpiredEpochs {
    type Outcome = u64;
    const UPKEEP: bool = true;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<u64, Failure> {
        epochs::reap(transaction, self.before, STEP).await
    }
}

/// Nothing but a transaction: shows that one can be opened and committed.
struct Probe;

#[async_trait]
impl Work for Probe {
    type Outcome = ();

    async fn apply(&self, _transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        Ok(())
    }
}
