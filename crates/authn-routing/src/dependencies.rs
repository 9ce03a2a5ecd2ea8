//! What routing stands on.

use std::{sync::Arc, time::Duration};

use fiador_domain::prompting::PromptLimits;
use fiador_kernel::{AuthenticatorId, Clock};
use fiador_ports::{
    AuditLog, Budgets, Journeys, PromptLedgers, RiskSource, RoutingPolicy, RoutingRecords,
    Subscribers, Vault,
};

/// Everything that routing asks of the world, the authenticators excepted, which may themselves stand
/// on routing ([`crate::Router::install`]).
#[derive(Clone)]
pub struct Dependencies {
    /// Logins under way.
    pub journeys: Arc<dyn Journeys>,
    /// How often each number has been prompted (T-106).
    pub ledgers: Arc<dyn PromptLedgers>,
    /// Which clients rest because they were turned down: what a restart must not forget.
    pub budgets: Arc<dyn Budgets>,
    /// What may be chosen.
    pub policy: Arc<dyn RoutingPolicy>,
    /// What was chosen, and why.
    pub records: Arc<dyn RoutingRecords>,
    /// What policy may know of a subscription.
    pub subscribers: Arc<dyn Subscribers>,
    /// Opens what a subscription says of its SIM and handset.
    pub vault: Arc<dyn Vault>,
    /// Signs that a subscription may be in other hands (T-105); `None` where no system tells them.
    pub risk: Option<Arc<dyn RiskSource>>,
    /// Where journeys that end without proof are recorded.
    pub audit: Arc<dyn AuditLog>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What the operator decides.
    pub settings: Settings,
}

/// What the operator decides about routing.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How often a subscription may be prompted.
    pub prompts: PromptLimits,
    /// What unknown numbers are taken for (T-048): the lists of authenticators that subscriptions have.
    /// Which one a number gets follows from its keyed hash; one that stands here twice is got twice as
    /// often. Without any, the first authenticator that needs nothing but a phone.
    pub unknown_numbers: Vec<Vec<AuthenticatorId>>,
    /// How often the list of what is due is looked at. Default 250 ms.
    pub tick: Duration,
    /// How long a decision waits for signs of a takeover. Default 1 s; without them they are unknown,
    /// and policy says what that means.
    pub risk_timeout: Duration,
    /// How long an authenticator may take to start; one that takes longer is not available (T-131:
    /// 3 s until a fall-back is decided). Default 2 s.
    pub start_timeout: Duration,
    /// Journeys of this node that something is due for by itself; each takes about 150 bytes. One
    /// more is looked at only when somebody comes for it. Default 200,000.
    pub due_capacity: usize,
    /// Prompts that are taken back at the same time; one more is not taken back. Default 256.
    pub parallel_cancels: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prompts: PromptLimits::default(),
            unknown_numbers: Vec::new(),
            tick: Duration::from_millis(250),
            risk_timeout: Duration::from_secs(1),
            start_timeout: Duration::from_secs(2),
            due_capacity: 200_000,
            parallel_cancels: 256,
        }
    }
}
