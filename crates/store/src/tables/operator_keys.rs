//! Public keys of foreign operators.

use async_trait::async_trait;
use fiador_kernel::{OperatorId, Timestamp};
use fiador_ports::{OperatorKeyStore, StoreError, StoredOperatorKeys};

use crate::{
    Store,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const LIST = "SELECT operator, key_set, registered_at FROM operator_keys ORDER BY operator";
    const PUT = "INSERT INTO operator_keys (operator, key_set, registered_at) VALUES ($1, $2, $3) \
           ON CONFLICT (operator) DO UPDATE \
           SET key_set = excluded.key_set, registered_at = excluded.registered_at";
}

#[async_trait]
impl OperatorKeyStore for Store {
    async fn all_operator_keys(&self) -> Result<Vec<StoredOperatorKeys>, StoreError> {
        let rows: Vec<(String, String, i64)> = self.readers.all(&query(LIST)).await?;
        rows.into_iter()
            .map(|(operator, key_set, registered_at)| {
                Ok(StoredOperatorKeys {
                    operator: OperatorId::new(&operator).map_err(|_| StoreError::Corrupt)?,
                    key_set,
                    registered_at: Timestamp::from_micros(registered_at),
                })
            })
            .collect()
    }

    async fn put_operator_keys(&self, keys: StoredOperatorKeys) -> Result<(), StoreError> {
        self.now()?;
        self.writer.write(Put(keys)).await
    }
}

struct Put(StoredOperatorKeys);

#[async_trait]
impl Work for Put {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        let Self(keys) = self;
        transaction
            .connection
            .execute(
                &query(PUT)
                    .bind(keys.operator.as_str())
                    .bind(keys.key_set.as_str())
                    .bind(keys.registered_at.as_micros()),
            )
            .await?;
        Ok(())
    }
}
