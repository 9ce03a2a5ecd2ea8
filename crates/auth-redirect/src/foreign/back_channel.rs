//! Requests from server to server. All of it happens in tasks of their own: how long the other server
//! takes, and whether it was asked at all, is not seen by the waiting browser (T-048).

use std::sync::Arc;

use fiador_ports::{Challenge, Fetch, FetchError, FetchRequest, FetchResponse, StartError};

use super::{BackChannel, ForeignAuthenticator, errand::Errand, state::State};

impl ForeignAuthenticator {
    /// Has a task hand the request over, and poll for its result where that is agreed. Nobody is asked
    /// about an unknown number.
    pub(super) fn hand_over(
        &self,
        channel: &BackChannel,
        challenge: &Challenge<'_>,
        state: State,
    ) -> Result<(), StartError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| StartError::Unavailable)?;
        if challenge.subject.subscriber.is_none() {
            return Ok(());
        }
        let errand = Errand {
            fetch: Arc::clone(&self.ports.fetch),
            clock: Arc::clone(&self.ports.clock),
            prompts: Arc::clone(&self.ports.prompts),
            authenticator: self.id().clone(),
            channel: channel.clone(),
            journey: challenge.journey.clone(),
            reference: state.transaction,
            request: state.request,
            expires_at: challenge.expires_at,
        };
        self.tasks.spawn(async move {
            errand.run().await;
            drop(place);
        });
        Ok(())
    }

    /// Tells the authenticator that nobody waits any more.
    pub(super) async fn take_back(&self, channel: &BackChannel, state: &State) {
        let Some(cancel) = &channel.cancel_endpoint else { return };
        if let Err(error) = post(&*self.ports.fetch, cancel, &state.request).await {
            tracing::debug!(authenticator = %self.id(), %error, "a request was not taken back");
        }
    }
}

/// Posts a request to one of the authenticator's addresses.
pub(super) async fn post(
    fetch: &dyn Fetch,
    address: &str,
    request: &str,
) -> Result<FetchResponse, FetchError> {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("request", request)
        .finish()
        .into_bytes();
    let request = FetchRequest::post(address, "application/x-www-form-urlencoded", form)
        .header("accept", "application/json");
    fetch.fetch(request).await
}
