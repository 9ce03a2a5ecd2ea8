//! Routing over the phone network of [`super::phone`].

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use fiador_authn_routing::{Dependencies, Router, Settings};
use fiador_domain::{
    prompting::{Ledger, PromptLimits},
    routing::{Known, Policy},
};
use fiador_kernel::{Digest, JourneyId, Timestamp};
use fiador_ports::{
    Answer, Budgets, Journeys, PromptLedgers, Prompts, Reservation, Road, RoutingPolicy,
    RoutingRecord, RoutingRecords, Settled, Spend, StoreError, VersionedLedger,
};
use fiador_testkit::TestClock;

use super::{Audit, Phone, SubscriberTable, TestVault, phone::Step};

/// Routing, and what it stands on.
pub(crate) struct Routing {
    pub(crate) router: Arc<Router>,
    phone: Arc<Phone>,
    policy: Arc<InForce>,
}

impl Routing {
    pub(crate) fn new(
        clock: &TestClock,
        phone: &Arc<Phone>,
        journeys: &Arc<dyn Journeys>,
        subscribers: &Arc<SubscriberTable>,
        audit: &Arc<Audit>,
        prompts: PromptLimits,
    ) -> Self {
        let policy = Arc::new(InForce(Mutex::new(chain(&[(&["sms_otp"], None)]))));
        let router = Arc::new(Router::new(Dependencies {
            journeys: Arc::clone(journeys),
            ledgers: Arc::<Ledgers>::default(),
            budgets: Arc::new(Unlimited),
            policy: Arc::clone(&policy) as _,
            records: Arc::new(NoRecords),
            subscribers: Arc::clone(subscribers) as _,
            vault: Arc::new(TestVault),
            risk: None,
            audit: Arc::clone(audit) as _,
            clock: Arc::new(clock.clone()),
            settings: Settings { prompts, ..Settings::default() },
        }));
        router.install(phone.authenticators());
        Self { router, phone: Arc::clone(phone), policy }
    }

    /// Sets who is asked from now on.
    pub(crate) fn asks(&self, steps: &[Step<'_>]) {
        *self.policy.0.lock().unwrap() = chain(steps);
    }

    /// The subscriber agrees on the phone.
    pub(crate) async fn approves(&self) {
        self.decides("agree").await;
    }

    /// The subscriber says no on the phone.
    pub(crate) async fn denies(&self) {
        self.decides("refuse").await;
    }

    async fn decides(&self, decision: &str) {
        let reference = self.phone.reference.lock().unwrap().expect("a prompt on the phone");
        self.settles(reference, decision).await;
    }

    /// The subscriber decides on one of several prompts.
    pub(crate) async fn settles(&self, reference: Digest, decision: &str) {
        let answer = Answer::by(Road::Reference, [("decision", decision)]);
        let settled = Prompts::answer(&*self.router, reference, &answer).await.unwrap();
        assert!(matches!(settled, Settled::Moved(_)), "{settled:?}");
    }
}

/// A policy of one rule.
fn chain(steps: &[Step<'_>]) -> Arc<Policy> {
    let step = |(names, patience): &Step<'_>| match patience {
        None => format!("{names:?}"),
        Some(patience) => format!("{{ ask = {names:?}, patience = \"{}s\" }}", patience.as_secs()),
    };
    let steps: Vec<String> = steps.iter().map(step).collect();
    let text = format!(
        "format = 1\n[[rules]]\nname = \"only\"\nthen = {{ chain = [{}], fallback = true }}\n",
        steps.join(", ")
    );
    Arc::new(Policy::read(&text, Known::default()).unwrap())
}

struct InForce(Mutex<Arc<Policy>>);

impl RoutingPolicy for InForce {
    fn in_force(&self) -> Arc<Policy> {
        Arc::clone(&self.0.lock().unwrap())
    }
}

#[derive(Default)]
struct Ledgers(Mutex<HashMap<Digest, VersionedLedger>>);

#[async_trait]
impl PromptLedgers for Ledgers {
    async fn read(&self, msisdn: Digest, _: Timestamp) -> Result<VersionedLedger, StoreError> {
        Ok(self.0.lock().unwrap().get(&msisdn).cloned().unwrap_or_default())
    }

    async fn replace(
        &self,
        msisdn: Digest,
        version: u64,
        ledger: Ledger,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut ledgers = self.0.lock().unwrap();
        let kept = ledgers.entry(msisdn).or_default();
        let is_mine = kept.version == version;
        if is_mine {
            *kept = VersionedLedger { version: version + 1, ledger };
        }
        Ok(is_mine)
    }
}

/// No client rests here.
struct Unlimited;

#[async_trait]
impl Budgets for Unlimited {
    async fn reserve(&self, _: Vec<Spend>, _: Timestamp) -> Result<Reservation, StoreError> {
        Ok(Reservation::Granted)
    }

    async fn record(&self, _: Spend, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn check(&self, _: &Spend, _: Timestamp) -> Result<Reservation, StoreError> {
        Ok(Reservation::Granted)
    }

    async fn clear(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Why somebody was chosen is not asked here.
struct NoRecords;

#[async_trait]
impl RoutingRecords for NoRecords {
    fn record(&self, _: RoutingRecord) {}

    async fn find(&self, _: &JourneyId) -> Result<Option<RoutingRecord>, StoreError> {
        Ok(None)
    }

    async fn recent(&self, _: usize) -> Result<Vec<RoutingRecord>, StoreError> {
        Ok(Vec::new())
    }
}
