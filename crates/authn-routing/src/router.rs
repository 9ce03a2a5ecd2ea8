//! The router itself.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::{
    assurance::Evidence,
    routing::{Candidate, Need, Route, Unserved, route},
};
use fiador_kernel::AuthenticatorId;
use fiador_ports::{
    Answer, Answered, Authenticator, AuthenticatorRouter, Challenge, Exhausted, PromptFragment,
    StartError, Started, StoreError,
};
use serde_json::Value;

use crate::outcome;

/// Chooses among authenticator adaptors and speaks to them for the doors.
pub struct Router {
    adaptors: Vec<Arc<dyn Authenticator>>,
}

impl Router {
    /// A router over `adaptors`, the preferred one first. Of two adaptors with one id the first is
    /// used.
    pub fn new(adaptors: Vec<Arc<dyn Authenticator>>) -> Self {
        Self { adaptors }
    }

    /// How every adaptor stands at this moment.
    fn candidates(&self) -> Vec<Candidate> {
        self.adaptors.iter().map(|adaptor| adaptor.candidate()).collect()
    }

    fn adaptor(&self, id: &AuthenticatorId) -> Option<(&dyn Authenticator, Candidate)> {
        self.adaptors.iter().find_map(|adaptor| {
            let candidate = adaptor.candidate();
            (&candidate.id == id).then_some((&**adaptor, candidate))
        })
    }

    /// The first authenticator of the route that can reach the phone. Only "not now" and "text too
    /// long" lead on to the next one: a budget or a lock-out belongs to the subscription, and
    /// another authenticator must not be a way around it (T-104).
    async fn start_first(
        &self,
        challenge: Challenge<'_>,
    ) -> Result<(AuthenticatorId, Started), StartError> {
        let need =
            Need { levels: &challenge.ask.levels, voluntary: challenge.ask.levels_voluntary };
        let route = self.plan(need).map_err(|unserved| {
            tracing::warn!(
                journey = %challenge.journey,
                client_id = %challenge.ask.client,
                error = %unserved,
                "no authenticator can start"
            );
            StartError::Unavailable
        })?;
        let mut refusal = None;
        for id in route.chain {
            match self.start_by(&id, challenge, None).await {
                Ok(started) => return Ok((id, started)),
                Err(error @ (StartError::Unavailable | StartError::TextTooLong)) => {
                    // When they disagree, "not now" is the answer: a later try may succeed.
                    if refusal != Some(StartError::Unavailable) {
                        refusal = Some(error);
                    }
                }
                Err(other) => return Err(other),
            }
        }
        Err(refusal.unwrap_or(StartError::Unavailable))
    }

    async fn start_by(
        &self,
        id: &AuthenticatorId,
        challenge: Challenge<'_>,
        previous: Option<&Value>,
    ) -> Result<Started, StartError> {
        let result = match self.adaptor(id) {
            Some((adaptor, _)) => adaptor.start(challenge, previous).await,
            None => Err(StartError::Unavailable),
        };
        outcome::challenged(id, &result);
        match &result {
            Ok(_) => tracing::info!(
                journey = %challenge.journey,
                client_id = %challenge.ask.client,
                authenticator = %id,
                "challenge started"
            ),
            Err(error) => tracing::warn!(
                journey = %challenge.journey,
                client_id = %challenge.ask.client,
                authenticator = %id,
                %error,
                "challenge not started"
            ),
        }
        result
    }
}

#[async_trait]
impl AuthenticatorRouter for Router {
    fn plan(&self, need: Need<'_>) -> Result<Route, Unserved> {
        route(need, &self.candidates())
    }

    async fn start(
        &self,
        challenge: Challenge<'_>,
        previous: Option<(&AuthenticatorId, &Value)>,
    ) -> Result<(AuthenticatorId, Started), StartError> {
        match previous {
            // "Send again" stays with the authenticator that the user has in front of them.
            Some((id, state)) => {
                let started = self.start_by(id, challenge, Some(state)).await?;
                Ok((id.clone(), started))
            }
            None => self.start_first(challenge).await,
        }
    }

    fn admit(&self, authenticator: &AuthenticatorId, state: &Value) -> Result<Value, Exhausted> {
        let (adaptor, _) = self.adaptor(authenticator).ok_or(Exhausted)?;
        adaptor.admit(state)
    }

    async fn evaluate(
        &self,
        authenticator: &AuthenticatorId,
        challenge: Challenge<'_>,
        state: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        let Some((adaptor, candidate)) = self.adaptor(authenticator) else {
            tracing::warn!(
                journey = %challenge.journey,
                %authenticator,
                "the authenticator of a journey is gone; was it removed from the configuration?"
            );
            return Ok(Answered::Failed);
        };
        let result =
            adaptor.evaluate(challenge, state, answer).await.map(|answered| match answered {
                Answered::Verified(evidence) => within_ceiling(evidence, &candidate),
                other => other,
            });
        outcome::answered(authenticator, &result);
        result
    }

    fn prompt(
        &self,
        authenticator: &AuthenticatorId,
        challenge: Challenge<'_>,
        state: &Value,
        wrong: bool,
    ) -> Option<PromptFragment> {
        let (adaptor, _) = self.adaptor(authenticator)?;
        Some(adaptor.prompt(challenge, state, wrong))
    }
}

/// An adaptor vouches for itself alone and never for more than its fixed ceiling (T-101). One that
/// does otherwise has a defect, and a defect must not let anybody in.
fn within_ceiling(evidence: Evidence, candidate: &Candidate) -> Answered {
    if evidence.level <= candidate.ceiling && evidence.authenticator == candidate.id {
        return Answered::Verified(evidence);
    }
    tracing::error!(
        authenticator = %candidate.id,
        ceiling = %candidate.ceiling,
        level = %evidence.level,
        "an authenticator claimed more than it can prove; please report it"
    );
    Answered::Failed
}
