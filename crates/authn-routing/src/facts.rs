//! What policy decides on: the request, the subscription, signs of a takeover, and how every
//! authenticator stands.

use fiador_domain::{
    journey::{Journey, Subject},
    risk::RiskSignals,
    routing::{Candidate, Capabilities, Facts, Need, RequestFacts, RiskFacts, SubscriberFacts},
    subscriber::Subscriber,
};
use fiador_kernel::{AuthenticatorId, SubscriberId, Timestamp};
use fiador_ports::{DataError, Known, StoreError};

use crate::Router;

impl Router {
    /// How every authenticator stands at this moment, its history of success included.
    pub fn candidates(&self) -> Vec<Candidate> {
        let now = self.clock.now();
        let mut candidates = self.adaptors.candidates();
        for candidate in &mut candidates {
            candidate.success_rate = self.history.success_rate(&candidate.id, now);
        }
        candidates
    }

    /// Everything that is known of an identified journey.
    pub(crate) async fn facts(
        &self,
        journey: &Journey,
        subject: &Subject,
        known: Known<'_>,
    ) -> Result<Facts, StoreError> {
        let has_browser = journey.browser.is_some();
        let facts = Facts::of(&journey.ask, &journey.origin, has_browser, self.clock.now());
        let subscriber = self.subscriber_facts(subject, known, &facts).await?;
        Ok(Facts { subscriber, risk: self.risk_facts(subject).await, ..facts })
    }

    async fn subscriber_facts(
        &self,
        subject: &Subject,
        known: Known<'_>,
        request: &Facts,
    ) -> Result<SubscriberFacts, StoreError> {
        let Some(id) = &subject.subscriber else {
            return Ok(self.ordinary(subject.msisdn_index, request));
        };
        if let Some(known) = known.subscriber.filter(|known| known.id == *id) {
            return Ok(self.facts_of(known));
        }
        let found = self.subscribers.lookup(id).await?;
        Ok(found.map(|found| self.facts_of(&found)).unwrap_or_default())
    }

    fn facts_of(&self, subscriber: &Subscriber) -> SubscriberFacts {
        let listed = subscriber.authenticators.iter();
        let attributes = self.vault.open_attributes(&subscriber.attributes_sealed);
        SubscriberFacts {
            status: subscriber.status,
            enrolled: listed.filter_map(|name| AuthenticatorId::new(name).ok()).collect(),
            capabilities: attributes.as_ref().map(Capabilities::of).unwrap_or_default(),
        }
    }

    /// Signs of a takeover. For an unknown number the source is asked about a subscription that it
    /// cannot know, so that neither the time that it takes nor its failure tells a known number from
    /// an unknown one (T-048).
    async fn risk_facts(&self, subject: &Subject) -> RiskFacts {
        let Some(risk) = &self.risk else { return RiskFacts::default() };
        let nobody = || SubscriberId::new(&subject.msisdn_index.to_hex()).ok();
        let Some(id) = subject.subscriber.clone().or_else(nobody) else {
            return RiskFacts::UNAVAILABLE;
        };
        match tokio::time::timeout(self.settings.risk_timeout, risk.signals(&id)).await {
            Ok(Ok(signals)) => RiskFacts::told(&signals),
            Ok(Err(DataError::UnknownSubscriber)) => RiskFacts::told(&RiskSignals::default()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "signs of a takeover are not known");
                RiskFacts::UNAVAILABLE
            }
            Err(_) => {
                tracing::warn!("signs of a takeover were not told in time");
                RiskFacts::UNAVAILABLE
            }
        }
    }
}

/// What is asked before it is known of whom: it may be somebody who has enrolled everything.
pub(crate) fn before_anybody(need: Need<'_>, candidates: &[Candidate], at: Timestamp) -> Facts {
    Facts {
        at,
        client: need.client.clone(),
        profile: need.profile,
        scopes: need.scopes.clone(),
        levels: need.levels.to_vec(),
        levels_voluntary: need.voluntary,
        request: RequestFacts {
            has_browser: need.has_browser,
            on_handset: need.origin.on_handset,
            country: need.origin.country.as_deref().map(str::to_ascii_uppercase),
            prompt: need.prompt.clone(),
        },
        subscriber: SubscriberFacts {
            enrolled: candidates.iter().map(|candidate| candidate.id.clone()).collect(),
            ..SubscriberFacts::default()
        },
        risk: RiskFacts::default(),
    }
}
