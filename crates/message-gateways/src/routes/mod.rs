//! Several routes behind one door: the cheapest that serves the number and does well is first.
//!
//! A route that did not take a message, or was not reached, hands it on to the next; all of that is
//! over within [`RoutesSettings::decide_within`]. A message that may have been sent is not sent again
//! unless the operator has said so (T-131). Routes of whose messages too few arrive come last, and the
//! operator is told.

mod followed;
mod record;
mod route;
mod settings;

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::journey::Delivery;
use fiador_kernel::{Clock, Digest, Msisdn, Timestamp};
use fiador_ports::{DeliveryReports, MessageCentre, SendError, TextMessage};
use followed::Followed;
use parking_lot::Mutex;
use record::Fate;
use route::Route;
pub use settings::{DeliveryWatch, RouteSettings, RoutesError, RoutesSettings};
use tokio::time::{Instant, timeout_at};

use crate::{listener::Listener, measure};

/// All routes.
pub struct Routes(Arc<Inner>);

struct Inner {
    settings: RoutesSettings,
    routes: Vec<Route>,
    clock: Arc<dyn Clock>,
    followed: Mutex<Followed>,
    listener: Listener,
}

/// One line of the routes' health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteHealth {
    /// Which route.
    pub message_route: String,
    /// Whether messages can be handed over.
    pub is_available: bool,
    /// Whether its budget allows a message.
    pub has_budget: bool,
    /// How many of its messages arrived of late, in percent; `None` when there were too few.
    pub delivered_percent: Option<u8>,
}

/// What is told to a route, for [`DeliveryReports`] of all.
struct RouteReports {
    inner: Arc<Inner>,
    route: usize,
}

impl Routes {
    /// These routes, in the order in which equally cheap ones are tried.
    pub fn new(
        settings: RoutesSettings,
        routes: Vec<(RouteSettings, Arc<dyn MessageCentre>)>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, RoutesError> {
        let each: Vec<_> = routes.iter().map(|(route, _)| route.clone()).collect();
        settings.check(&each)?;
        let routes =
            routes.into_iter().map(|(settings, centre)| Route::new(settings, centre)).collect();
        Ok(Self(Arc::new(Inner {
            settings,
            routes,
            clock,
            followed: Mutex::default(),
            listener: Listener::default(),
        })))
    }

    /// Whom the route of this name must tell what became of its messages.
    pub fn reports_of(&self, route: &str) -> Option<Arc<dyn DeliveryReports>> {
        let route = self.0.routes.iter().position(|known| known.name() == route)?;
        Some(Arc::new(RouteReports { inner: Arc::clone(&self.0), route }))
    }

    /// From now on, `reports` is told what became of messages, by whatever route they went. The first
    /// caller stays.
    pub fn report_to(&self, reports: Arc<dyn DeliveryReports>) {
        self.0.listener.set(reports);
    }

    /// How each route does, in the configured order.
    pub fn health(&self) -> Vec<RouteHealth> {
        let now = self.0.clock.now();
        self.0.count_overdue(now);
        let health = |route: &Route| RouteHealth {
            message_route: route.name().to_owned(),
            is_available: route.centre.is_available(),
            has_budget: route.has_budget(now),
            delivered_percent: route.percent(now, &self.0.settings.watch),
        };
        self.0.routes.iter().map(health).collect()
    }
}

impl Inner {
    /// Routes that serve the phone: those that do well first, then the cheaper, then as configured.
    fn order(&self, phone: &Msisdn, now: Timestamp) -> Vec<(usize, &Route)> {
        let routes = self.routes.iter().enumerate();
        let mut order: Vec<_> = routes.filter(|(_, route)| route.settings.serves(phone)).collect();
        order.sort_by_cached_key(|(_, route)| {
            (route.rank(now, &self.settings.watch), route.settings.cost)
        });
        order
    }

