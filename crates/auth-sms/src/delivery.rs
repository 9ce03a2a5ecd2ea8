//! Getting the message out, away from the browser's request.

use std::{sync::Arc, time::Duration};

use fiador_domain::{journey::Delivery, subscriber::SubscriberStatus};
use fiador_kernel::{Clock, Digest, JourneyId, Msisdn, Secret, SubscriberId, Timestamp};
use fiador_ports::{DeliveryReports, MessageCentre, SendError, Subscribers, TextMessage, Vault};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

use crate::{Kind, settings::LEAST_LIFE};

/// How long a message that the centre could not take is offered again, and how often (T-131).
const RETRIES: u32 = 3;
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Sends messages on tasks of their own, a bounded number at a time.
///
/// The request that asked for the message never waits: how long a look-up or a message centre takes
/// must not tell whether a number is known (T-048).
#[derive(Clone)]
pub(crate) struct Dispatch {
    pub(crate) subscribers: Arc<dyn Subscribers>,
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) message_centre: Arc<dyn MessageCentre>,
    pub(crate) reports: Arc<dyn DeliveryReports>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) places: Arc<Semaphore>,
    pub(crate) tasks: TaskTracker,
}

/// One message to be sent.
pub(crate) struct Letter {
    pub(crate) kind: Kind,
    pub(crate) journey: JourneyId,
    /// The prompt that the message belongs to.
    pub(crate) reference: Digest,
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

impl Outcome {
    /// Whether it is sure that no phone gets the message. One that nobody is to get is not lost:
    /// an unknown number must look like one that does not answer (T-048).
    const fn is_lost(&self) -> bool {
        match self {
            Self::Accepted | Self::NoSubscriber | Self::Failed(SendError::Unknown { .. }) => false,
            Self::TooLate | Self::StoreFailed | Self::Failed(_) => true,
        }
    }
}

impl Dispatch {
    /// A place for one message; `None` when all are taken.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Sends in the background.
    pub(crate) fn send(&self, place: OwnedSemaphorePermit, letter: Letter) {
        let dispatch = self.clone();
        self.tasks.spawn(async move {
            let outcome = dispatch.deliver(&letter).await;
            note(&letter, &outcome);
            if outcome.is_lost() {
                // Routing goes on to the next authenticator now, not when nobody answers (T-131).
                dispatch.reports.report(letter.reference, Delivery::Failed).await;
            }
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
                tracking: Some(letter.reference),
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

fn note(letter: &Letter, outcome: &Outcome) {
    let (journey, kind) = (&letter.journey, letter.kind.id());
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
    metrics::counter!("fiador_sms_messages_total", "authenticator" => kind, "outcome" => name)
        .increment(1);
    match outcome {
        Outcome::Accepted | Outcome::NoSubscriber => {
            tracing::debug!(%journey, authenticator = kind, outcome = name, "message dealt with");
        }
        Outcome::TooLate | Outcome::StoreFailed => {
            tracing::warn!(%journey, authenticator = kind, outcome = name, "a message was not sent");
        }
        Outcome::Failed(error) => {
            tracing::warn!(%journey, authenticator = kind, %error, "a message was not sent");
        }
    }
}
