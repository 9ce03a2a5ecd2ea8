//! Ports `Revocations` and `ClientEpochs`: ends of grants, subscribers and clients.

use async_trait::async_trait;
use fiador_domain::{
    audit::AuditEvent,
    token::{Epochs, REMEMBERED_AFTER_EXPIRY},
};
use fiador_kernel::{ClientId, Digest, GrantId, SubscriberId, Timestamp};
use fiador_ports::{ClientEpochs, Revocations, StoreError};

use super::{
    audit,
    epochs::{self, EpochKey, Hung},
    sessions,
};
use crate::{
    Store,
    failure::Failure,
    pool::lend,
    writer::{operation::Work, transaction::Transaction},
};

#[async_trait]
impl Revocations for Store {
    async fn epochs(
        &self,
        subscriber: &SubscriberId,
        client: &ClientId,
        grant: &GrantId,
        session: Option<Digest>,
    ) -> Result<Epochs, StoreError> {
        self.now()?;
        let hung = [Hung { subscriber, client, grant, session }];
        if let [hung] = &hung
            && let Some(epochs) = epochs::from_memory(&self.shared, hung)
        {
            return Ok(epochs);
        }
        let epochs = lend!(&self.readers, connection => epochs::find(connection, &hung))?;
        epochs.first().copied().ok_or(StoreError::Corrupt)
    }

    async fn end_grant(
        &self,
        grant: &GrantId,
        tokens_expire_at: Timestamp,
        audit: AuditEvent,
    ) -> Result<(), StoreError> {
        self.now()?;
        let remembered_until = tokens_expire_at + REMEMBERED_AFTER_EXPIRY;
        self.writer.write(EndGrant { grant: grant.clone(), remembered_until, audit }).await
    }

    async fn end_subscriber(
        &self,
        subscriber: &SubscriberId,
        audit: AuditEvent,
    ) -> Result<(), StoreError> {
        self.now()?;
        self.writer.write(EndSubscriber { subscriber: subscriber.clone(), audit }).await
    }

    async fn end_client(&self, client: &ClientId, audit: AuditEvent) -> Result<(), StoreError> {
        self.now()?;
        self.writer.write(EndClient { client: client.clone(), audit }).await
    }
}

#[async_trait]
impl ClientEpochs for Store {
    async fn client_epochs(
        &self,
        client: &ClientId,
        grant: &GrantId,
    ) -> Result<Epochs, StoreError> {
        self.now()?;
        if let Some(epochs) = epochs::of_client_from_memory(&self.shared, client, grant) {
            return Ok(epochs);
        }
        lend!(&self.readers, connection => epochs::find_of_client(connection, client, grant))
    }
}

struct EndGrant {
    grant: GrantId,
    remembered_until: Timestamp,
    audit: AuditEvent,
}

#[async_trait]
impl Work for EndGrant {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        let grants = vec![(&self.grant, self.remembered_until)];
        let ended = epochs::end_grants(transaction, grants).await?;
        if ended.is_empty() {
            return Ok(());
        }
        audit::append(transaction.connection, std::slice::from_ref(&self.audit)).await
    }
}

struct EndSubscriber {
    subscriber: SubscriberId,
    audit: AuditEvent,
}

#[async_trait]
impl Work for EndSubscriber {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        end_subscriber(transaction, &self.subscriber, &self.audit).await
    }
}

/// Ends everything of a subscriber, inside a transaction.
pub(crate) async fn end_subscriber(
    transaction: &mut Transaction<'_>,
    subscriber: &SubscriberId,
    audit: &AuditEvent,
) -> Result<(), Failure> {
    epochs::raise(transaction, EpochKey::subscriber(subscriber)).await?;
    sessions::end_all_of(transaction.connection, subscriber).await?;
    audit::append(transaction.connection, std::slice::from_ref(audit)).await
}

struct EndClient {
    client: ClientId,
    audit: AuditEvent,
}

#[async_trait]
impl Work for EndClient {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        end_client(transaction, &self.client, &self.audit).await
    }
}

/// Ends every token of a client, inside a transaction.
pub(crate) async fn end_client(
    transaction: &mut Transaction<'_>,
    client: &ClientId,
    audit: &AuditEvent,
) -> Result<(), Failure> {
    epochs::raise(transaction, EpochKey::client(client)).await?;
    audit::append(transaction.connection, std::slice::from_ref(audit)).await
}
