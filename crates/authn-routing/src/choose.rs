//! The choice of a chain, and its record.

use fiador_domain::{
    journey::{ChainStep, Journey, Subject},
    routing::{Candidate, Decision, Facts, Need, Policy, Route, Unserved, decide},
};
use fiador_ports::{Known, RoutingRecord, StoreError};

use crate::{Router, facts::before_anybody};

/// Whom a journey asks, and how.
pub(crate) struct Chosen {
    /// Without a subscriber where nobody is to be reached, whoever was named.
    pub(crate) subject: Subject,
    pub(crate) steps: Vec<ChainStep>,
}

impl Router {
    /// Whether and by whom a request can be served, before it is known of whom.
    pub(crate) fn plan_for(&self, need: Need<'_>) -> Result<Route, Unserved> {
        let candidates = self.candidates();
        let facts = before_anybody(need, &candidates, self.clock.now());
        let decision = decide(&self.policy.in_force(), &facts, &candidates);
        Ok(Route { chain: served(decision)? })
    }

    /// The chain for an identified journey. Why it is this one, or none, is kept for those who ask.
    pub(crate) async fn choose(
        &self,
        journey: &Journey,
        subject: &Subject,
        known: Known<'_>,
    ) -> Result<Result<Chosen, Unserved>, StoreError> {
        let facts = self.facts(journey, subject, known).await?;
        let (candidates, policy) = (self.candidates(), self.policy.in_force());
        let decision = decide(&policy, &facts, &candidates);
        let chosen = match served(decision.clone()) {
            Ok(steps) => Ok(Chosen { subject: subject.clone(), steps }),
            Err(unserved) => {
                tracing::warn!(
                    journey = %journey.id, client_id = %journey.ask.client,
                    error = %unserved, "no authenticator can start"
                );
                let hides = subject.subscriber.is_some() && !journey.ask.reveals_state;
                let road = || self.road_of_nobody(subject, &facts, &policy, &candidates);
                hides.then(road).flatten().ok_or(unserved)
            }
        };
        self.records.record(RoutingRecord {
            journey: journey.id.clone(),
            facts,
            candidates,
            decision,
        });
        Ok(chosen)
    }

    /// The road of an unknown number, for a subscriber whom policy does not serve: whoever may not know
    /// how a subscription stands must not learn it from a refusal that an unknown number would not get
    /// (T-048). Nobody is reached, and no answer is right.
    fn road_of_nobody(
        &self,
        subject: &Subject,
        facts: &Facts,
        policy: &Policy,
        candidates: &[Candidate],
    ) -> Option<Chosen> {
        let facts = Facts {
            subscriber: self.ordinary(subject.msisdn_index, facts),
            risk: facts.risk.about_nobody(),
            ..facts.clone()
        };
        let steps = served(decide(policy, &facts, candidates)).ok()?;
        Some(Chosen { subject: Subject { subscriber: None, ..subject.clone() }, steps })
    }
}

fn served(decision: Decision) -> Result<Vec<ChainStep>, Unserved> {
    match decision.unserved {
        Some(unserved) => Err(unserved),
        None => Ok(decision.steps),
    }
}
