//! A door without a browser: Keycloak asks, Fiador reaches the phone.
//!
//! Keycloak implements CIBA (OpenID Connect Client-Initiated Backchannel Authentication), and leaves
//! how the person is reached to an *authentication channel* behind HTTP: it posts whom to ask, gets
//! 201, and is later told the outcome at its callback. This crate is such a channel
//! (docs/guides/keycloak.md).
//!
//! 1. `routes.rs` takes the request; `bearer.rs` holds its token against the realm's keys, and
//!    `request.rs` reads it.
//! 2. `open.rs` opens a journey without a browser and has routing reach the phone.
//! 3. `follow.rs` waits for the journey's end, and `callback.rs` tells it to Keycloak.
//!
//! An unknown number is taken like any other and never answered (T-048). Who asks is a client that the
//! operator has listed, under the name of a registered application (T-184). The binding message must be a
//! number of two digits, which the person chooses on the phone among others: nothing is approved by a
//! bare click (T-107, T-108).

mod bearer;
mod callback;
mod follow;
mod open;
mod request;
mod routes;
mod settings;

use std::sync::Arc;

use fiador_domain::numbering::NumberingPlan;
use fiador_kernel::{Clock, Entropy};
use fiador_ports::{
    AuthenticatorRouter, ClientKeys, Clients, Fetch, Journeys, Replay, Subscribers, Vault,
};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use request::{BadRequest, ChannelRequest};
pub use settings::{ChannelClient, RealmSettings, SettingsError};

use bearer::Realm;

/// Journeys that are followed at the same time; one more is refused.
const FOLLOWED: usize = 10_000;

/// What the channel asks of the world.
#[derive(Clone)]
pub struct Ports {
    /// Journeys under way.
    pub journeys: Arc<dyn Journeys>,
    /// Reaches phones.
    pub router: Arc<dyn AuthenticatorRouter>,
    /// Applications that realms' clients are here.
    pub clients: Arc<dyn Clients>,
    /// Which numbers are our own.
    pub numbering: Arc<NumberingPlan>,
    /// Subscribers with numbers outside the operator's own ranges are asked too.
    pub serves_ported_in_numbers: bool,
    /// Whose number it is.
    pub subscribers: Arc<dyn Subscribers>,
    /// Keyed hashes.
    pub vault: Arc<dyn Vault>,
    /// Keys of realms.
    pub keys: Arc<dyn ClientKeys>,
    /// Requests that were taken already.
    pub replay: Arc<dyn Replay>,
    /// The one guarded client (T-080).
    pub fetch: Arc<dyn Fetch>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Handles.
    pub entropy: Arc<dyn Entropy>,
}

/// The authentication channel of Keycloak realms.
pub struct KeycloakChannel {
    realms: Vec<Arc<Realm>>,
    ports: Ports,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
    closing: CancellationToken,
}

impl KeycloakChannel {
    /// Checks the settings. Nothing is fetched yet.
    pub fn new(realms: Vec<RealmSettings>, ports: Ports) -> Result<Self, SettingsError> {
        let made = |realm| Ok(Arc::new(Realm::new(realm, ports.keys.clone())?));
        let realms = realms.into_iter().map(made).collect::<Result<_, SettingsError>>()?;
        Ok(Self {
            realms,
            ports,
            places: Arc::new(Semaphore::new(FOLLOWED)),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
        })
    }

    /// The process is about to end: nobody would be left to tell Keycloak what people answer, so every
    /// journey that is being followed ends now, and Keycloak is told that.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// Returns when no journey is being followed. The caller bounds the time.
    pub async fn settled(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
