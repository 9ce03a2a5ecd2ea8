//! Taking an attempt and having it judged.
//!
//! The attempt is taken from the journey by compare-and-set *before* the answer is looked at, so that
//! any number of parallel guesses on any number of nodes gets no more than the bound (T-121).

use fiador_domain::{
    assurance::Evidence,
    journey::{Chain, Journey},
    routing::Candidate,
};
use fiador_ports::{Answer, Answered, StoreError};
use serde_json::Value;

use crate::{
    Router,
    chain_moves::{self, Addressed, PromptName},
    held::{Held, Made, challenged, told},
    outcome,
};

/// An attempt that has been taken and stored.
pub(crate) struct Attempt {
    pub(crate) prompt: PromptName,
    state: Value,
}

/// What an admitted answer is worth, once the adaptor's word was judged.
pub(crate) enum Judged {
    Verified(Evidence),
    Wrong,
    Failed,
    Denied,
    GaveUp,
    /// A proof, of less than was asked for.
    TooLow,
}

impl Router {
    /// Takes one attempt; `None` when there is none to take.
    pub(crate) async fn admit(
        &self,
        held: &mut Held,
        addressed: Addressed<'_>,
    ) -> Result<Option<Attempt>, StoreError> {
        loop {
            let Some((_, chain)) = held.challenged() else { return Ok(None) };
            let Some(prompt) = addressed.find(chain) else { return Ok(None) };
            let Some(adaptor) = self.adaptors.find(&prompt.authenticator) else {
                tracing::warn!(
                    journey = %held.journey.id, authenticator = %prompt.authenticator,
                    "the authenticator of a journey is gone; was it removed from the configuration?"
                );
                return Ok(None);
            };
            let Ok(state) = adaptor.admit(&prompt.state) else { return Ok(None) };
            let (name, before) = (PromptName::of(prompt), prompt.state.clone());
            // Whoever was faster has taken another attempt: this one is taken from what is left.
            let take = |chain: &Chain| {
                let is_same = chain.live.iter().any(|p| name.is(p) && p.state == before);
                is_same.then(|| chain_moves::admitted(chain, &name, &state))?
            };
            match self.make_in_chain(held, take).await? {
                Made::From(_) => return Ok(Some(Attempt { prompt: name, state })),
                Made::Unfit => {}
                Made::Gone => return Ok(None),
            }
        }
    }

    /// Has an admitted answer evaluated.
    pub(crate) async fn evaluate(
        &self,
        journey: &Journey,
        attempt: &Attempt,
        answer: &Answer,
    ) -> Result<Judged, StoreError> {
        let id = &attempt.prompt.authenticator;
        let (Some((subject, chain)), Some(adaptor)) = (challenged(journey), self.adaptors.find(id))
        else {
            return Ok(Judged::Wrong);
        };
        let challenge = told(journey, subject, None);
        let result = match adaptor.evaluate(challenge, &attempt.state, answer).await {
            Ok(Answered::Verified(evidence)) => {
                Ok(judged(evidence, journey, chain, &adaptor.candidate()))
            }
            Ok(Answered::Wrong) => Ok(Judged::Wrong),
            Ok(Answered::Failed) => Ok(Judged::Failed),
            Ok(Answered::Denied) => Ok(Judged::Denied),
            Ok(Answered::GaveUp) => Ok(Judged::GaveUp),
            // The last attempt is taken, and nobody will ever say what it was worth.
            Err(error) if adaptor.admit(&attempt.state).is_err() => {
                tracing::warn!(journey = %journey.id, %error, "the last answer was not evaluated");
                Ok(Judged::Failed)
            }
            Err(error) => Err(error),
        };
        outcome::answered(id, &result);
        result
    }
}

/// An adaptor vouches for itself alone, for a known subscriber, and never for more than its fixed
/// ceiling (T-101). One that does otherwise has a defect, and a defect must not let anybody in. One
/// that proves less than was asked for, or than policy demands (T-105), has not done what it was
/// chosen for (T-100).
fn judged(evidence: Evidence, journey: &Journey, chain: &Chain, candidate: &Candidate) -> Judged {
    let is_known = journey.stage.subscriber().is_some();
    let is_within = evidence.level <= candidate.ceiling && evidence.authenticator == candidate.id;
    if !is_known || !is_within {
        tracing::error!(
            journey = %journey.id,
            authenticator = %candidate.id,
            ceiling = %candidate.ceiling,
            level = %evidence.level,
            "an authenticator claimed more than it can prove; please report it"
        );
        return Judged::Failed;
    }
    let ask = &journey.ask;
    let is_below_request = !ask.levels_voluntary && evidence.acr(&ask.levels).is_none();
    let least = chain.least_levels.get(&candidate.id);
    if is_below_request || least.is_some_and(|&least| evidence.level < least) {
        tracing::warn!(
            journey = %journey.id,
            authenticator = %candidate.id,
            level = %evidence.level,
            "an authenticator proved less than was asked for, or than policy demands"
        );
        return Judged::TooLow;
    }
    Judged::Verified(evidence)
}
