//! An OpenID Provider as an authenticator: the gateway is its client.

mod ask;
mod discovery;
mod exchange;
mod id_token;
mod judge;
mod routes;
mod settings;
mod state;
mod subject;

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

use crate::{Ports, SettingsError, kept::Kept as _, prompt::Waiting};
use discovery::Discovery;
use state::State;

pub use settings::{
    LevelMapping, LoginHint, SubjectBinding, UpstreamAuthentication, UpstreamSettings,
};

/// Any OpenID Provider, asked by authorization code with PKCE, `state` and `nonce`.
pub struct UpstreamProvider {
    settings: UpstreamSettings,
    ports: Ports,
    discovery: Discovery,
}

impl UpstreamProvider {
    /// Checks the settings. The provider is not asked before the first login.
    pub fn new(settings: UpstreamSettings, ports: Ports) -> Result<Self, SettingsError> {
        settings.validate()?;
        let discovery = Discovery::new(&settings, &ports);
        Ok(Self { settings, ports, discovery })
    }

    fn id(&self) -> &AuthenticatorId {
        &self.settings.id
    }
}

#[async_trait]
impl Authenticator for UpstreamProvider {
    fn candidate(&self) -> Candidate {
        Candidate {
            available: !self.discovery.has_just_failed(),
            enrolment: self.settings.enrolment,
            cost: self.settings.cost,
            ..Candidate::new(self.settings.id.clone(), self.settings.ceiling(), Reach::Browser)
        }
    }

    async fn start(
        &self,
        challenge: Challenge<'_>,
        _previous: Option<&Value>,
    ) -> Result<Started, StartError> {
        let state = self.ask(&challenge).await?;
        Ok(Started { state: state.write()?, reference: Some(state.reference) })
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
        self.judge(&challenge, &State::read(state)?, answer).await
    }

    fn prompt(&self, challenge: Challenge<'_>, prompt: &Prompt, _wrong: bool) -> PromptFragment {
        let waiting = Waiting {
            pages: &self.ports.pages,
            language: challenge.ask.language,
            name: &self.settings.display_name,
        };
        let address = State::read(&prompt.state).map(|state| state.address).unwrap_or_default();
        waiting.elsewhere(address)
    }
}
