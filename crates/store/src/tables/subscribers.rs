//! The operator's subscriptions.

use async_trait::async_trait;
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    subscriber::{Subscriber, SubscriberStatus},
};
use fiador_kernel::{Digest, SubscriberId, Timestamp};
use fiador_ports::{NewSubscriber, StoreError, Subscribers};

use super::revocations;
use crate::{
    Store,
    failure::Failure,
    query::{Columns, FromRow, query},
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const FIND_BY_MSISDN = "SELECT id, msisdn_index, msisdn_sealed, status, authenticators, \
                      attributes_sealed FROM subscribers WHERE msisdn_index = $1";
    const LOOKUP = "SELECT id, msisdn_index, msisdn_sealed, status, authenticators, \
              attributes_sealed FROM subscribers WHERE id = $1";
    const HOLDER = "SELECT id FROM subscribers WHERE msisdn_index = $1";
    const ADD = "INSERT INTO subscribers (id, msisdn_index, msisdn_sealed, status, authenticators, \
           attributes_sealed) VALUES ($1, $2, $3, $4, $5, $6) \
           ON CONFLICT (id) DO UPDATE SET msisdn_index = excluded.msisdn_index, \
           msisdn_sealed = excluded.msisdn_sealed, status = excluded.status, \
           authenticators = excluded.authenticators, \
           attributes_sealed = excluded.attributes_sealed";
}

#[async_trait]
impl Subscribers for Store {
    async fn find_by_msisdn(&self, index: Digest) -> Result<Option<Subscriber>, StoreError> {
        self.now()?;
        let row: Option<Row> =
            self.readers.optional(&query(FIND_BY_MSISDN).bind(index.as_bytes().as_slice())).await?;
        row.map(Row::into_subscriber).transpose()
    }

    async fn lookup(&self, id: &SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        self.now()?;
        let row: Option<Row> = self.readers.optional(&query(LOOKUP).bind(id.as_str())).await?;
        row.map(Row::into_subscriber).transpose()
    }

    async fn add(&self, subscriber: NewSubscriber) -> Result<bool, StoreError> {
        let at = self.now()?;
        self.writer.write(Add { new: subscriber, at }).await
    }
}

struct Row {
    id: String,
    msisdn_index: Vec<u8>,
    msisdn_sealed: Vec<u8>,
    status: String,
    authenticators: String,
    attributes_sealed: Vec<u8>,
}

impl FromRow for Row {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Failure> {
        Ok(Self {
            id: columns.next()?,
            msisdn_index: columns.next()?,
            msisdn_sealed: columns.next()?,
            status: columns.next()?,
            authenticators: columns.next()?,
            attributes_sealed: columns.next()?,
        })
    }
}

impl Row {
    fn into_subscriber(self) -> Result<Subscriber, StoreError> {
        let index = <[u8; 32]>::try_from(self.msisdn_index).map_err(|_| StoreError::Corrupt)?;
        Ok(Subscriber {
            id: SubscriberId::new(&self.id).map_err(|_| StoreError::Corrupt)?,
            msisdn_index: Digest::from_bytes(index),
            msisdn_sealed: self.msisdn_sealed,
            status: parse_status(&self.status).ok_or(StoreError::Corrupt)?,
            authenticators: serde_json::from_str(&self.authenticators)
                .map_err(|_| StoreError::Corrupt)?,
            attributes_sealed: self.attributes_sealed,
        })
    }
}

const fn status_name(status: SubscriberStatus) -> &'static str {
    match status {
        SubscriberStatus::Active => "active",
        SubscriberStatus::Blocked => "blocked",
    }
}

fn parse_status(name: &str) -> Option<SubscriberStatus> {
    [SubscriberStatus::Active, SubscriberStatus::Blocked]
        .into_iter()
        .find(|status| status_name(*status) == name)
}

fn blocked(subscriber: &SubscriberId, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        kind: AuditKind::GrantRevoked,
        client: None,
        subscriber: Some(subscriber.clone()),
        grant: None,
        journey: None,
        detail: Some("blocked".to_owned()),
    }
}

struct Add {
    new: NewSubscriber,
    at: Timestamp,
}

#[async_trait]
impl Work for Add {
    type Outcome = bool;

    /// Two nodes that give one number to two subscriptions at the same moment meet in the unique
    /// index; the later one is done again and then sees the holder.
    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<bool, Failure> {
        let Self { new, at } = self;
        let holder: Option<(String,)> = transaction
            .connection
            .optional(&query(HOLDER).bind(new.msisdn_index.as_bytes().as_slice()))
            .await?;
        if holder.is_some_and(|(id,)| id != new.id.as_str()) {
            return Ok(false);
        }
        let authenticators =
            serde_json::to_string(&new.authenticators).map_err(|_| Failure::Item)?;
        transaction
            .connection
            .execute(
                &query(ADD)
                    .bind(new.id.as_str())
                    .bind(new.msisdn_index.as_bytes().as_slice())
                    .bind(new.msisdn_sealed.as_slice())
                    .bind(status_name(new.status))
                    .bind(authenticators.as_str())
                    .bind(new.attributes_sealed.as_slice()),
            )
            .await?;
        if new.status == SubscriberStatus::Blocked {
            revocations::end_subscriber(transaction, &new.id, &blocked(&new.id, *at)).await?;
        }
        Ok(true)
    }
}
