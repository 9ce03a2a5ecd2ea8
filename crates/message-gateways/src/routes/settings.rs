//! What an operator can set of routes.

use std::{collections::HashSet, time::Duration};

use fiador_domain::quota::Limit;
use fiador_kernel::Msisdn;

/// The rules between routes.
#[derive(Clone, Debug)]
pub struct RoutesSettings {
    /// No attempt begins later, and what is not decided by then is unknown (T-131). 3 s.
    pub decide_within: Duration,
    /// Whether a message that may have been sent is sent again by another route. It costs a second
    /// message and may reach the phone twice, with the same code. No.
    pub resend_after_unknown: bool,
    /// When a route is taken for poor.
    pub watch: DeliveryWatch,
}

/// What is expected of the routes that tell what became of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryWatch {
    /// A message of which nothing was told after so long counts as lost. 90 s.
    pub overdue_after: Duration,
    /// The past that counts: at least so long, at most twice. 10 min.
    pub window: Duration,
    /// Fewer messages in it say nothing. 20.
    pub least_messages: u32,
    /// A route of whose messages fewer arrive, in percent, comes last. 70.
    pub least_percent: u8,
}

impl Default for RoutesSettings {
    fn default() -> Self {
        Self {
            decide_within: Duration::from_secs(3),
            resend_after_unknown: false,
            watch: DeliveryWatch::default(),
        }
    }
}

impl Default for DeliveryWatch {
    fn default() -> Self {
        Self {
            overdue_after: Duration::from_secs(90),
            window: Duration::from_mins(10),
            least_messages: 20,
            least_percent: 70,
        }
    }
}

/// One route.
#[derive(Clone, Debug)]
pub struct RouteSettings {
    /// Its name in logs and metrics, 1 to 64 ASCII characters.
    pub name: String,
    /// What a message costs, in any unit that all routes share. The cheapest is tried first; of
    /// equal ones, the one that is configured first.
    pub cost: u32,
    /// Country codes, or longer beginnings of numbers, that it serves; empty for all.
    pub prefixes: Vec<String>,
    /// Attempts at most, on this node and since its start; empty for no limit.
    pub budget: Vec<Limit>,
    /// Whether it tells what became of its messages, so that silence is a bad sign.
    pub receipts: bool,
}

impl RouteSettings {
    /// A route for all numbers, without a limit, of which receipts are expected.
    pub fn new(name: &str, cost: u32) -> Self {
        Self {
            name: name.to_owned(),
            cost,
            prefixes: Vec::new(),
            budget: Vec::new(),
            receipts: true,
        }
    }

    pub(super) fn serves(&self, phone: &Msisdn) -> bool {
        let begins = |prefix: &String| phone.digits().starts_with(prefix.as_str());
        self.prefixes.is_empty() || self.prefixes.iter().any(begins)
    }
}

/// Settings that no routes can be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoutesError {
    /// An empty list.
    #[error("no message route is configured")]
    NoRoute,
    /// Logs and metrics could not tell them apart.
    #[error("two message routes are called {0}")]
    DoubleName(String),
    /// A value out of bounds.
    #[error("message route {route}: {field} must be {wanted}")]
    Value {
        /// Which route.
        route: String,
        /// Which setting.
        field: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
    /// A value of all routes out of bounds.
    #[error("message routes: {field} must be {wanted}")]
    Common {
        /// Which setting.
        field: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
}

impl RoutesSettings {
    /// How long each of `routes` may take to decide, so that after one that never answers there is
    /// time for the next: what `decide_within` of their own settings should be.
    pub fn share(&self, routes: usize) -> Duration {
        self.decide_within / u32::try_from(routes.max(1)).unwrap_or(u32::MAX)
    }

    /// Whether routes can be made of these settings.
    pub fn check(&self, routes: &[RouteSettings]) -> Result<(), RoutesError> {
        let common = |field, wanted| Err(RoutesError::Common { field, wanted });
        if self.decide_within.is_zero() {
            return common("decide_within", "more than zero");
        }
        if self.watch.window.is_zero() || self.watch.overdue_after.is_zero() {
            return common("watch.window and watch.overdue_after", "more than zero");
        }
        if self.watch.least_percent > 100 {
            return common("watch.least_percent", "0 to 100");
        }
        if routes.is_empty() {
            return Err(RoutesError::NoRoute);
        }
        let mut names = HashSet::new();
        for route in routes {
            if !names.insert(&route.name) {
                return Err(RoutesError::DoubleName(route.name.clone()));
            }
            route.check()?;
        }
        Ok(())
    }
}

impl RouteSettings {
    fn check(&self) -> Result<(), RoutesError> {
        let refuse =
            |field, wanted| Err(RoutesError::Value { route: self.name.clone(), field, wanted });
        let is_visible = self.name.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if !(1..=64).contains(&self.name.len()) || !is_visible {
            return refuse("name", "1 to 64 ASCII characters");
        }
        let is_prefix = |prefix: &String| {
            (1..=15).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !self.prefixes.iter().all(is_prefix) {
            return refuse("prefixes", "1 to 15 digits each, with country code and without +");
        }
        if self.budget.iter().any(|limit| limit.window.is_zero()) {
            return refuse("budget", "for more than zero seconds");
        }
        Ok(())
    }
}
