//! One authenticator as routing sees it.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::{
    journey::Prompt,
    routing::{Candidate, Enrolment, Reach},
};
use fiador_kernel::AuthenticatorId;
use fiador_ports::{
    Answer, Answered, Authenticator, Challenge, Exhausted, PromptFragment, Road, StartError,
    Started, StoreError,
};
use serde_json::Value;

use crate::{CEILING, Kind, Sms, state::State};

/// One of the three SMS authenticators; [`Sms::authenticator`] makes it.
pub struct SmsAuthenticator {
    pub(crate) id: AuthenticatorId,
    pub(crate) kind: Kind,
    pub(crate) sms: Arc<Sms>,
}

#[async_trait]
impl Authenticator for SmsAuthenticator {
    fn candidate(&self) -> Candidate {
        let reach = Reach::Phone { answered_on_phone: self.kind.has_link() };
        Candidate {
            available: self.sms.ports.message_centre.is_available(),
            // A text reaches every phone, but which kind a subscriber gets is for the operator to say.
            enrolment: Enrolment::Listed,
            cost: self.sms.settings.message_cost,
            ..Candidate::new(self.id.clone(), CEILING, reach)
        }
    }

    async fn start(
        &self,
        challenge: Challenge<'_>,
        previous: Option<&Value>,
    ) -> Result<Started, StartError> {
        self.send(challenge, previous).await
    }

    fn admit(&self, state: &Value) -> Result<Value, Exhausted> {
        let state = State::read(state).map_err(|_| Exhausted)?;
        state.admit()?.write().map_err(|_| Exhausted)
    }

    /// The code is worth something from the waiting browser alone, a decision about the link from
    /// the phone alone: the waiting browser shows the number that the phone must choose (T-128).
    async fn evaluate(
        &self,
        challenge: Challenge<'_>,
        state: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        let state = State::read(state)?;
        match answer.road {
            Road::Browser => self.compare_code(challenge, &state, answer).await,
            Road::Reference => self.decide(challenge, &state, answer).await,
        }
    }

    fn prompt(&self, challenge: Challenge<'_>, prompt: &Prompt, wrong: bool) -> PromptFragment {
        self.fragment(challenge, State::read(&prompt.state).ok().as_ref(), prompt.delivery, wrong)
    }
}
