//! The audit log.

use async_trait::async_trait;
use fiador_domain::audit::AuditEvent;
use fiador_kernel::{ClientId, GrantId, JourneyId, SubscriberId};
use fiador_ports::{AuditLog, StoreError};

use crate::{
    Store,
    connection::Connection,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    rows APPEND = "INSERT INTO audit (at, kind, client_id, subscriber, grant_id, journey, detail) \
              VALUES", 7, "";
}

#[async_trait]
impl AuditLog for Store {
    async fn append(&self, event: AuditEvent) -> Result<(), StoreError> {
        self.now()?;
        self.writer.write(Append(event)).await
    }
}

/// Appends events inside a transaction: a security event that cannot be written down does not
/// happen (T-245).
pub(crate) async fn append(
    connection: &mut Connection,
    events: &[AuditEvent],
) -> Result<(), Failure> {
    for (text, piece) in APPEND.exact(events) {
        connection
            .execute(&piece.iter().fold(query(text), |query, event| {
                query
                    .bind(event.at.as_micros())
                    .bind(event.kind.as_str())
                    .bind(event.client.as_ref().map(ClientId::as_str))
                    .bind(event.subscriber.as_ref().map(SubscriberId::as_str))
                    .bind(event.grant.as_ref().map(GrantId::as_str))
                    .bind(event.journey.as_ref().map(JourneyId::as_str))
                    .bind(event.detail.as_deref())
            }))
            .await?;
    }
    Ok(())
}

struct Append(AuditEvent);

#[async_trait]
impl Work for Append {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        append(transaction.connection, std::slice::from_ref(&self.0)).await
    }
}
