//! Messages that are still on their way to a message centre.

use std::{sync::Arc, time::Duration};

use fiador_auth_sms::Sms;

/// A message centre decides within three seconds, and a busy one is asked three times more.
const PATIENCE: Duration = Duration::from_secs(10);

/// What has to be waited for between the last request and the end of the links.
#[derive(Clone)]
pub struct Deliveries(pub(super) Arc<Sms>);

impl Deliveries {
    /// Returns when no message is under way, or after ten seconds.
    pub async fn settled(&self) {
        if tokio::time::timeout(PATIENCE, self.0.settled()).await.is_err() {
            tracing::warn!("text messages were still on their way and are given up");
        }
    }
}
