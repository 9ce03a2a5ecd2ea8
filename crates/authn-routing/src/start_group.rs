//! Starting the authenticators of one step, all at the same time.

use fiador_domain::journey::{Chain, ChainStep, Delivery, Ending, Journey, Prompt, Subject};
use fiador_kernel::{AuthenticatorId, Msisdn, Timestamp};
use fiador_ports::{Challenge, StartError, Started};
use futures_util::future::join_all;
use serde_json::Value;

use crate::{Router, held::told, outcome};

/// What a step has become: at least one prompt.
pub(crate) struct Group {
    pub(crate) subject: Subject,
    pub(crate) prompts: Vec<Prompt>,
    /// Those of the step that are not asked, and how it ended with them.
    pub(crate) not_started: Vec<(AuthenticatorId, Ending)>,
}

/// Why nobody of a step is asked.
pub(crate) struct NoGroup {
    pub(crate) error: StartError,
    pub(crate) not_started: Vec<(AuthenticatorId, Ending)>,
}

/// Why one is not asked.
pub(crate) struct NotStarted {
    pub(crate) error: StartError,
    /// It took too long: what it has sent until then is not known.
    pub(crate) may_have_left: bool,
}

impl NotStarted {
    const fn ending(&self) -> Ending {
        if self.may_have_left { Ending::Undelivered } else { Ending::NotStarted }
    }
}

impl Router {
    /// Starts the authenticators of a step; it has begun when one of them has.
    pub(crate) async fn start_group(
        &self,
        journey: &Journey,
        subject: &Subject,
        chain: &Chain,
        step: &ChainStep,
        number: Option<&Msisdn>,
    ) -> Result<Group, NoGroup> {
        let challenge = told(journey, subject, number);
        let starts = step.authenticators.iter().map(|id| {
            let previous = chain.prompt_of(id).map(|prompt| &prompt.state);
            self.start_one(id, challenge, previous)
        });
        let results = join_all(starts).await;
        let at = later_than_live(chain, self.clock.now());
        let mut group =
            Group { subject: subject.clone(), prompts: Vec::new(), not_started: Vec::new() };
        let mut refusal = None;
        for (id, result) in step.authenticators.iter().zip(results) {
            match result {
                Ok(started) => group.prompts.push(prompt(id, started, at)),
                Err(not_started) => {
                    let error = not_started.error;
                    group.not_started.push((id.clone(), not_started.ending()));
                    refusal = Some(refusal.map_or(error, |other| weightier(other, error)));
                }
            }
        }
        if group.prompts.is_empty() {
            let error = refusal.unwrap_or(StartError::Unavailable);
            return Err(NoGroup { error, not_started: group.not_started });
        }
        Ok(group)
    }

    /// Starts one authenticator; one that is gone, or takes too long, is not available.
    pub(crate) async fn start_one(
        &self,
        id: &AuthenticatorId,
        challenge: Challenge<'_>,
        previous: Option<&Value>,
    ) -> Result<Started, NotStarted> {
        let in_time = match self.adaptors.find(id) {
            Some(adaptor) => {
                let start = adaptor.start(challenge, previous);
                tokio::time::timeout(self.settings.start_timeout, start).await
            }
            None => Ok(Err(StartError::Unavailable)),
        };
        let may_have_left = in_time.is_err();
        let result = in_time.unwrap_or(Err(StartError::Unavailable));
        outcome::challenged(id, &result);
        let is_known = challenge.subject.subscriber.is_some();
        if is_known && matches!(result, Err(StartError::Unavailable)) {
            self.history.note(id, false, self.clock.now());
        }
        let (journey, client_id) = (challenge.journey, &challenge.ask.client);
        match &result {
            Ok(_) => tracing::info!(
                %journey, %client_id, authenticator = %id, "challenge started"
            ),
            Err(error) => tracing::warn!(
                %journey, %client_id, authenticator = %id, %error, "challenge not started"
            ),
        }
        result.map_err(|error| NotStarted { error, may_have_left })
    }
}

pub(crate) fn prompt(id: &AuthenticatorId, started: Started, at: Timestamp) -> Prompt {
    Prompt {
        authenticator: id.clone(),
        state: started.state,
        at,
        reference: started.reference,
        delivery: Delivery::Unknown,
    }
}

/// The time names a prompt, so a new one is later than those before it, whatever the clock does.
pub(crate) fn later_than_live(chain: &Chain, now: Timestamp) -> Timestamp {
    let last = chain.live.iter().map(|prompt| prompt.at.as_micros()).max();
    last.map_or(now, |last| now.max(Timestamp::from_micros(last.saturating_add(1))))
}

/// Which of two refusals is told: what concerns the subscription before what concerns an
/// authenticator, and of two waits the longer.
fn weightier(one: StartError, other: StartError) -> StartError {
    const fn weight(error: StartError) -> (u8, std::time::Duration) {
        match error {
            StartError::TextTooLong => (0, std::time::Duration::ZERO),
            StartError::Unavailable => (1, std::time::Duration::ZERO),
            StartError::BudgetExhausted(wait) => (2, wait),
            StartError::LockedOut(wait) => (3, wait),
            StartError::NoJourney | StartError::Store(_) => (4, std::time::Duration::ZERO),
        }
    }
    if weight(other) > weight(one) { other } else { one }
}
