//! Past decisions, and the form in which every decision is told.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use fiador_domain::{
    journey::ChainStep,
    routing::{Candidate, Decision, Facts, Unserved, Verdict},
};
use fiador_kernel::{AuthenticatorId, JourneyId, Loa};
use fiador_ports::RoutingRecord;
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::admin::Admin;

/// Decisions that are listed where nothing is said, and at most.
const LISTED: usize = 20;
const MOST_LISTED: usize = 200;

/// A decision with its reasons and what it looked at.
#[derive(Debug, Serialize, Deserialize)]
pub struct DecisionBody {
    /// Of which journey; `null` for a hypothetical request.
    pub journey: Option<JourneyId>,
    /// When, in seconds since the epoch.
    pub at: i64,
    /// The revision of the policy; 0 for the built-in one and for one that is not in force.
    pub policy: u64,
    /// The requested level that the first step is meant for.
    pub level: Option<Loa>,
    /// What is tried, in order.
    pub steps: Vec<StepBody>,
    /// Why nothing is.
    pub unserved: Option<Unserved>,
    /// What became of every candidate.
    pub verdicts: Vec<Verdict>,
    /// The same in words.
    pub explanation: Vec<String>,
    /// What was known.
    pub facts: Facts,
    /// How every authenticator stood.
    pub candidates: Vec<Candidate>,
}

/// One step of a chain.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepBody {
    /// Asked at the same time.
    pub authenticators: Vec<AuthenticatorId>,
    /// After so long without an answer the next step begins.
    pub patience_seconds: Option<u64>,
}

impl From<ChainStep> for StepBody {
    fn from(step: ChainStep) -> Self {
        let patience_seconds = step.patience.map(|patience| patience.as_secs());
        Self { authenticators: step.authenticators, patience_seconds }
    }
}

impl DecisionBody {
    /// Tells a decision.
    pub fn of(
        journey: Option<JourneyId>,
        facts: Facts,
        candidates: Vec<Candidate>,
        decision: Decision,
    ) -> Self {
        let explanation = decision.verdicts.iter().map(ToString::to_string);
        Self {
            journey,
            at: facts.at.as_seconds(),
            policy: decision.policy,
            level: decision.level,
            explanation: decision
                .unserved
                .iter()
                .map(ToString::to_string)
                .chain(explanation)
                .collect(),
            steps: decision.steps.into_iter().map(StepBody::from).collect(),
            unserved: decision.unserved,
            verdicts: decision.verdicts,
            facts,
            candidates,
        }
    }
}

impl From<RoutingRecord> for DecisionBody {
    fn from(record: RoutingRecord) -> Self {
        Self::of(Some(record.journey), record.facts, record.candidates, record.decision)
    }
}

/// How many are listed.
#[derive(Deserialize)]
pub struct Listed {
    limit: Option<usize>,
}

/// The newest decisions, newest first.
pub async fn recent(
    State(admin): State<Admin>,
    Query(listed): Query<Listed>,
) -> Result<Json<Vec<DecisionBody>>, Refusal> {
    let limit = listed.limit.unwrap_or(LISTED).min(MOST_LISTED);
    let records = admin.routing.records.recent(limit).await?;
    Ok(Json(records.into_iter().map(DecisionBody::from).collect()))
}

/// The decision of one journey.
pub async fn find(
    State(admin): State<Admin>,
    Path(journey): Path<String>,
) -> Result<Json<DecisionBody>, Refusal> {
    let journey = JourneyId::new(&journey).map_err(|_| Refusal::JourneyUnknown)?;
    let record = admin.routing.records.find(&journey).await?;
    Ok(Json(record.ok_or(Refusal::JourneyUnknown)?.into()))
}
