//! Wrapped keys.

use async_trait::async_trait;
use fiador_kernel::Timestamp;
use fiador_ports::{KeyStore, StoreError, StoredKey};

use crate::{
    Store,
    clock_guard::hold_the_cluster,
    failure::Failure,
    query::{Columns, FromRow, query},
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const LIST = "SELECT id, purpose, wrapped, created_at, activates_at, retires_at, expires_at \
            FROM keys ORDER BY created_at, id";
    const PURPOSES = "SELECT DISTINCT purpose FROM keys";
    const ADD = "INSERT INTO keys (id, purpose, wrapped, created_at, activates_at, retires_at, \
           expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
    const RETIRE = "UPDATE keys SET retires_at = $2, expires_at = $3 WHERE id = $1";
}

/// Listing also works while the clock is behind, so that an operator can look.
#[async_trait]
impl KeyStore for Store {
    async fn list(&self) -> Result<Vec<StoredKey>, StoreError> {
        let rows: Vec<Row> = self.readers.all(&query(LIST)).await?;
        Ok(rows.into_iter().map(Row::into_key).collect())
    }

    async fn add_missing(&self, keys: Vec<StoredKey>) -> Result<(), StoreError> {
        self.writer.write(AddMissing(keys)).await
    }

    async fn add(&self, key: StoredKey) -> Result<(), StoreError> {
        self.writer.write(Add(key)).await
    }

    async fn retire(
        &self,
        id: &str,
        retires_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.writer.write(Retire { id: id.to_owned(), retires_at, expires_at }).await
    }
}

struct Row {
    id: String,
    purpose: String,
    wrapped: Vec<u8>,
    created_at: i64,
    activates_at: i64,
    retires_at: Option<i64>,
    expires_at: Option<i64>,
}

impl FromRow for Row {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Failure> {
        Ok(Self {
            id: columns.next()?,
            purpose: columns.next()?,
            wrapped: columns.next()?,
            created_at: columns.next()?,
            activates_at: columns.next()?,
            retires_at: columns.next()?,
            expires_at: columns.next()?,
        })
    }
}

impl Row {
    fn into_key(self) -> StoredKey {
        StoredKey {
            id: self.id,
            purpose: self.purpose,
            wrapped: self.wrapped,
            created_at: Timestamp::from_micros(self.created_at),
            activates_at: Timestamp::from_micros(self.activates_at),
            retires_at: self.retires_at.map(Timestamp::from_micros),
            expires_at: self.expires_at.map(Timestamp::from_micros),
        }
    }
}

struct AddMissing(Vec<StoredKey>);

#[async_trait]
impl Work for AddMissing {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        hold_the_cluster(transaction.connection).await?;
        let rows: Vec<(String,)> = transaction.connection.all(&query(PURPOSES)).await?;
        for key in self.0.iter().filter(|key| !rows.iter().any(|(p,)| *p == key.purpose)) {
            insert(transaction, key).await?;
        }
        Ok(())
    }
}

struct Add(StoredKey);

#[async_trait]
impl Work for Add {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        insert(transaction, &self.0).await
    }
}

struct Retire {
    id: String,
    retires_at: Timestamp,
    expires_at: Timestamp,
}

#[async_trait]
impl Work for Retire {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        transaction
            .connection
            .execute(
                &query(RETIRE)
                    .bind(self.id.as_str())
                    .bind(self.retires_at.as_micros())
                    .bind(self.expires_at.as_micros()),
            )
            .await?;
        Ok(())
    }
}

async fn insert(transaction: &mut Transaction<'_>, key: &StoredKey) -> Result<(), Failure> {
    transaction
        .connection
        .execute(
            &query(ADD)
                .bind(key.id.as_str())
                .bind(key.purpose.as_str())
                .bind(key.wrapped.as_slice())
                .bind(key.created_at.as_micros())
                .bind(key.activates_at.as_micros())
                .bind(key.retires_at.map(Timestamp::as_micros))
                .bind(key.expires_at.map(Timestamp::as_micros)),
        )
        .await?;
    Ok(())
}
