//! The adaptor as routing sees it.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::{
    journey::Prompt,
    routing::{Candidate, Reach},
};
use fiador_http_kit::Pages;
use fiador_kernel::{AuthenticatorId, Clock, Entropy, Loa};
use fiador_ports::{
    Answer, Answered, Authenticator, Budgets, Challenge, Exhausted, MessageCentre, PromptFragment,
    StartError, Started, StoreError, Subscribers, Vault,
};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::{
    CodeSource, Settings, SettingsError, delivery::Delivery, guess_watch::GuessWatch,
    lock_out::LockOut, state::State,
};

/// The id of this adaptor.
pub const AUTHENTICATOR_ID: &str = "sms_otp";

/// The most that SMS proves: text messages can be rerouted, and phones read by malware. A constant,
/// because no configuration may raise it (T-101).
pub const CEILING: Loa = Loa::Two;

/// What the adaptor asks of the world.
#[derive(Clone)]
pub struct Ports {
    /// Send budgets and failure counts.
    pub budgets: Arc<dyn Budgets>,
    /// Whose number it is.
    pub subscribers: Arc<dyn Subscribers>,
    /// Opens the number, hashes the code.
    pub vault: Arc<dyn Vault>,
    /// Takes the message.
    pub message_centre: Arc<dyn MessageCentre>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Salts.
    pub entropy: Arc<dyn Entropy>,
    /// Codes; [`crate::EntropyCodes`] in production.
    pub codes: Arc<dyn CodeSource>,
    /// Words and files: with [`crate::add_messages`] and [`crate::add_assets`].
    pub pages: Arc<Pages>,
}

/// The SMS one-time code authenticator.
pub struct SmsOtp {
    pub(crate) id: AuthenticatorId,
    pub(crate) settings: Settings,
    pub(crate) ports: Ports,
    pub(crate) lock_out: LockOut,
    pub(crate) guess_watch: GuessWatch,
    pub(crate) delivery: Delivery,
}

impl SmsOtp {
    /// Checks the settings and puts the parts together. Nothing is sent or asked yet.
    pub fn new(settings: Settings, ports: Ports) -> Result<Self, SettingsError> {
        settings.validate()?;
        let id = AuthenticatorId::new(AUTHENTICATOR_ID)
            .map_err(|_| SettingsError { setting: "id", rule: "an identifier" })?;
        let delivery = Delivery {
            subscribers: Arc::clone(&ports.subscribers),
            vault: Arc::clone(&ports.vault),
            message_centre: Arc::clone(&ports.message_centre),
            clock: Arc::clone(&ports.clock),
            places: Arc::new(Semaphore::new(
                settings.parallel_deliveries.min(Semaphore::MAX_PERMITS),
            )),
            tasks: TaskTracker::new(),
        };
        Ok(Self {
            id,
            lock_out: LockOut::new(Arc::clone(&ports.budgets), settings.lock_out.clone()),
            guess_watch: GuessWatch::new(settings.guess_alarm),
            delivery,
            settings,
            ports,
        })
    }

    /// Returns when no message is on its way to a message centre: between the last request and
    /// the end of the links (T-249). A message is given up a minute before its code is worthless,
    /// so the caller bounds the time.
    pub async fn settled(&self) {
        self.delivery.settled().await;
    }
}

#[async_trait]
impl Authenticator for SmsOtp {
    fn candidate(&self) -> Candidate {
        Candidate {
            id: self.id.clone(),
            ceiling: CEILING,
            reach: Reach::Phone { answered_on_phone: false },
            available: self.ports.message_centre.is_available(),
        }
    }

    async fn start(
        &self,
        challenge: Challenge<'_>,
        previous: Option<&Value>,
    ) -> Result<Started, StartError> {
        self.send_code(challenge, previous).await
    }

    fn admit(&self, state: &Value) -> Result<Value, Exhausted> {
        let state = State::read(state).map_err(|_| Exhausted)?;
        state.admit()?.write().map_err(|_| Exhausted)
    }

    async fn evaluate(
        &self,
        challenge: Challenge<'_>,
        state: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        self.compare(challenge, &State::read(state)?, answer).await
    }

    fn prompt(&self, challenge: Challenge<'_>, prompt: &Prompt, wrong: bool) -> PromptFragment {
        self.ask_for_code(challenge, State::read(&prompt.state).ok().as_ref(), wrong)
    }
}
