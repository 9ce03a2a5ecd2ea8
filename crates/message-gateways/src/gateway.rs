//! One message gateway: the road of a message, on one screen.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::{breaker::Breaker, gsm7, journey::Delivery};
use fiador_kernel::{Clock, Digest, Entropy, token_text};
use fiador_ports::{
    DeliveryReports, Fetch, FetchLimits, FetchRequest, MessageCentre, SendError, TextMessage,
};
use parking_lot::Mutex;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep_until, timeout_at},
};

use crate::{
    answer::{AnswerReader, Verdict},
    fates::Fates,
    listener::Listener,
    measure,
    pace::Pace,
    reference::References,
    request::RequestTemplate,
    settings::{GatewaySettings, GatewaySettingsError},
    template::Values,
    webhook::{self, DeliverySettings, NamedBy, Notice},
};

/// Bytes of an answer that are read at most.
const MAX_ANSWER: usize = 16 * 1024;
/// More than any gateway keeps a message, and no reason to overflow.
const LONGEST_VALIDITY: Duration = Duration::from_hours(30 * 24);

/// A gateway that takes messages over HTTP.
///
/// It is asked through the guarded client, so a private place must stand in `egress.allow`. A request
/// that may have been sent is never sent again (T-131): the caller gets [`SendError::Unknown`].
pub struct HttpGateway {
    settings: GatewaySettings,
    request: RequestTemplate,
    answer: AnswerReader,
    references: Option<References>,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    breaker: Breaker,
    pace: Pace,
    /// Messages inside.
    places: Semaphore,
    /// Requests under way.
    slots: Semaphore,
    fates: Mutex<Fates>,
    listener: Listener,
}

/// When a message must have left, and when it must be decided.
struct Deadlines {
    start: Instant,
    hand_over_by: Instant,
    decide_by: Instant,
}

impl HttpGateway {
    /// A gateway that is asked through `fetch`.
    pub fn new(
        settings: GatewaySettings,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, GatewaySettingsError> {
        let (request, answer) = settings.compile()?;
        let references = settings.deliveries.as_ref().and_then(|deliveries| {
            References::new(&settings.name, deliveries.secret.expose().as_bytes())
        });
        Ok(Self {
            request,
            answer,
            references,
            fetch,
            clock,
            entropy,
            breaker: Breaker::new(settings.breaker),
            pace: Pace::new(settings.messages_per_second, Instant::now()),
            places: Semaphore::new(settings.queue),
            slots: Semaphore::new(settings.parallel),
            fates: Mutex::default(),
            listener: Listener::default(),
            settings,
        })
    }

    /// Its name in logs, metrics and the path of its webhook.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// From now on, `reports` is told what became of messages that carry a `tracking`, each once.
    /// Who wants to be told often needs the gateway first; the first caller stays.
    pub fn report_to(&self, reports: Arc<dyn DeliveryReports>) {
        self.listener.set(reports);
    }

    /// How it tells what became of messages.
    pub(crate) fn deliveries(&self) -> Option<&DeliverySettings> {
        self.settings.deliveries.as_ref()
    }

    /// Takes in a notice that is authentic, but for a reference, which proves itself.
    pub(crate) async fn notice(&self, notice: &Notice) {
        let outcome = self.noticed(notice).await;
        measure::gateway_notice(self.name(), outcome);
    }

    async fn noticed(&self, notice: &Notice) -> &'static str {
        let Some(fate) = notice.delivery else { return "unknown_state" };
        if !matches!(fate, Delivery::Delivered | Delivery::Failed) {
            return "under_way";
        }
        let found = match &notice.message {
            NamedBy::Reference(reference) => {
                self.references.as_ref().and_then(|references| references.open(reference))
            }
            NamedBy::MessageId(id) => self.fates.lock().find(id, fate, self.clock.now()),
        };
        let Some(tracking) = found else { return "unknown_message" };
        self.tell(tracking, fate).await
    }

