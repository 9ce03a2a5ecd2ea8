//! What logins asked for one by one, beside their codes (decision 0017).

use async_trait::async_trait;
use fiador_kernel::{GrantId, Timestamp};
use fiador_ports::{RequestedClaims, StoreError};

use crate::{
    Store,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const KEEP = "INSERT INTO requested_claims (grant_id, sealed, expires_at) VALUES ($1, $2, $3) \
            ON CONFLICT (grant_id) DO UPDATE SET sealed = excluded.sealed, \
            expires_at = excluded.expires_at";
    const FIND = "SELECT sealed FROM requested_claims WHERE grant_id = $1 AND expires_at > $2";
}

#[async_trait]
impl RequestedClaims for Store {
    async fn keep(
        &self,
        grant: &GrantId,
        sealed: Vec<u8>,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.now()?;
        self.writer.write(Keep { grant: grant.clone(), sealed, expires_at }).await
    }

    async fn find(&self, grant: &GrantId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.now()?;
        let row: Option<(Vec<u8>,)> =
            self.readers.optional(&query(FIND).bind(grant.as_str()).bind(now.as_micros())).await?;
        Ok(row.map(|(sealed,)| sealed))
    }
}

struct Keep {
    grant: GrantId,
    sealed: Vec<u8>,
    expires_at: Timestamp,
}

#[async_trait]
impl Work for Keep {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        transaction
            .connection
            .execute(
                &query(KEEP)
                    .bind(self.grant.as_str())
                    .bind(self.sealed.as_slice())
                    .bind(self.expires_at.as_micros()),
            )
            .await?;
        Ok(())
    }
}
