//! Several centres behind one door: order, fail-over, a bound on what waits, and deadlines.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use fiador_kernel::Entropy;
use fiador_ports::{DeliveryReports, MessageCentre, SendError, TextMessage};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    address::Sender,
    centre::{Centre, CentreHealth, Draft, LinkState, NotDelivered},
    measure,
    reports::{self, Listener},
    settings::{SettingsError, SmppSettings},
    supervisor,
};

/// The pause after a round in which no centre took the message; doubled by each further round.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The doubling ends here.
const LONGEST_PAUSE: Duration = Duration::from_millis(800);

/// The link to all message centres.
///
/// A message goes to the first bound centre of the configured order that takes it. A refusal that
/// concerns the centre ("throttled", "system error"), or no chance to send, passes it on; a refusal
/// of the message itself does not. What was sent and not answered is never sent again: the caller
/// gets [`SendError::Unknown`] and decides, within the subscriber's budget (T-131).
#[derive(Debug)]
pub struct SmppLink {
    centres: Vec<Arc<Centre>>,
    places: Semaphore,
    queue: usize,
    decide_within: Duration,
    least_validity: Duration,
    reference: AtomicU8,
    listener: Listener,
    tasks: TaskTracker,
}

impl SmppLink {
    /// Begins to connect to every centre, in the background, on the current tokio runtime.
    ///
    /// When `shutdown` is cancelled, submits under way come to their end, sessions are unbound, and
    /// [`Self::stopped`] returns.
    pub fn start(
        settings: SmppSettings,
        entropy: &Arc<dyn Entropy>,
        shutdown: &CancellationToken,
    ) -> Result<Self, SettingsError> {
        settings.check()?;
        let mut reference = [0];
        entropy.fill(&mut reference);
        let tasks = TaskTracker::new();
        let listener = Listener::default();
        let (reporter, tell) = reports::queue(listener.clone(), shutdown.clone());
        tasks.spawn(tell);
        let centre = |settings| Arc::new(Centre::new(settings, reporter.clone()));
        let centres: Vec<Arc<Centre>> = settings.message_centres.into_iter().map(centre).collect();
        for centre in &centres {
            tasks.spawn(supervisor::supervise(
                Arc::clone(centre),
                Arc::clone(entropy),
                shutdown.clone(),
                settings.shutdown_grace,
            ));
        }
        tasks.close();
        Ok(Self {
            centres,
            places: Semaphore::new(settings.queue),
            queue: settings.queue,
            decide_within: settings.decide_within,
            least_validity: settings.least_validity,
            reference: AtomicU8::new(reference[0]),
            listener,
            tasks,
        })
    }

    /// From now on, `reports` is told what became of messages that carry a `tracking`. Who wants to
    /// be told often needs the link first, so this comes after the start; the first caller stays.
    ///
    /// A text of several parts is delivered when all its parts are, and has failed when any has. Each
    /// is told once, however often the centre repeats its receipts, and not at all if a centre sends
    /// none: at most 100,000 messages are followed, for an hour.
    pub fn report_to(&self, reports: Arc<dyn DeliveryReports>) {
        self.listener.set(reports);
    }

    /// Returns when every session is over, after the shutdown.
    pub async fn stopped(&self) {
        self.tasks.wait().await;
    }

    /// What each centre's connection is doing, in the configured order.
    pub fn health(&self) -> Vec<CentreHealth> {
        let health = |centre: &Arc<Centre>| CentreHealth {
            message_centre: centre.name().to_owned(),
            state: centre.state(),
        };
        self.centres.iter().map(health).collect()
    }

    fn count_waiting(&self) {
        measure::waiting(self.queue.saturating_sub(self.places.available_permits()));
    }