    async fn submit(&self, message: &TextMessage) -> Result<(), SendError> {
        let deadline = Instant::now() + self.settings.decide_within;
        let now = self.clock.now();
        self.count_overdue(now);
        let mut obstacle = SendError::Unavailable;
        for (at, route) in self.order(&message.destination, now) {
            if Instant::now() >= deadline {
                break;
            }
            if let Err(reason) = is_open(route, now) {
                measure::route_passed_over(route.name(), reason);
                continue;
            }
            match self.attempt(at, route, message, deadline).await {
                Ok(()) => return Ok(()),
                Err(error) if self.is_last_word(&error) => return Err(error),
                // Once it may have been sent, nothing that follows makes that undone.
                Err(error) if !matches!(obstacle, SendError::Unknown { .. }) => obstacle = error,
                Err(_) => {}
            }
        }
        Err(obstacle)
    }

    async fn attempt(
        &self,
        at: usize,
        route: &Route,
        message: &TextMessage,
        deadline: Instant,
    ) -> Result<(), SendError> {
        let began = self.clock.now();
        let followed = message.tracking.filter(|_| route.settings.receipts);
        if let Some(tracking) = followed {
            self.followed.lock().begin(tracking, at, began);
        }
        let outcome = timeout_at(deadline, route.centre.submit(message.clone())).await;
        let outcome = outcome.unwrap_or_else(|_| {
            Err(SendError::Unknown { message_centre: route.name().to_owned() })
        });
        measure::route_submit(route.name(), word(&outcome));
        let may_have_been_sent = match &outcome {
            Ok(()) => {
                route.trust();
                true
            }
            Err(SendError::Unknown { .. }) => {
                route.doubt(began);
                true
            }
            Err(error) => {
                tracing::warn!(message_route = route.name(), %error, "the route took no message");
                false
            }
        };
        if let Some(tracking) = followed {
            let mut followed = self.followed.lock();
            if may_have_been_sent {
                followed.expect(tracking, at, began + self.settings.watch.overdue_after);
            } else {
                followed.withdraw(tracking, at, began);
            }
        }
        outcome
    }

    /// Whether no other route may, or can, make it better. A refusal is not among these: what one
    /// carrier refuses, for its credit or its agreements, another takes.
    const fn is_last_word(&self, error: &SendError) -> bool {
        match error {
            SendError::Unknown { .. } => !self.settings.resend_after_unknown,
            SendError::Stale => true,
            SendError::Refused { .. }
            | SendError::Unavailable
            | SendError::QueueFull
            | SendError::NotEncodable(_) => false,
        }
    }

    fn count_overdue(&self, now: Timestamp) {
        loop {
            let overdue = self.followed.lock().next_overdue(now);
            let Some(route) = overdue.and_then(|route| self.routes.get(route)) else { return };
            route.count(Fate::Overdue, now, &self.settings.watch);
        }
    }
}

/// Whether a message can be put on the route; counts it against the budget.
fn is_open(route: &Route, now: Timestamp) -> Result<(), &'static str> {
    if !route.centre.is_available() {
        Err("unavailable")
    } else if !route.spend(now) {
        Err("budget")
    } else {
        Ok(())
    }
}

/// The word in metrics.
const fn word(outcome: &Result<(), SendError>) -> &'static str {
    match outcome {
        Ok(()) => "accepted",
        Err(SendError::Refused { .. }) => "refused",
        Err(SendError::Unavailable) => "unavailable",
        Err(SendError::QueueFull) => "queue_full",
        Err(SendError::Unknown { .. }) => "unknown",
        Err(SendError::Stale) => "stale",
        Err(SendError::NotEncodable(_)) => "not_encodable",
    }
}

#[async_trait]
impl MessageCentre for Routes {
    async fn submit(&self, message: TextMessage) -> Result<(), SendError> {
        self.0.submit(&message).await
    }

    fn is_available(&self) -> bool {
        self.0.routes.iter().any(|route| route.centre.is_available())
    }
}

#[async_trait]
impl DeliveryReports for RouteReports {
    async fn report(&self, tracking: Digest, delivery: Delivery) {
        let Self { inner, route } = self;
        let Some(fate) = Fate::of(delivery) else {
            return inner.listener.tell(tracking, delivery).await;
        };
        let now = inner.clock.now();
        let change = inner.followed.lock().report(tracking, *route, delivery, now);
        if change.counts
            && let Some(known) = inner.routes.get(*route)
        {
            known.count(fate, now, &inner.settings.watch);
        }
        if change.is_told {
            inner.listener.tell(tracking, delivery).await;
        }
    }
}
