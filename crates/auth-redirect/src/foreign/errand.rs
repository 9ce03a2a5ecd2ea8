//! A request on its way to an authenticator: handed over, perhaps polled for, settled.

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::Delivery;
use fiador_jose::strict_json;
use fiador_kernel::{AuthenticatorId, Clock, Digest, JourneyId, Timestamp};
use fiador_ports::{Answer, Fetch, FetchError, Prompts, Road, Settled};
use serde::Deserialize;
use tokio::time::sleep;

use super::{BackChannel, Results, back_channel::post, judge::RESULT_FIELD};

/// How often and for how long a task looks whether the journey holds its prompt already: a result that
/// comes before would find nothing.
const LOOK: Duration = Duration::from_millis(20);
const LOOKS: u32 = 100;
/// Polls in a row that may fail.
const FAILURES: u32 = 5;

/// A request on its way.
pub(super) struct Errand {
    pub(super) fetch: Arc<dyn Fetch>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) prompts: Arc<dyn Prompts>,
    pub(super) authenticator: AuthenticatorId,
    pub(super) channel: BackChannel,
    pub(super) journey: JourneyId,
    pub(super) reference: Digest,
    pub(super) request: String,
    pub(super) expires_at: Timestamp,
}

/// Why an errand ended without a result.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("it answers with status {0}")]
    Status(u16),
    #[error("its answer is not the JSON of the contract")]
    Malformed,
}

/// The answer of `status_endpoint`.
#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Status {
    Pending,
    Ended { result: String },
}

/// The answer of `start_endpoint`.
#[derive(Deserialize)]
struct Accepted {
    id: Option<String>,
}

impl Errand {
    /// Hands it over, and fetches its result where that is agreed.
    pub(super) async fn run(self) {
        if !self.is_kept().await {
            return;
        }
        if let Err(error) = self.begin().await {
            return self.give_up(&error).await;
        }
        self.report(Delivery::Accepted).await;
        if let Results::Polled { status_endpoint, interval } = &self.channel.results
            && let Err(error) = self.poll(status_endpoint, *interval).await
        {
            self.give_up(&error).await;
        }
    }

    /// Whether the journey holds the prompt: not before routing has stored what `start` returned, and
    /// never if another node was faster.
    async fn is_kept(&self) -> bool {
        for _ in 0..LOOKS {
            match self.prompts.find(self.reference).await {
                Ok(Some(_)) => return true,
                Ok(None) => sleep(LOOK).await,
                Err(_) => return false,
            }
        }
        false
    }

    async fn begin(&self) -> Result<(), Lost> {
        let answer = post(&*self.fetch, &self.channel.start_endpoint, &self.request).await?;
        if answer.status != 202 {
            return Err(Lost::Status(answer.status));
        }
        let accepted: Accepted =
            strict_json::from_slice(&answer.body).map_err(|_| Lost::Malformed)?;
        let readable = |id: &String| id.len() <= 128 && id.bytes().all(|b| b.is_ascii_graphic());
        let foreign_id = accepted.id.filter(readable).unwrap_or_default();
        tracing::info!(journey = %self.journey, authenticator = %self.authenticator, foreign_id, "a foreign authenticator has taken the request");
        Ok(())
    }

    async fn poll(&self, endpoint: &str, interval: Duration) -> Result<(), Lost> {
        let mut failures = 0;
        while self.clock.now() < self.expires_at {
            sleep(interval).await;
            // The journey went on without: nothing is left to be asked for.
            if matches!(self.prompts.find(self.reference).await, Ok(None)) {
                return Ok(());
            }
            match self.status(endpoint).await {
                Ok(Status::Pending) => failures = 0,
                Ok(Status::Ended { result }) => {
                    self.settle(result).await;
                    return Ok(());
                }
                Err(error) => {
                    failures += 1;
                    if failures >= FAILURES {
                        return Err(error);
                    }
                }
            }
        }
        Ok(())
    }

    async fn status(&self, endpoint: &str) -> Result<Status, Lost> {
        let answer = post(&*self.fetch, endpoint, &self.request).await?;
        if answer.status != 200 {
            return Err(Lost::Status(answer.status));
        }
        strict_json::from_slice(&answer.body).map_err(|_| Lost::Malformed)
    }

    /// Signature and binding are looked at where the answer is evaluated.
    async fn settle(&self, result: String) {
        let answer = Answer::by(Road::Reference, [(RESULT_FIELD, result)]);
        match self.prompts.answer(self.reference, &answer).await {
            Ok(Settled::Moved(_) | Settled::TooLate(_)) => {}
            Ok(Settled::Wrong(_)) => self.report(Delivery::Failed).await,
            Err(error) => {
                tracing::error!(journey = %self.journey, authenticator = %self.authenticator, %error, "a polled result could not be settled");
            }
        }
    }

    async fn give_up(&self, error: &Lost) {
        tracing::warn!(journey = %self.journey, authenticator = %self.authenticator, %error, "a foreign authenticator cannot ask");
        self.report(Delivery::Failed).await;
    }

    /// A failed delivery leads on to the next authenticator at once.
    async fn report(&self, delivery: Delivery) {
        if let Err(error) = self.prompts.report(self.reference, delivery).await {
            tracing::error!(journey = %self.journey, authenticator = %self.authenticator, %error, "the fate of a request could not be noted");
        }
    }
}
