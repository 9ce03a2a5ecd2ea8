//! The port, implemented.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::risk::{self, RiskSignals};
use fiador_kernel::{Clock, SubscriberId};
use fiador_ports::{AttributeRequest, AttributeSource, Attribution, DataError, RiskSource};

use crate::{BreakerSettings, collect, source::GuardedSource};

/// The furthest expiry of a question that is believed (T-204).
const LONGEST_LIFE: Duration = Duration::from_mins(1);

/// Bounds that hold for every source.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long one source may take for one question. Default 800 ms (T-202).
    pub source_timeout: Duration,
    /// When a failing source is left alone.
    pub breaker: BreakerSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self { source_timeout: Duration::from_millis(800), breaker: BreakerSettings::default() }
    }
}

/// The Data Gateway over a list of sources.
pub struct DataGateway {
    sources: Vec<GuardedSource>,
    clock: Arc<dyn Clock>,
}

impl DataGateway {
    /// `sources` in order of precedence: of two that know a claim the earlier is believed.
    pub fn new(
        sources: Vec<Arc<dyn AttributeSource>>,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Self {
        let guard = |source| {
            GuardedSource::new(
                source,
                Arc::clone(&clock),
                settings.source_timeout,
                settings.breaker,
            )
        };
        Self { sources: sources.into_iter().map(guard).collect(), clock }
    }
}

#[async_trait]
impl fiador_ports::DataGateway for DataGateway {
    async fn attributes(&self, request: AttributeRequest) -> Result<Attribution, DataError> {
        let now = self.clock.now();
        if request.expires_at <= now || request.expires_at > now + LONGEST_LIFE {
            return Err(DataError::Expired);
        }
        collect::collect(&self.sources, &request.subscriber, &request.claims).await
    }
}

/// Signs of a takeover are attributes like others to their sources.
#[async_trait]
impl RiskSource for DataGateway {
    async fn signals(&self, subscriber: &SubscriberId) -> Result<RiskSignals, DataError> {
        let told = collect::collect(&self.sources, subscriber, risk::ATTRIBUTES).await?;
        if told.partial {
            Err(DataError::Unavailable)
        } else {
            Ok(RiskSignals::of(&told.attributes))
        }
    }
}
