//! What another policy would have done to the last journeys.

use axum::{Json, body::Bytes, extract::State};
use fiador_domain::routing::{Decision, Policy, Unserved, decide};
use fiador_kernel::{ClientId, JourneyId};
use fiador_ports::RoutingRecord;
use serde::{Deserialize, Serialize};

use super::{Refusal, StepBody, read};
use crate::admin::Admin;

/// Journeys that are looked at where nothing is said, and at most.
const LOOKED_AT: usize = 100;
const MOST_LOOKED_AT: usize = 2000;

/// A policy to try.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DryRunBody {
    /// Its text.
    pub policy: String,
    /// How many journeys are looked at, the newest ones.
    #[serde(default)]
    pub last: Option<usize>,
}

/// What would have been different.
#[derive(Debug, Serialize, Deserialize)]
pub struct DryRun {
    /// How many journeys were looked at.
    pub looked_at: usize,
    /// How many of them were served, and would have been.
    pub served: usize,
    /// See [`Self::served`].
    pub would_be_served: usize,
    /// Journeys that would have had another chain, newest first.
    pub differences: Vec<Difference>,
}

/// A journey that would have had another chain.
#[derive(Debug, Serialize, Deserialize)]
pub struct Difference {
    /// Which.
    pub journey: JourneyId,
    /// When it was decided, in seconds since the epoch.
    pub at: i64,
    /// Who asked.
    pub client: ClientId,
    /// What was decided.
    pub was: Outcome,
    /// What would have been.
    pub would_be: Outcome,
}

/// A decision in short.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What is tried.
    pub steps: Vec<StepBody>,
    /// Why nothing is.
    pub unserved: Option<Unserved>,
    /// Why, for every candidate.
    pub explanation: Vec<String>,
}

impl From<Decision> for Outcome {
    fn from(decision: Decision) -> Self {
        Self {
            explanation: decision.verdicts.iter().map(ToString::to_string).collect(),
            steps: decision.steps.into_iter().map(StepBody::from).collect(),
            unserved: decision.unserved,
        }
    }
}

/// Decides the last journeys again, on what was known then; nothing is kept or put in force.
pub async fn dry_run(State(admin): State<Admin>, body: Bytes) -> Result<Json<DryRun>, Refusal> {
    let asked: DryRunBody = read(&body)?;
    let policy = admin.policy_of(&asked.policy)?;
    let last = asked.last.unwrap_or(LOOKED_AT).min(MOST_LOOKED_AT);
    let records = admin.routing.records.recent(last).await?;
    Ok(Json(compare(&policy, records)))
}

fn compare(policy: &Policy, records: Vec<RoutingRecord>) -> DryRun {
    let mut run =
        DryRun { looked_at: records.len(), served: 0, would_be_served: 0, differences: Vec::new() };
    for RoutingRecord { journey, facts, candidates, decision: was } in records {
        let would_be = decide(policy, &facts, &candidates);
        run.served += usize::from(was.unserved.is_none());
        run.would_be_served += usize::from(would_be.unserved.is_none());
        if (&was.steps, was.unserved) != (&would_be.steps, would_be.unserved) {
            run.differences.push(Difference {
                journey,
                at: facts.at.as_seconds(),
                client: facts.client,
                was: was.into(),
                would_be: would_be.into(),
            });
        }
    }
    run
}

#[cfg(test)]
mod tests {
    use fiador_domain::routing::{Candidate, Known, Reach};
    use fiador_kernel::{AuthenticatorId, Loa, Timestamp};

    use super::*;
    use crate::admin::routing::{Hypothesis, HypotheticalRisk};

    fn record(journey: &str, client: &str) -> RoutingRecord {
        record_at_risk(journey, client, HypotheticalRisk::default())
    }

    fn record_at_risk(journey: &str, client: &str, risk: HypotheticalRisk) -> RoutingRecord {
        let reach = Reach::Phone { answered_on_phone: true };
        let sms = AuthenticatorId::new("sms_url").unwrap();
        let candidates = vec![Candidate::new(sms, Loa::Two, reach)];
        let client = ClientId::new(client).unwrap();
        let asked = Hypothesis { risk, ..Hypothesis::of(client) };
        let facts = asked.facts(None, &candidates, Timestamp::default()).unwrap();
        let decision = decide(&Policy::default(), &facts, &candidates);
        RoutingRecord { journey: JourneyId::new(journey).unwrap(), facts, candidates, decision }
    }

    #[test]
    fn only_what_would_have_been_different_is_told() {
        let text = "format = 1\n[[rules]]\nname = 'no more'\nwhen = { client = ['shop'] }\n\
                    then = { deny = ['*'] }";
        let policy = Policy::read(text, Known::default()).unwrap();
        let run = compare(&policy, vec![record("j1", "shop"), record("j2", "bank")]);
        assert_eq!((run.looked_at, run.served, run.would_be_served), (2, 2, 1));
        let [difference] = &run.differences[..] else { panic!("{run:?}") };
        assert_eq!(difference.journey.as_str(), "j1");
        assert_eq!(difference.would_be.unserved, Some(Unserved::Forbidden));
        assert_eq!(difference.would_be.explanation, ["sms_url: denied (rule \"no more\")"]);
    }

    #[test]
    fn a_policy_that_is_silent_about_the_sim_would_have_let_no_fresh_one_through_t_105() {
        let fresh = HypotheticalRisk { sim_changed_hours_ago: Some(1), ..Default::default() };
        let silent = "format = 1\n[[rules]]\nname = 'all'\nthen = { fallback = true }";
        let off = silent.replacen('\n', "\ndefaults.sim_change = 'off'\n", 1);
        let would_be_served = |text: &str| {
            let policy = Policy::read(text, Known::default()).unwrap();
            compare(&policy, vec![record_at_risk("j1", "shop", fresh.clone())]).would_be_served
        };
        assert_eq!((would_be_served(silent), would_be_served(&off)), (0, 1));
    }
}
