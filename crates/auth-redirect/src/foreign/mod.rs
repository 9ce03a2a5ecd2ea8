//! An authenticator that speaks our contract.

mod ask;
mod back_channel;
mod errand;
mod judge;
mod routes;
mod settings;
mod state;

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::{
    journey::Prompt,
    routing::{Candidate, Reach},
};
use fiador_kernel::AuthenticatorId;
use fiador_ports::{
    Answer, Answered, Authenticator, Challenge, Exhausted, PromptFragment, StartError, Started,
    StoreError,
};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::{Ports, SettingsError, kept::Kept as _, party::Party, prompt::Waiting};
use state::State;

pub(crate) use judge::worth;
pub use settings::{BackChannel, ForeignForm, ForeignSettings, Results};

/// An authenticator that speaks the contract of docs/reference/adaptor-contract.md.
pub struct ForeignAuthenticator {
    settings: ForeignSettings,
    ports: Ports,
    party: Party,
    /// Requests of the back-channel form that are on their way or being polled.
    places: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl ForeignAuthenticator {
    /// Checks the settings. Nothing is asked yet.
    pub fn new(settings: ForeignSettings, ports: Ports) -> Result<Self, SettingsError> {
        settings.validate()?;
        let party = Party::new(
            &settings.id,
            settings.keys.clone(),
            settings.result_signing_alg,
            Arc::clone(&ports.keys),
        )?;
        let places = match &settings.form {
            ForeignForm::Browser { .. } => 0,
            ForeignForm::BackChannel(channel) => channel.parallel.min(Semaphore::MAX_PERMITS),
        };
        Ok(Self {
            settings,
            ports,
            party,
            places: Arc::new(Semaphore::new(places)),
            tasks: TaskTracker::new(),
        })
    }

    /// Returns when no request is being handed over or polled. The caller bounds the time.
    pub async fn settled(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn id(&self) -> &AuthenticatorId {
        &self.settings.id
    }
}

#[async_trait]
impl Authenticator for ForeignAuthenticator {
    fn candidate(&self) -> Candidate {
        let reach = match self.settings.form {
            ForeignForm::Browser { .. } => Reach::Browser,
            ForeignForm::BackChannel(_) => Reach::Phone { answered_on_phone: true },
        };
        Candidate {
            enrolment: self.settings.enrolment,
            cost: self.settings.cost,
            ..Candidate::new(self.settings.id.clone(), self.settings.evidence.ceiling(), reach)
        }
    }

    async fn start(
        &self,
        challenge: Challenge<'_>,
        _previous: Option<&Value>,
    ) -> Result<Started, StartError> {
        let state = self.ask(&challenge).await?;
        let started = Started { state: state.write()?, reference: Some(state.transaction) };
        if let ForeignForm::BackChannel(channel) = &self.settings.form {
            self.hand_over(channel, &challenge, state)?;
        }
        Ok(started)
    }

    fn admit(&self, state: &Value) -> Result<Value, Exhausted> {
        State::admit(state)
    }

    async fn evaluate(
        &self,
        challenge: Challenge<'_>,
        state: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        Ok(self.judge(&challenge, &State::read(state)?, answer).await)
    }

    fn prompt(&self, challenge: Challenge<'_>, prompt: &Prompt, _wrong: bool) -> PromptFragment {
        let waiting = Waiting {
            pages: &self.ports.pages,
            language: challenge.ask.language,
            name: &self.settings.display_name,
        };
        let state = State::read(&prompt.state).ok();
        match (&self.settings.form, state) {
            (ForeignForm::Browser { .. }, Some(state)) => waiting.elsewhere(state.request),
            (_, state) => waiting.on_phone(state.as_ref().and_then(|s| s.number.as_deref())),
        }
    }

    async fn cancel(&self, _challenge: Challenge<'_>, state: &Value) {
        if let (ForeignForm::BackChannel(channel), Ok(state)) =
            (&self.settings.form, State::read(state))
        {
            self.take_back(channel, &state).await;
        }
    }
}
