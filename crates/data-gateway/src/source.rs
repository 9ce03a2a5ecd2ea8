//! One source with what guards it: time limit, breaker, schema.

use std::{sync::Arc, time::Duration};

use fiador_domain::{
    breaker::{Breaker, BreakerSettings},
    subscriber::Attributes,
};
use fiador_kernel::{Clock, SubscriberId};
use fiador_ports::{AttributeSource, SourceError, StoreError};
use tokio::time::timeout;

use crate::schema;

/// What asking one source came to.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Values within the schema, at most those asked for. `flawed`: some were thrown away.
    Known { attributes: Attributes, flawed: bool },
    /// The source works and does not know the subscriber.
    UnknownSubscriber,
    /// No answer: failed, too slow, or left alone by the breaker.
    Failed(Option<StoreError>),
}

/// A source behind its guards.
pub(crate) struct GuardedSource {
    source: Arc<dyn AttributeSource>,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    breaker: Breaker,
}

impl GuardedSource {
    pub(crate) fn new(
        source: Arc<dyn AttributeSource>,
        clock: Arc<dyn Clock>,
        timeout: Duration,
        breaker: BreakerSettings,
    ) -> Self {
        Self { source, clock, timeout, breaker: Breaker::new(breaker) }
    }

    /// Whether the source can give `claim` at all.
    pub(crate) fn offers(&self, claim: &str) -> bool {
        self.source.claims().contains(&claim)
    }

    /// Asks for `claims`, all of which the source offers.
    pub(crate) async fn ask(&self, subscriber: &SubscriberId, claims: &[&'static str]) -> Answer {
        if !self.breaker.admits(self.clock.now()) {
            self.count("left_alone");
            return Answer::Failed(None);
        }
        match timeout(self.timeout, self.source.fetch(subscriber, claims)).await {
            Ok(Ok(attributes)) => self.known(attributes, claims),
            Ok(Err(SourceError::UnknownSubscriber)) => {
                self.breaker.succeeded();
                self.count("unknown_subscriber");
                Answer::UnknownSubscriber
            }
            Ok(Err(SourceError::Failed)) => self.failed(&SourceError::Failed, None),
            Ok(Err(SourceError::Store(error))) => self.failed(&error, Some(error)),
            Err(elapsed) => self.failed(&elapsed, None),
        }
    }

    fn known(&self, attributes: Attributes, claims: &[&'static str]) -> Answer {
        self.breaker.succeeded();
        let (attributes, refused) = schema::admit(attributes, claims);
        if refused > 0 {
            self.count("flawed");
            tracing::warn!(
                source = self.source.name(),
                refused,
                "A data source gave values outside of the schema of their claims or values nobody \
                 asked for; they were thrown away. Check the mapping of this source."
            );
        } else {
            self.count("known");
        }
        Answer::Known { attributes, flawed: refused > 0 }
    }

    fn failed(
        &self,
        error: &(dyn std::error::Error + 'static),
        store: Option<StoreError>,
    ) -> Answer {
        self.count("failed");
        if self.breaker.failed(self.clock.now()) {
            tracing::error!(
                source = self.source.name(),
                error,
                "A data source keeps failing and is left alone for a while; attributes it holds \
                 are missing until it answers again."
            );
        } else {
            tracing::warn!(source = self.source.name(), error, "A data source did not answer.");
        }
        Answer::Failed(store)
    }

    /// Both labels are bounded: names come from the configuration, outcomes from this file.
    fn count(&self, outcome: &'static str) {
        metrics::counter!(
            "fiador_data_source_requests_total",
            "source" => self.source.name().to_owned(),
            "outcome" => outcome,
        )
        .increment(1);
    }
}