    async fn tell(&self, tracking: Digest, fate: Delivery) -> &'static str {
        if !self.fates.lock().is_first(tracking, self.clock.now()) {
            return "repeated";
        }
        self.listener.tell(tracking, fate).await;
        if fate == Delivery::Delivered { "delivered" } else { "failed" }
    }

    /// Waits for its turn, hands the message over and reads the answer.
    async fn deliver(&self, message: &TextMessage) -> Result<(), SendError> {
        let deadlines = self.deadlines(message.validity)?;
        let tracking = message.tracking.unwrap_or_else(|| self.nobodys_tracking());
        let _slot = self.turn(&deadlines).await?;
        let mut request = self.compose(message, tracking, deadlines.start.elapsed())?;
        if !self.breaker.admits(self.clock.now()) {
            return Err(SendError::Unavailable);
        }
        request.limits = FetchLimits {
            total: deadlines.decide_by.saturating_duration_since(Instant::now()),
            body: MAX_ANSWER,
        };
        let answer = self.fetch.fetch(request).await;
        let verdict = self.answer.read(&answer);
        self.learn(&verdict, answer.err().map_or("", fiador_ports::FetchError::as_str));
        if let Verdict::Accepted(Some(id)) = &verdict {
            self.follow(id, tracking).await;
        }
        self.outcome(&verdict)
    }

    fn deadlines(&self, validity: Duration) -> Result<Deadlines, SendError> {
        let start = Instant::now();
        let spare = validity.min(LONGEST_VALIDITY).checked_sub(self.settings.least_validity);
        let useful_until = start + spare.ok_or(SendError::Stale)?;
        let decide_by = start + self.settings.decide_within;
        Ok(Deadlines { start, hand_over_by: decide_by.min(useful_until), decide_by })
    }

    /// For a message that nobody follows: a name that nobody knows.
    fn nobodys_tracking(&self) -> Digest {
        Digest::of(token_text(&*self.entropy, 32))
    }

    /// A place among the requests under way, at the pace of the gateway.
    async fn turn(
        &self,
        deadlines: &Deadlines,
    ) -> Result<tokio::sync::SemaphorePermit<'_>, SendError> {
        let slot = timeout_at(deadlines.hand_over_by, self.slots.acquire()).await;
        let Ok(Ok(slot)) = slot else { return Err(SendError::QueueFull) };
        let turn = self.pace.turn(Instant::now(), deadlines.hand_over_by);
        sleep_until(turn.ok_or(SendError::QueueFull)?).await;
        Ok(slot)
    }

    fn compose(
        &self,
        message: &TextMessage,
        tracking: Digest,
        waited: Duration,
    ) -> Result<FetchRequest, SendError> {
        if message.text.is_empty() {
            return Err(SendError::NotEncodable("the text is empty"));
        }
        let coding = &self.settings.coding;
        let reference = match &self.references {
            Some(references) => references.of(tracking).unwrap_or_default(),
            // Nothing comes back by it: any name does.
            None => token_text(&*self.entropy, 16),
        };
        let base_url = self.settings.deliveries.as_ref().map(|deliveries| &deliveries.base_url);
        let values = Values {
            destination: message.destination.digits(),
            sender: &message.sender,
            text: &message.text,
            validity: message.validity.saturating_sub(waited),
            coding: if gsm7::fits(&message.text) { &coding.gsm7 } else { &coding.ucs2 },
            delivery_url: &base_url
                .map(|base_url| webhook::callback(base_url, self.name(), &reference))
                .unwrap_or_default(),
            reference: &reference,
            secret: self.request.secret(),
        };
        self.request.compose(&values).map_err(|reason| SendError::NotEncodable(reason.0))
    }

    /// Counts the outcome and opens or closes the breaker.
    fn learn(&self, verdict: &Verdict, error: &'static str) {
        let word = verdict.as_str();
        measure::gateway_submit(self.name(), word);
        let name = self.name();
        match verdict {
            Verdict::Accepted(_) => self.breaker.succeeded(),
            Verdict::Refused(status) => {
                self.breaker.succeeded();
                tracing::warn!(message_centre = name, status, "the gateway refused a message");
            }
            Verdict::Busy | Verdict::Unreached | Verdict::Unknown => {
                tracing::warn!(message_centre = name, error, "the gateway took no message: {word}");
                if self.breaker.failed(self.clock.now()) {
                    tracing::error!(
                        message_centre = name,
                        "the gateway failed again and again and is left alone for a while; \
                         look whether it runs, and whether egress.allow names it"
                    );
                }
            }
        }
    }

    /// Remembers the gateway's own name for a message, and tells what it was early to say.
    async fn follow(&self, id: &str, tracking: Digest) {
        if !self.deliveries().is_some_and(DeliverySettings::names_by_message_id) {
            return;
        }
        let early = self.fates.lock().taken(id, tracking, self.clock.now());
        if let Some(fate) = early {
            self.tell(tracking, fate).await;
        }
    }

    fn outcome(&self, verdict: &Verdict) -> Result<(), SendError> {
        let message_centre = || self.name().to_owned();
        Err(match verdict {
            Verdict::Accepted(_) => return Ok(()),
            Verdict::Busy => SendError::QueueFull,
            Verdict::Unreached => SendError::Unavailable,
            Verdict::Unknown => SendError::Unknown { message_centre: message_centre() },
            Verdict::Refused(status) => {
                SendError::Refused { message_centre: message_centre(), status: u32::from(*status) }
            }
        })
    }
}

#[async_trait]
impl MessageCentre for HttpGateway {
    async fn submit(&self, message: TextMessage) -> Result<(), SendError> {
        let _place = self.places.try_acquire().map_err(|_| SendError::QueueFull)?;
        self.deliver(&message).await
    }

    fn is_available(&self) -> bool {
        !self.breaker.is_open(self.clock.now())
    }
}
