//! Why the gateway chose the authenticators that it did, for the page.

use std::sync::Arc;

use fiador_domain::routing::Outcome as Choice;
use fiador_ports::{RoutingRecord, RoutingRecords};
use serde::Serialize;

/// So many logins are explained.
const SHOWN: usize = 5;

/// One decision in words.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Explanation {
    /// Of which journey: the name in logs and in the admin API.
    journey: String,
    /// Which application asked.
    client_id: String,
    /// What was asked for, in order of preference.
    acr_values: Vec<u8>,
    /// The revision of the policy; 0 is the built-in one.
    policy: u64,
    /// What became of each authenticator.
    verdicts: Vec<Verdict>,
    /// Why nothing could be used, if so.
    unserved: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Verdict {
    taken: bool,
    text: String,
}

/// The latest decisions, newest first; none while the database does not answer.
pub(crate) async fn latest(records: &Arc<dyn RoutingRecords>) -> Vec<Explanation> {
    let records = records.recent(SHOWN).await.unwrap_or_default();
    records.iter().map(Explanation::of).collect()
}

impl Explanation {
    fn of(record: &RoutingRecord) -> Self {
        let verdicts = record.decision.verdicts.iter().map(|verdict| Verdict {
            taken: matches!(verdict.outcome, Choice::Taken { .. }),
            text: verdict.to_string(),
        });
        Self {
            journey: record.journey.to_string(),
            client_id: record.facts.client.to_string(),
            acr_values: record.facts.levels.iter().map(|level| u8::from(*level)).collect(),
            policy: record.decision.policy,
            verdicts: verdicts.collect(),
            unserved: record.decision.unserved.map(|unserved| unserved.to_string()),
        }
    }
}
