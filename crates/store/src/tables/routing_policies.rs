//! Revisions of the routing policy.

use async_trait::async_trait;
use fiador_kernel::Timestamp;
use fiador_ports::{PolicyRevision, RoutingPolicies, StoreError, StoredPolicy};

use crate::{
    Store,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const CURRENT = "SELECT revision, text, at FROM routing_policies \
               ORDER BY revision DESC LIMIT 1";
    const FIND = "SELECT revision, text, at FROM routing_policies WHERE revision = $1";
    const LIST = "SELECT revision, at FROM routing_policies ORDER BY revision DESC LIMIT $1";
    const NEWEST = "SELECT CAST(COALESCE(MAX(revision), 0) AS BIGINT) FROM routing_policies";
    // Where two nodes see the same newest one, the key of the table lets one of them through.
    const PUT = "INSERT INTO routing_policies (revision, text, at) \
           SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BIGINT) \
           WHERE (SELECT COALESCE(MAX(revision), 0) FROM routing_policies) = $4 \
           ON CONFLICT (revision) DO NOTHING";
}

#[async_trait]
impl RoutingPolicies for Store {
    async fn current(&self) -> Result<Option<StoredPolicy>, StoreError> {
        let row: Option<Row> = self.readers.optional(&query(CURRENT)).await?;
        Ok(row.map(policy))
    }

    async fn find(&self, revision: u64) -> Result<Option<StoredPolicy>, StoreError> {
        let Ok(revision) = i64::try_from(revision) else { return Ok(None) };
        let row: Option<Row> = self.readers.optional(&query(FIND).bind(revision)).await?;
        Ok(row.map(policy))
    }

    async fn put(&self, expected: u64, text: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.now()?;
        let expected = i64::try_from(expected).map_err(|_| StoreError::Corrupt)?;
        let is_newest = self.writer.write(Put { expected, text: text.to_owned(), at }).await?;
        if is_newest {
            self.routing.policies.send_replace(());
        }
        Ok(is_newest)
    }

    async fn list(&self, limit: usize) -> Result<Vec<PolicyRevision>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows: Vec<(i64, i64)> = self.readers.all(&query(LIST).bind(limit)).await?;
        let revision = |(revision, at): (i64, i64)| PolicyRevision {
            revision: revision.unsigned_abs(),
            at: Timestamp::from_micros(at),
        };
        Ok(rows.into_iter().map(revision).collect())
    }
}

impl Store {
    /// The newest revision's number, 0 when there is none: cheaper than the policy itself.
    pub(crate) async fn newest_routing_policy(&self) -> Result<u64, StoreError> {
        let (newest,): (i64,) = self.readers.one(&query(NEWEST)).await?;
        Ok(newest.unsigned_abs())
    }
}

type Row = (i64, String, i64);

fn policy((revision, text, at): Row) -> StoredPolicy {
    StoredPolicy { revision: revision.unsigned_abs(), text, at: Timestamp::from_micros(at) }
}

struct Put {
    expected: i64,
    text: String,
    at: Timestamp,
}

#[async_trait]
impl Work for Put {
    type Outcome = bool;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<bool, Failure> {
        let put = query(PUT)
            .bind(self.expected.saturating_add(1))
            .bind(self.text.as_str())
            .bind(self.at.as_micros())
            .bind(self.expected);
        Ok(transaction.connection.execute(&put).await? == 1)
    }
}
