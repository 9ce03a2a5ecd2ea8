//! What is still on its way to phones, and to those who asked, when the listeners have drained.

use std::{sync::Arc, time::Duration};

use fiador_auth_sms::Sms;
use fiador_authn_routing::Router;
use fiador_keycloak_channel::KeycloakChannel;

/// A message centre decides within three seconds, and a busy one is asked three times more.
const PATIENCE: Duration = Duration::from_secs(10);

/// What has to be waited for between the last request and the end of the links.
#[derive(Clone)]
pub struct Deliveries {
    /// Messages that are handed over.
    pub(super) sms: Arc<Sms>,
    /// Prompts that are taken back.
    pub(super) routing: Arc<Router>,
    /// Outcomes that Keycloak is told.
    pub(super) keycloak: Arc<KeycloakChannel>,
}

impl Deliveries {
    /// Returns when nothing is under way, or after ten seconds.
    pub async fn settled(&self) {
        let Self { sms, routing, keycloak } = self;
        let all = async { tokio::join!(sms.settled(), routing.settled(), keycloak.settled()) };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::warn!("messages or outcomes were still on their way and are given up");
        }
    }
}
