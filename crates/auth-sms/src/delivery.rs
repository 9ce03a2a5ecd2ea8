//! Getting the message out, away from the browser's request.

use std::{sync::Arc, time::Duration};

use fiador_domain::subscriber::SubscriberStatus;
use fiador_kernel::{Clock, JourneyId, Msisdn, Secret, SubscriberId, Timestamp};
use fiador_ports::{MessageCentre, SendError, Subscribers, TextMessage, Vault};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

use crate::settings::LEAST_LIFE;

/// How long a message that the centre could not take is offered again, and how often (T-131).
const RETRIES: u32 = 3;
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Sends messages on tasks of their own, a bounded number at a time.
///
/// The request that asked for the message never waits: how long a look-up or a message centre takes
/// must not tell whether a number is known (T-048).
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) subscribers: Arc<dyn Subscribers>,
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) message_centre: Arc<dyn MessageCentre>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) places: Arc<Semaphore>,
    pub(crate) tasks: TaskTracker,
}

/// One message to be sent.
pub(crate) struct Letter {
    pub(crate) journey: JourneyId,
    /// `None` for an unknown number: everything happens but the message.
    pub(crate) subscriber: Option<SubscriberId>,
    /// The number of that subscription, if it has just been read.
    pub(crate) number: Option<Msisdn>,
    pub(crate) sender: String,
    pub(crate) text: Secret<String>,
    pub(crate) expires_at: Timestamp,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Accepted,
    NoSubscriber,
    TooLate,
    StoreFailed,
    Failed(SendError),
}

impl Delivery {
    /// A place for one message; `None` when all are taken.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Sends in the background.
    pub(crate) fn dispatch(&self, place: OwnedSemaphorePermit, letter: Letter) {
        let delivery = self.clone();
        self.tasks.spawn(async move {
            let outcome = delivery.deliver(&letter).await;
            report(&letter.journey, &outcome);
            drop(place);
        });
    }

    /// Returns when no message is under way.
    pub(crate) async fn settled(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    async fn deliver(&self, letter: &Letter) -> Outcome {
        let destination = match self.destination(letter).await {
            Ok(destination) => destination,
            Err(outcome) => return outcome,
        };
        let mut tries_left = RETRIES;
        loop {
            let life = letter.expires_at.since(self.clock.now());
            let Some(spare) = life.checked_sub(LEAST_LIFE) else { return Outcome::TooLate };
            let message = TextMessage {
                destination: destination.clone(),
                sender: letter.sender.clone(),
                text: letter.text.expose().clone(),
                validity: life,
                tracking: None,
            };
            // A message that waits in the queue of a centre past this point is withdrawn (T-130).
            let submit = self.message_centre.submit(message);
            match tokio::time::timeout(spare, submit).await {
                Ok(Ok(())) => return Outcome::Accepted,
                Ok(Err(error)) if error.may_retry() && tries_left > 0 => tries_left -= 1,
                Ok(Err(error)) => return Outcome::Failed(error),
                Err(_) => return Outcome::TooLate,
            }
            tokio::time::sleep(RETRY_PAUSE).await;
        }
    }

    async fn destination(&self, letter: &Letter) -> Result<Msisdn, Outcome> {
        let id = letter.subscriber.as_ref().ok_or(Outcome::NoSubscriber)?;
        if let Some(number) = &letter.number {
            return Ok(number.clone());
        }
        let found = self.subscribers.lookup(id).await.map_err(|_| Outcome::StoreFailed)?;
        found
            .filter(|subscriber| subscriber.status == SubscriberStatus::Active)
            .and_then(|subscriber| self.vault.open_msisdn(&subscriber.msisdn_sealed))
            .ok_or(Outcome::NoSubscriber)
    }
}

fn report(journey: &JourneyId, outcome: &Outcome) {
    let name = match outcome {
        Outcome::Accepted => "accepted",
        Outcome::NoSubscriber => "no_subscriber",
        Outcome::TooLate | Outcome::Failed(SendError::Stale) => "too_late",
        Outcome::StoreFailed => "store_failed",
        Outcome::Failed(SendError::Refused { .. }) => "refused",
        Outcome::Failed(SendError::Unavailable) => "unavailable",
        Outcome::Failed(SendError::QueueFull) => "queue_full",
        Outcome::Failed(SendError::Unknown { .. }) => "unknown",
        Outcome::Failed(SendError::NotEncodable(_)) => "not_encodable",
    };
    metrics::counter!("fiador_sms_otp_messages_total", "outcome" => name).increment(1);
    match outcome {
        Outcome::Accepted | Outcome::NoSubscriber => {
            tracing::debug!(%journey, outcome = name, "one-time code dealt with");
        }
        Outcome::TooLate | Outcome::StoreFailed => {
            tracing::warn!(%journey, outcome = name, "a one-time code was not sent");
        }
        Outcome::Failed(error) => {
            tracing::warn!(%journey, %error, "a one-time code was not sent");
        }
    }
}
