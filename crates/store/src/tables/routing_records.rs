//! Decisions of routing, sealed.

use async_trait::async_trait;
use fiador_kernel::{JourneyId, Timestamp};
use fiador_ports::StoreError;

use crate::{
    Store,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const FIND = "SELECT journey, decided_at, sealed FROM routing_records \
            WHERE journey = $1 AND expires_at > $2";
    const BEFORE = "SELECT journey, decided_at, sealed FROM routing_records \
              WHERE (decided_at, journey) < ($1, $2) AND expires_at > $3 \
              ORDER BY decided_at DESC, journey DESC LIMIT $4";
    // The later decision of a journey stays, whichever node writes first.
    rows KEEP = "INSERT INTO routing_records (journey, decided_at, sealed, expires_at) VALUES", 4,
            "ON CONFLICT (journey) DO UPDATE SET decided_at = excluded.decided_at, \
            sealed = excluded.sealed, expires_at = excluded.expires_at \
            WHERE routing_records.decided_at <= excluded.decided_at";
}

/// One page of [`Store::routing_records_before`]: a statement that reads so many ends in time.
const PAGE: usize = 500;

/// A decision as a row.
pub(crate) struct Row {
    pub(crate) journey: String,
    pub(crate) decided_at: Timestamp,
    pub(crate) sealed: Vec<u8>,
}

/// Writes decisions, in a commit that no login waits for. There is one for each journey at most.
pub(crate) struct Keep {
    pub(crate) rows: Vec<(Row, Timestamp)>,
}

#[async_trait]
impl Work for Keep {
    type Outcome = ();
    const UPKEEP: bool = true;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        for (text, piece) in KEEP.exact(&self.rows) {
            let keep = piece.iter().fold(query(text), |query, (row, expires_at)| {
                query
                    .bind(row.journey.as_str())
                    .bind(row.decided_at.as_micros())
                    .bind(row.sealed.as_slice())
                    .bind(expires_at.as_micros())
            });
            transaction.connection.execute(&keep).await?;
        }
        Ok(())
    }
}

impl Store {
    /// The decision of a journey.
    pub(crate) async fn routing_record(
        &self,
        journey: &JourneyId,
    ) -> Result<Option<Row>, StoreError> {
        let find = query(FIND).bind(journey.as_str()).bind(self.now()?.as_micros());
        let found: Option<Columns> = self.readers.optional(&find).await?;
        Ok(found.map(Row::from))
    }

    /// The next decisions before one, newest first, at most `limit`. An empty page is the last.
    pub(crate) async fn routing_records_before(
        &self,
        last: Option<&Row>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let (decided_at, journey) = last
            .map_or((i64::MAX, ""), |last| (last.decided_at.as_micros(), last.journey.as_str()));
        let before = query(BEFORE)
            .bind(decided_at)
            .bind(journey)
            .bind(self.now()?.as_micros())
            .bind(i64::try_from(limit.min(PAGE)).unwrap_or(i64::MAX));
        let rows: Vec<Columns> = self.readers.all(&before).await?;
        Ok(rows.into_iter().map(Row::from).collect())
    }
}

type Columns = (String, i64, Vec<u8>);

impl From<Columns> for Row {
    fn from((journey, decided_at, sealed): Columns) -> Self {
        Self { journey, decided_at: Timestamp::from_micros(decided_at), sealed }
    }
}
