//! The choice of a chain, and its record.

use fiador_domain::{
    journey::{ChainStep, Journey, Subject},
    routing::{Decision, Need, Route, Unserved, decide},
};
use fiador_ports::{Known, RoutingRecord, StoreError};

use crate::{Router, facts::before_anybody};

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
    ) -> Result<Result<Vec<ChainStep>, Unserved>, StoreError> {
        let facts = self.facts(journey, subject, known).await?;
        let candidates = self.candidates();
        let decision = decide(&self.policy.in_force(), &facts, &candidates);
        let chain = served(decision.clone());
        self.records.record(RoutingRecord {
            journey: journey.id.clone(),
            facts,
            candidates,
            decision,
        });
        Ok(chain)
    }
}

fn served(decision: Decision) -> Result<Vec<ChainStep>, Unserved> {
    match decision.unserved {
        Some(unserved) => Err(unserved),
        None => Ok(decision.steps),
    }
}
