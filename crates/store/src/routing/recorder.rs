//! Decisions on their way to the database.

use std::{
    borrow::Cow,
    sync::{Arc, Weak},
    time::Duration,
};

use async_trait::async_trait;
use fiador_domain::{
    routing::{Candidate, Decision, Facts},
    subscriber::Attributes,
};
use fiador_kernel::JourneyId;
use fiador_ports::{RoutingRecord, RoutingRecords, StoreError, Vault};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::backlog::{Backlog, count_dropped};
use crate::{
    Store,
    tables::routing_records::{Keep, Row},
};

/// What was decided is written so often.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);

/// Decisions in memory, about 3 KiB each: those of a busy node in the second between two writings, and
/// those of a short outage.
const BACKLOG: usize = 4096;

/// Decisions in one commit.
const BATCH: usize = 256;

/// Port `RoutingRecords`. Decisions wait in a bounded backlog; a task writes them every second, each
/// batch in a commit of its own that no login waits for.
pub struct RoutingRecorder {
    store: Arc<Store>,
    vault: Arc<dyn Vault>,
    backlog: Backlog,
    /// One writing at a time.
    writing: Mutex<()>,
}

/// What is sealed of a decision.
#[derive(Serialize, Deserialize)]
struct Content<'a> {
    facts: Cow<'a, Facts>,
    candidates: Cow<'a, [Candidate]>,
    decision: Cow<'a, Decision>,
}

impl RoutingRecorder {
    /// Starts the task that writes; it ends with the last user of this.
    pub(crate) fn start(store: &Arc<Store>, vault: Arc<dyn Vault>) -> Arc<Self> {
        let recorder = Arc::new(Self {
            store: Arc::clone(store),
            vault,
            backlog: Backlog::new(BACKLOG),
            writing: Mutex::new(()),
        });
        store.routing.recorders.lock().push(Arc::downgrade(&recorder));
        tokio::spawn(write_regularly(Arc::downgrade(&recorder)));
        recorder
    }

    /// Writes what was decided so far. What cannot be written waits for the next time.
    pub async fn write(&self) -> Result<(), StoreError> {
        let _turn = self.writing.lock().await;
        loop {
            let records = self.backlog.take(BATCH);
            if records.is_empty() {
                return Ok(());
            }
            let rows = records.iter().filter_map(|record| {
                let sealed = self.seal(record)?;
                let decided_at = record.facts.at;
                let row = Row { journey: record.journey.to_string(), decided_at, sealed };
                Some((row, decided_at + self.store.routing_retention))
            });
            match self.store.writer.write(Keep { rows: rows.collect() }).await {
                Ok(()) => {}
                Err(StoreError::Corrupt) => count_dropped(records.len()),
                Err(error) => {
                    self.backlog.put_back(records);
                    return Err(error);
                }
            }
        }
    }

    fn seal(&self, record: &RoutingRecord) -> Option<Vec<u8>> {
        let content = Content {
            facts: Cow::Borrowed(&record.facts),
            candidates: Cow::Borrowed(&record.candidates),
            decision: Cow::Borrowed(&record.decision),
        };
        let content = serde_json::to_value(content).ok()?;
        let serde_json::Value::Object(members) = content else { return None };
        Some(self.vault.seal_attributes(&Attributes(members.into_iter().collect())))
    }

    /// `None` for what another version wrote in a form that this one does not know.
    fn open(&self, row: &Row) -> Option<RoutingRecord> {
        let Attributes(members) = self.vault.open_attributes(&row.sealed)?;
        let content = serde_json::Value::Object(members.into_iter().collect());
        let content: Content<'_> = serde_json::from_value(content).ok()?;
        Some(RoutingRecord {
            journey: JourneyId::new(&row.journey).ok()?,
            facts: content.facts.into_owned(),
            candidates: content.candidates.into_owned(),
            decision: content.decision.into_owned(),
        })
    }
}

/// Reading writes first, so that a node knows its own decisions at once.
#[async_trait]
impl RoutingRecords for RoutingRecorder {
    fn record(&self, record: RoutingRecord) {
        self.backlog.push(record);
    }

    async fn find(&self, journey: &JourneyId) -> Result<Option<RoutingRecord>, StoreError> {
        self.write().await?;
        let row = self.store.routing_record(journey).await?;
        Ok(row.and_then(|row| self.open(&row)))
    }

    async fn recent(&self, limit: usize) -> Result<Vec<RoutingRecord>, StoreError> {
        self.write().await?;
        let mut records = Vec::new();
        let mut last: Option<Row> = None;
        while records.len() < limit {
            let page = self.store.routing_records_before(last.as_ref(), limit).await?;
            records.extend(page.iter().filter_map(|row| self.open(row)));
            last = page.into_iter().next_back();
            if last.is_none() {
                break;
            }
        }
        records.truncate(limit);
        Ok(records)
    }
}

async fn write_regularly(recorder: Weak<RoutingRecorder>) {
    loop {
        tokio::time::sleep(WRITTEN_EVERY).await;
        let Some(recorder) = recorder.upgrade() else { return };
        // The writer has logged what failed; the next turn comes.
        let _ = recorder.write().await;
    }
}
