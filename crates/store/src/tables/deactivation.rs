//! Port `Deactivations`: a subscription leaves with everything that hangs on it.

use async_trait::async_trait;
use fiador_domain::audit::AuditEvent;
use fiador_kernel::SubscriberId;
use fiador_ports::{Deactivations, StoreError};

use super::revocations;
use crate::{
    Store,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const SUBSCRIBER = "DELETE FROM subscribers WHERE id = $1";
    const CONSENTS = "DELETE FROM consents WHERE subscriber = $1";
    const PCRS = "DELETE FROM pcrs WHERE subscriber = $1";
    const PCR_SOURCES = "DELETE FROM pcr_sources WHERE subscriber = $1";
}

#[async_trait]
impl Deactivations for Store {
    async fn deactivate(&self, id: &SubscriberId, audit: AuditEvent) -> Result<bool, StoreError> {
        self.now()?;
        self.writer.write(Deactivate { id: id.clone(), audit }).await
    }
}

struct Deactivate {
    id: SubscriberId,
    audit: AuditEvent,
}

#[async_trait]
impl Work for Deactivate {
    type Outcome = bool;

    /// The count of ends stays behind: a code that is on its way finds it raised, and cannot make
    /// the pseudonym anew.
    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<bool, Failure> {
        let id = self.id.as_str();
        let removed = transaction.connection.execute(&query(SUBSCRIBER).bind(id)).await?;
        if removed == 0 {
            return Ok(false);
        }
        for text in [CONSENTS, PCRS, PCR_SOURCES] {
            transaction.connection.execute(&query(text).bind(id)).await?;
        }
        revocations::end_subscriber(transaction, &self.id, &self.audit).await?;
        Ok(true)
    }
}
