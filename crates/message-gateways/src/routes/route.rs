//! One route: who carries, whether it may, and how well it does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fiador_domain::quota::Usage;
use fiador_kernel::Timestamp;
use fiador_ports::MessageCentre;
use parking_lot::Mutex;

use super::{
    record::{Fate, Record},
    settings::{DeliveryWatch, RouteSettings},
};
use crate::measure;

/// How long a route that left a message unanswered comes after others.
const DOUBT: Duration = Duration::from_secs(30);

/// A route with what is known of it.
pub(super) struct Route {
    pub(super) settings: RouteSettings,
    pub(super) centre: Arc<dyn MessageCentre>,
    spent: Mutex<Usage>,
    /// The end of the budget has been said.
    is_spent: AtomicBool,
    record: Mutex<Record>,
    /// Its poor deliveries have been said.
    is_poor: AtomicBool,
    doubted_until: Mutex<Timestamp>,
}

impl Route {
    pub(super) fn new(settings: RouteSettings, centre: Arc<dyn MessageCentre>) -> Self {
        Self {
            settings,
            centre,
            spent: Mutex::default(),
            is_spent: AtomicBool::new(false),
            record: Mutex::default(),
            is_poor: AtomicBool::new(false),
            doubted_until: Mutex::default(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.settings.name
    }

    /// Counts one attempt, if the budget allows it.
    pub(super) fn spend(&self, now: Timestamp) -> bool {
        let admitted = self.spent.lock().admit(&self.settings.budget, now).is_ok();
        if admitted {
            self.is_spent.store(false, Ordering::Relaxed);
        } else if !self.is_spent.swap(true, Ordering::Relaxed) {
            tracing::error!(
                message_route = self.name(),
                "the budget of the route is spent; raise it, or see why so much goes by this route"
            );
        }
        admitted
    }

    /// Whether the budget allows one more attempt.
    pub(super) fn has_budget(&self, now: Timestamp) -> bool {
        self.spent.lock().check(&self.settings.budget, now).is_ok()
    }

    /// It left a message unanswered.
    pub(super) fn doubt(&self, now: Timestamp) {
        *self.doubted_until.lock() = now + DOUBT;
    }

    /// It answered.
    pub(super) fn trust(&self) {
        *self.doubted_until.lock() = Timestamp::default();
    }

    /// Zero for a route that does well, more for one that comes after those.
    pub(super) fn rank(&self, now: Timestamp, watch: &DeliveryWatch) -> u8 {
        let until = *self.doubted_until.lock();
        let is_doubted = now < until && until <= now + DOUBT;
        u8::from(is_doubted) + u8::from(self.is_poor(now, watch))
    }

    /// Notes how a message ended, and raises or ends the alarm.
    pub(super) fn count(&self, fate: Fate, now: Timestamp, watch: &DeliveryWatch) {
        measure::route_delivery(self.name(), fate.as_str());
        self.record.lock().count(fate, now, watch);
        let percent = self.percent(now, watch);
        if let Some(percent) = percent {
            measure::route_delivery_ratio(self.name(), f64::from(percent) / 100.0);
        }
        let is_poor = percent.is_some_and(|percent| percent < watch.least_percent);
        let was_poor = self.is_poor.swap(is_poor, Ordering::Relaxed);
        if is_poor && !was_poor {
            tracing::error!(
                message_route = self.name(),
                percent,
                "too few messages of the route arrive; it comes last until that is long ago"
            );
        } else if was_poor && !is_poor {
            tracing::info!(
                message_route = self.name(),
                percent,
                "messages of the route arrive again"
            );
        }
    }

    /// The share of its messages that arrived of late, in percent.
    pub(super) fn percent(&self, now: Timestamp, watch: &DeliveryWatch) -> Option<u8> {
        self.record.lock().percent(now, watch)
    }

    fn is_poor(&self, now: Timestamp, watch: &DeliveryWatch) -> bool {
        self.percent(now, watch).is_some_and(|percent| percent < watch.least_percent)
    }
}
