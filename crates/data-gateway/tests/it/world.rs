//! Sources that do as they are told.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_data_gateway::{BreakerSettings, DataGateway, Settings};
use fiador_domain::{risk::RiskSignals, subscriber::Attributes};
use fiador_kernel::{ClientId, Clock, SubscriberId};
use fiador_ports::{
    AttributeRequest, AttributeSource, Attribution, DataError, DataGateway as _, RiskSource as _,
    SourceError,
};
use fiador_testkit::TestClock;
use parking_lot::Mutex;
use serde_json::Value;

/// How a source behaves.
#[derive(Clone)]
pub(crate) enum Behaviour {
    Answers(Value),
    Fails(SourceError),
    /// Never answers at all.
    Hangs,
    /// Answers after so long.
    AnswersAfter(Duration, Value),
}

pub(crate) struct Source {
    name: &'static str,
    claims: Vec<&'static str>,
    behaviour: Mutex<Behaviour>,
    asked: Mutex<Vec<Vec<&'static str>>>,
}

impl Source {
    pub(crate) fn new(
        name: &'static str,
        claims: &[&'static str],
        behaviour: Behaviour,
    ) -> Arc<Self> {
        let (behaviour, asked) = (Mutex::new(behaviour), Mutex::default());
        Arc::new(Self { name, claims: claims.to_vec(), behaviour, asked })
    }

    pub(crate) fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock() = behaviour;
    }

    /// Every question it was asked, by its claims.
    pub(crate) fn asked(&self) -> Vec<Vec<&'static str>> {
        self.asked.lock().clone()
    }
}

#[async_trait]
impl AttributeSource for Source {
    fn name(&self) -> &str {
        self.name
    }

    fn claims(&self) -> &[&'static str] {
        &self.claims
    }

    async fn fetch(
        &self,
        _: &SubscriberId,
        claims: &[&'static str],
    ) -> Result<Attributes, SourceError> {
        self.asked.lock().push(claims.to_vec());
        let behaviour = self.behaviour.lock().clone();
        match behaviour {
            Behaviour::Answers(members) => Ok(attributes(members)),
            Behaviour::Fails(error) => Err(error),
            Behaviour::Hangs => std::future::pending().await,
            Behaviour::AnswersAfter(time, members) => {
                tokio::time::sleep(time).await;
                Ok(attributes(members))
            }
        }
    }
}

pub(crate) fn attributes(members: Value) -> Attributes {
    serde_json::from_value(members).unwrap()
}

pub(crate) struct World {
    pub(crate) clock: TestClock,
    gateway: DataGateway,
}

impl World {
    pub(crate) fn new(sources: &[&Arc<Source>]) -> Self {
        let sources = sources.iter().map(|&source| source.clone() as Arc<dyn AttributeSource>);
        let clock = TestClock::new();
        let breaker = BreakerSettings { failures: 3, open_for: Duration::from_secs(1) };
        let settings = Settings { breaker, ..Settings::default() };
        let gateway = DataGateway::new(sources.collect(), Arc::new(clock.clone()), settings);
        Self { clock, gateway }
    }

    pub(crate) async fn ask(&self, claims: &[&'static str]) -> Result<Attribution, DataError> {
        self.ask_until(claims, Duration::from_secs(10)).await
    }

    pub(crate) async fn ask_until(
        &self,
        claims: &[&'static str],
        life: Duration,
    ) -> Result<Attribution, DataError> {
        let request = AttributeRequest {
            subscriber: subscriber(),
            client: ClientId::new("bank").unwrap(),
            claims: claims.to_vec(),
            expires_at: self.clock.now() + life,
        };
        self.gateway.attributes(request).await
    }

    /// Signs of a takeover.
    pub(crate) async fn signals(&self) -> Result<RiskSignals, DataError> {
        self.gateway.signals(&subscriber()).await
    }

    /// The attributes as JSON and whether they are partial.
    pub(crate) async fn answer(&self, claims: &[&'static str]) -> (Value, bool) {
        let attribution = self.ask(claims).await.unwrap();
        (serde_json::to_value(attribution.attributes).unwrap(), attribution.partial)
    }
}

pub(crate) fn subscriber() -> SubscriberId {
    SubscriberId::new("subscriber").unwrap()
}
