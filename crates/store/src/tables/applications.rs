//! Port `Applications`: those that are created while the gateway runs.

use async_trait::async_trait;
use fiador_domain::audit::AuditEvent;
use fiador_kernel::{ClientId, Timestamp};
use fiador_ports::{Applications, StoreError, StoredApplication};

use super::{audit, revocations};
use crate::{
    Store,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const IDS = "SELECT client_id FROM applications ORDER BY client_id";
    const FIND = "SELECT registration, created_at FROM applications WHERE client_id = $1";
    const ADD = "INSERT INTO applications (client_id, registration, created_at) \
           VALUES ($1, $2, $3) ON CONFLICT (client_id) DO NOTHING";
    const REMOVE = "DELETE FROM applications WHERE client_id = $1";
}

#[async_trait]
impl Applications for Store {
    async fn ids(&self) -> Result<Vec<ClientId>, StoreError> {
        let rows: Vec<(String,)> = self.readers.all(&query(IDS)).await?;
        rows.iter().map(|(id,)| ClientId::new(id).map_err(|_| StoreError::Corrupt)).collect()
    }

    async fn find(&self, id: &ClientId) -> Result<Option<StoredApplication>, StoreError> {
        let found = query(FIND).bind(id.as_str());
        let row: Option<(String, i64)> = self.readers.optional(&found).await?;
        Ok(row.map(|(registration, created_at)| StoredApplication {
            client_id: id.clone(),
            registration,
            created_at: Timestamp::from_micros(created_at),
        }))
    }

    async fn add(
        &self,
        application: StoredApplication,
        audit: AuditEvent,
    ) -> Result<bool, StoreError> {
        self.now()?;
        self.writer.write(Add { application, audit }).await
    }

    async fn remove(&self, id: &ClientId, audit: AuditEvent) -> Result<bool, StoreError> {
        self.now()?;
        self.writer.write(Remove { id: id.clone(), audit }).await
    }
}

struct Add {
    application: StoredApplication,
    audit: AuditEvent,
}

#[async_trait]
impl Work for Add {
    type Outcome = bool;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<bool, Failure> {
        let StoredApplication { client_id, registration, created_at } = &self.application;
        let added = query(ADD)
            .bind(client_id.as_str())
            .bind(registration.as_str())
            .bind(created_at.as_micros());
        let added = transaction.connection.execute(&added).await? > 0;
        if added {
            audit::append(transaction.connection, std::slice::from_ref(&self.audit)).await?;
        }
        Ok(added)
    }
}

struct Remove {
    id: ClientId,
    audit: AuditEvent,
}

#[async_trait]
impl Work for Remove {
    type Outcome = bool;

    /// The tokens end with the row: were they ended by a second commit that fails, whoever tries
    /// again would find no such application, and they would live on.
    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<bool, Failure> {
        let removed = query(REMOVE).bind(self.id.as_str());
        if transaction.connection.execute(&removed).await? == 0 {
            return Ok(false);
        }
        revocations::end_client(transaction, &self.id, &self.audit).await?;
        Ok(true)
    }
}
