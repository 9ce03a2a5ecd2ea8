//! What is still on its way to phones when the listeners have drained.

use std::{sync::Arc, time::Duration};

use fiador_auth_sms::Sms;
use fiador_authn_routing::Router;

/// A message centre decides within three seconds, and a busy one is asked three times more.
const PATIENCE: Duration = Duration::from_secs(10);

/// What has to be waited for between the last request and the end of the links.
#[derive(Clone)]
pub struct Deliveries {
    /// Messages that are handed over.
    pub(super) sms: Arc<Sms>,
    /// Prompts that are taken back.
    pub(super) routing: Arc<Router>,
}

impl Deliveries {
    /// Returns when nothing is under way, or after ten seconds.
    pub async fn settled(&self) {
        let all = async { tokio::join!(self.sms.settled(), self.routing.settled()) };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::warn!("messages were still on their way to phones and are given up");
        }
    }
}
