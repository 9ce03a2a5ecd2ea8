//! Consents (T-049).

use async_trait::async_trait;
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    consent::Consent,
};
use fiador_kernel::{ClientId, ScopeSet, SubscriberId, Timestamp};
use fiador_ports::{Consents, StoreError};

use super::{
    audit,
    epochs::{self, EpochKey},
};
use crate::{
    Store,
    connection::Connection,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const FIND = "SELECT scopes, text_version, given_at FROM consents \
            WHERE subscriber = $1 AND client_id = $2";
    // Answers with the row that was there, locked until the commit, or with the new one.
    const ADD_OR_LOCK = "INSERT INTO consents (subscriber, client_id, scopes, text_version, given_at) \
                   VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (subscriber, client_id) DO UPDATE SET scopes = consents.scopes \
                   RETURNING scopes, text_version, given_at";
    const REPLACE = "UPDATE consents SET scopes = $3, text_version = $4, given_at = $5 \
               WHERE subscriber = $1 AND client_id = $2";
    const WITHDRAW = "DELETE FROM consents WHERE subscriber = $1 AND client_id = $2";
}

#[async_trait]
impl Consents for Store {
    async fn find(
        &self,
        subscriber: &SubscriberId,
        client: &ClientId,
    ) -> Result<Option<Consent>, StoreError> {
        self.now()?;
        let row: Option<(String, i64, i64)> = self
            .readers
            .optional(&query(FIND).bind(subscriber.as_str()).bind(client.as_str()))
            .await?;
        let Some((scopes, text_version, given_at)) = row else { return Ok(None) };
        Ok(Some(Consent {
            subscriber: subscriber.clone(),
            client: client.clone(),
            scopes: ScopeSet::parse(&scopes).map_err(|_| StoreError::Corrupt)?,
            text_version: u32::try_from(text_version).map_err(|_| StoreError::Corrupt)?,
            given_at: Timestamp::from_micros(given_at),
        }))
    }

    async fn withdraw(
        &self,
        subscriber: &SubscriberId,
        client: &ClientId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.now()?;
        let (subscriber, client) = (subscriber.clone(), client.clone());
        self.writer.write(Withdraw { subscriber, client, now }).await
    }
}

/// Stores a consent; scopes given before under the same text stay given.
pub(crate) async fn give(connection: &mut Connection, consent: &Consent) -> Result<(), Failure> {
    let given =
        (consent.scopes.to_string(), i64::from(consent.text_version), consent.given_at.as_micros());
    let found: (String, i64, i64) = connection
        .one(
            &query(ADD_OR_LOCK)
                .bind(consent.subscriber.as_str())
                .bind(consent.client.as_str())
                .bind(given.0.as_str())
                .bind(given.1)
                .bind(given.2),
        )
        .await?;
    if found == given {
        // The first consent of the two, as most are.
        return Ok(());
    }
    let (scopes, text_version, _) = found;
    let before = ScopeSet::parse(&scopes).map_err(|_| Failure::Item)?;
    let merged = if text_version == i64::from(consent.text_version) {
        consent.scopes.union(&before)
    } else {
        consent.scopes.clone()
    };
    let merged = merged.to_string();
    connection
        .execute(
            &query(REPLACE)
                .bind(consent.subscriber.as_str())
                .bind(consent.client.as_str())
                .bind(merged.as_str())
                .bind(i64::from(consent.text_version))
                .bind(consent.given_at.as_micros()),
        )
        .await?;
    Ok(())
}

struct Withdraw {
    subscriber: SubscriberId,
    client: ClientId,
    now: Timestamp,
}

#[async_trait]
impl Work for Withdraw {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        transaction
            .connection
            .execute(&query(WITHDRAW).bind(self.subscriber.as_str()).bind(self.client.as_str()))
            .await?;
        epochs::raise(transaction, EpochKey::pair(&self.subscriber, &self.client)).await?;
        let event = AuditEvent {
            at: self.now,
            kind: AuditKind::ConsentWithdrawn,
            client: Some(self.client.clone()),
            subscriber: Some(self.subscriber.clone()),
            grant: None,
            journey: None,
            detail: None,
        };
        audit::append(transaction.connection, &[event]).await
    }
}
