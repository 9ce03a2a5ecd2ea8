//! The router itself: its parts, and the ports that it stands behind.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::{
    journey::Journey,
    routing::{Need, Route, Unserved},
};
use fiador_kernel::{AuthenticatorId, Clock, Digest};
use fiador_ports::{
    Answer, AuditLog, Authenticator, AuthenticatorRouter, Budgets, Journeys, Known, PromptLedgers,
    RiskSource, Road, RoutingPolicy, RoutingRecords, Settled, ShownPrompt, StartError, StoreError,
    Subscribers, Vault, Versioned,
};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::{
    Dependencies, RouterPrompts, Settings,
    adaptors::Adaptors,
    chain_moves::Addressed,
    due::DueList,
    early_reports::EarlyReports,
    held::{Held, challenged, told},
    history::History,
};

/// Chooses among authenticator adaptors, and owns the challenge of every journey.
pub struct Router {
    pub(crate) adaptors: Adaptors,
    pub(crate) journeys: Arc<dyn Journeys>,
    pub(crate) ledgers: Arc<dyn PromptLedgers>,
    pub(crate) budgets: Arc<dyn Budgets>,
    pub(crate) policy: Arc<dyn RoutingPolicy>,
    pub(crate) records: Arc<dyn RoutingRecords>,
    pub(crate) subscribers: Arc<dyn Subscribers>,
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) risk: Option<Arc<dyn RiskSource>>,
    pub(crate) audit: Arc<dyn AuditLog>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) history: History,
    pub(crate) due: DueList,
    pub(crate) early_reports: EarlyReports,
    pub(crate) cancels: TaskTracker,
    pub(crate) cancel_places: Arc<Semaphore>,
}

impl Router {
    /// A router without authenticators. They follow by [`install`](Self::install), because some need
    /// [`prompts`](Self::prompts) themselves. Nothing is due by itself until [`run`](Self::run) runs.
    pub fn new(dependencies: Dependencies) -> Self {
        let settings = dependencies.settings;
        Self {
            adaptors: Adaptors::default(),
            history: History::default(),
            due: DueList::new(settings.due_capacity),
            early_reports: EarlyReports::default(),
            cancels: TaskTracker::new(),
            cancel_places: Arc::new(Semaphore::new(
                settings.parallel_cancels.min(Semaphore::MAX_PERMITS),
            )),
            journeys: dependencies.journeys,
            ledgers: dependencies.ledgers,
            budgets: dependencies.budgets,
            policy: dependencies.policy,
            records: dependencies.records,
            subscribers: dependencies.subscribers,
            vault: dependencies.vault,
            risk: dependencies.risk,
            audit: dependencies.audit,
            clock: dependencies.clock,
            settings,
        }
    }

    /// The authenticators, the preferred one first. Of two with one id the first is used.
    pub fn install(&self, authenticators: Vec<Arc<dyn Authenticator>>) {
        self.adaptors.install(authenticators);
    }

    /// The prompts, for adaptors and for what reports the fate of messages. They do not keep the router,
    /// which keeps the adaptors.
    pub fn prompts(self: &Arc<Self>) -> Arc<RouterPrompts> {
        Arc::new(RouterPrompts::of(self))
    }
}

#[async_trait]
impl AuthenticatorRouter for Router {
    fn plan(&self, need: Need<'_>) -> Result<Route, Unserved> {
        self.plan_for(need)
    }

    async fn start(&self, handle: Digest, known: Known<'_>) -> Result<Versioned, StartError> {
        self.start_chain(handle, known).await
    }

    async fn again(
        &self,
        handle: Digest,
        authenticator: &AuthenticatorId,
    ) -> Result<Versioned, StartError> {
        self.ask_again(handle, authenticator).await
    }

    async fn other_way(&self, handle: Digest) -> Result<Versioned, StartError> {
        self.pass_over(handle).await
    }

    async fn answer(
        &self,
        handle: Digest,
        authenticator: &AuthenticatorId,
        answer: &Answer,
    ) -> Result<Settled, StoreError> {
        let Some(held) = self.read(handle).await? else { return Ok(Settled::TooLate(None)) };
        let answer = Answer { road: Road::Browser, ..answer.clone() };
        self.settle(held, Addressed::By(authenticator), &answer).await
    }

    async fn advance(&self, handle: Digest, read: Versioned) -> Result<Versioned, StoreError> {
        let mut held = Held::new(handle, read);
        self.do_what_is_due(&mut held).await?;
        Ok(held.versioned())
    }

    async fn abandon(&self, handle: Digest) -> Result<Option<Versioned>, StoreError> {
        self.give_up(handle).await
    }

    fn prompts(&self, journey: &Journey, wrong: Option<&AuthenticatorId>) -> Vec<ShownPrompt> {
        let Some((subject, chain)) = challenged(journey) else { return Vec::new() };
        let shown = chain.live.iter().filter_map(|prompt| {
            let adaptor = self.adaptors.find(&prompt.authenticator)?;
            let was_wrong = wrong == Some(&prompt.authenticator);
            let fragment = adaptor.prompt(told(journey, subject, None), prompt, was_wrong);
            Some(ShownPrompt { authenticator: prompt.authenticator.clone(), fragment })
        });
        shown.collect()
    }
}
