//! What the three authenticators share: one set of budgets, watches and places for messages.

use std::sync::Arc;

use fiador_http_kit::Pages;
use fiador_kernel::{AuthenticatorId, Clock, Entropy, Loa};
use fiador_ports::{Budgets, DeliveryReports, MessageCentre, Subscribers, Vault};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::{
    CodeSource, Kind, Settings, SettingsError, SmsAuthenticator,
    delivery::Dispatch,
    lock_out::LockOut,
    text::Texts,
    watch::{ConversionWatch, GuessWatch},
};

/// The most that SMS proves: text messages can be rerouted, and phones read by malware. A constant,
/// because no configuration may raise it (T-101).
pub const CEILING: Loa = Loa::Two;

/// What the authenticators ask of the world.
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
    /// Is told of messages that no centre took, so that routing need not wait (T-131).
    pub delivery_reports: Arc<dyn DeliveryReports>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Salts, link tokens, numbers to match.
    pub entropy: Arc<dyn Entropy>,
    /// Codes; [`crate::EntropyCodes`] in production.
    pub codes: Arc<dyn CodeSource>,
    /// Words and files: with [`crate::add_messages`] and [`crate::add_assets`].
    pub pages: Arc<Pages>,
}

/// The common ground of `sms_otp`, `sms_url` and `sms_otp_url`: whichever sends, the same budgets
/// count (T-122), and whichever fails, the same subscription is locked (T-103).
pub struct Sms {
    pub(crate) settings: Settings,
    pub(crate) ports: Ports,
    pub(crate) texts: Texts,
    pub(crate) lock_out: LockOut,
    pub(crate) guess_watch: GuessWatch,
    pub(crate) conversion_watch: ConversionWatch,
    pub(crate) dispatch: Dispatch,
}

impl Sms {
    /// Checks the settings and puts the parts together. Nothing is sent or asked yet.
    pub fn new(settings: Settings, ports: Ports) -> Result<Arc<Self>, SettingsError> {
        settings.validate()?;
        let texts = Texts::load(&settings)?;
        let dispatch = Dispatch {
            subscribers: Arc::clone(&ports.subscribers),
            vault: Arc::clone(&ports.vault),
            message_centre: Arc::clone(&ports.message_centre),
            reports: Arc::clone(&ports.delivery_reports),
            clock: Arc::clone(&ports.clock),
            places: Arc::new(Semaphore::new(
                settings.parallel_deliveries.min(Semaphore::MAX_PERMITS),
            )),
            tasks: TaskTracker::new(),
        };
        Ok(Arc::new(Self {
            texts,
            lock_out: LockOut::new(Arc::clone(&ports.budgets), settings.lock_out.clone()),
            guess_watch: GuessWatch::new(settings.guess_alarm),
            conversion_watch: ConversionWatch::new(settings.conversion_alarm),
            dispatch,
            settings,
            ports,
        }))
    }

    /// One of the authenticators, for routing. Logs a warning for each language in which its message
    /// takes more than one segment.
    pub fn authenticator(self: &Arc<Self>, kind: Kind) -> Result<SmsAuthenticator, SettingsError> {
        let id = AuthenticatorId::new(kind.id())
            .map_err(|_| SettingsError { setting: "id", rule: "an identifier" })?;
        self.texts.warn_of_long_ones(self.ports.pages.messages(), &self.settings, kind);
        Ok(SmsAuthenticator { id, kind, sms: Arc::clone(self) })
    }

    /// Returns when no message is on its way to a message centre: between the last request and
    /// the end of the links (T-249). A message is given up a minute before its code is worthless,
    /// so the caller bounds the time.
    pub async fn settled(&self) {
        self.dispatch.settled().await;
    }
}