    fn draft(&self, message: TextMessage, now: Instant) -> Result<Draft, SendError> {
        // A month is more than any centre keeps a message, and no reason to overflow.
        let validity = message.validity.min(Duration::from_hours(30 * 24));
        let expires_at = now + validity;
        Ok(Draft {
            sender: Sender::parse(&message.sender).map_err(SendError::NotEncodable)?,
            destination: message.destination,
            text: message.text,
            reference: self.reference.fetch_add(1, Ordering::Relaxed),
            tracking: message.tracking,
            expires_at,
            useful_until: expires_at.checked_sub(self.least_validity).unwrap_or(now),
        })
    }

    /// Rounds over the centres until one has the message or the time is up.
    async fn deliver(&self, draft: &Draft, now: Instant) -> Result<(), SendError> {
        let decide_by = now + self.decide_within;
        let useful_until = draft.useful_until;
        let last_call = decide_by.min(useful_until);
        let mut pause = FIRST_PAUSE;
        loop {
            if Instant::now() > useful_until {
                return Err(SendError::Stale);
            }
            let obstacle = match self.round(draft, last_call, decide_by).await {
                Ok(()) => return Ok(()),
                Err(NotDelivered::Failed(error)) => return Err(error),
                Err(obstacle) => obstacle,
            };
            if Instant::now() + pause >= last_call || self.is_hopeless() {
                return Err(self.give_up(obstacle, decide_by > useful_until));
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Asks each bound centre once, in order; each may keep us waiting for its share of the time.
    async fn round(
        &self,
        draft: &Draft,
        last_call: Instant,
        decide_by: Instant,
    ) -> Result<(), NotDelivered> {
        let mut obstacle = NotDelivered::NotSent;
        let order = self.order(Instant::now());
        let shares = (1..=u32::try_from(order.len()).unwrap_or(u32::MAX)).rev();
        for (centre, share) in order.into_iter().zip(shares) {
            let now = Instant::now();
            let hand_over_by = now + last_call.saturating_duration_since(now) / share;
            match centre.deliver(draft, hand_over_by, decide_by).await {
                Err(NotDelivered::NotSent) => {}
                Err(NotDelivered::Failed(error)) => return Err(NotDelivered::Failed(error)),
                Err(reason) => obstacle = reason,
                Ok(()) => return Ok(()),
            }
        }
        Err(obstacle)
    }

    /// Bound centres as configured, but those that lately left a message unanswered come last.
    fn order(&self, now: Instant) -> Vec<&Centre> {
        let bound = self.centres.iter().filter(|centre| centre.state() == LinkState::Bound);
        let mut order: Vec<&Centre> = bound.map(|centre| &**centre).collect();
        order.sort_by_key(|centre| centre.is_doubted(now));
        order
    }

    /// Whether waiting a moment cannot bring a centre back.
    fn is_hopeless(&self) -> bool {
        let gone = |state| matches!(state, LinkState::Refused { .. } | LinkState::Stopped);
        self.centres.iter().all(|centre| gone(centre.state()))
    }

    fn give_up(&self, obstacle: NotDelivered, would_be_stale: bool) -> SendError {
        match obstacle {
            NotDelivered::Temporary(error) | NotDelivered::Failed(error) => error,
            _ if !self.is_available() => SendError::Unavailable,
            _ if would_be_stale => SendError::Stale,
            NotDelivered::NotSent | NotDelivered::Throttled => SendError::QueueFull,
        }
    }
}

#[async_trait]
impl MessageCentre for SmppLink {
    async fn submit(&self, message: TextMessage) -> Result<(), SendError> {
        let place = self.places.try_acquire().map_err(|_| SendError::QueueFull)?;
        self.count_waiting();
        let now = Instant::now();
        let delivered = match self.draft(message, now) {
            Ok(draft) => self.deliver(&draft, now).await,
            Err(error) => Err(error),
        };
        drop(place);
        self.count_waiting();
        delivered
    }

    fn is_available(&self) -> bool {
        self.centres.iter().any(|centre| centre.state() == LinkState::Bound)
    }
}
