//! A portability register that answers over HTTP in JSON.
//!
//! The operator gives a URL with `{msisdn}` in it and says where in the answer the holder stands.
//! Each answer is kept for a while; a register that fails is left alone for a while; neither can
//! grow. What a register must look like is in docs/reference/discovery.md.

mod answer;
mod cache;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::breaker::{Breaker, BreakerSettings};
use fiador_kernel::{Clock, Msisdn, Secret};
use fiador_ports::{
    Fetch, FetchLimits, FetchRequest, NumberHolder, NumberPortability, PortabilityError,
};

pub use answer::HolderAt;
use cache::{Answer, Cache};

/// What stands for the number in the URL of a register.
pub const NUMBER: &str = "{msisdn}";

/// Bytes that an answer may have; one number needs a few hundred.
const MAX_ANSWER: usize = 16 * 1024;

/// How a register is asked.
#[derive(Clone, Debug)]
pub struct RegisterSettings {
    /// An absolute https URL with [`NUMBER`] in it once: the digits without `+` go there.
    pub url: String,
    /// Where in the answer the holder stands.
    pub holder: HolderAt,
    /// The value of the `Authorization` header, if the register wants one.
    pub authorization: Option<Secret<String>>,
    /// How long an answer is waited for. Default 500 ms, at most 3 s: a login waits meanwhile.
    pub timeout: Duration,
    /// How long an answer is kept. Default 1 hour.
    pub keep: Duration,
    /// How many answers are kept at most, 48 bytes each. Default 100,000.
    pub capacity: usize,
    /// When a failing register is left alone. Default after 5 failures in a row, for 10 s.
    pub breaker: BreakerSettings,
}

/// A setting of the register is out of bounds; the message says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// No number, or two, would be asked for.
    #[error("discovery.portability.url must have {{msisdn}} in it exactly once")]
    NoNumber,
    /// Zero or longer than 3 s.
    #[error("discovery.portability.timeout_ms must be 1 to 3000")]
    Timeout,
}

impl RegisterSettings {
    /// The defaults for this URL.
    pub fn new(url: impl Into<String>, holder: HolderAt) -> Self {
        Self {
            url: url.into(),
            holder,
            authorization: None,
            timeout: Duration::from_millis(500),
            keep: Duration::from_hours(1),
            capacity: 100_000,
            breaker: BreakerSettings { failures: 5, open_for: Duration::from_secs(10) },
        }
    }
}

/// A register that is asked over HTTP.
pub struct HttpPortability {
    settings: RegisterSettings,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    breaker: Breaker,
    cache: Cache,
}

impl HttpPortability {
    /// Checks the settings; asks nothing yet.
    pub fn new(
        settings: RegisterSettings,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, RegisterError> {
        if settings.url.matches(NUMBER).count() != 1 {
            return Err(RegisterError::NoNumber);
        }
        if !(Duration::from_millis(1)..=Duration::from_secs(3)).contains(&settings.timeout) {
            return Err(RegisterError::Timeout);
        }
        let breaker = Breaker::new(settings.breaker);
        let cache = Cache::new(settings.capacity, settings.keep);
        Ok(Self { settings, fetch, clock, breaker, cache })
    }

    async fn ask(&self, number: &Msisdn) -> Result<Option<NumberHolder>, PortabilityError> {
        let mut request = FetchRequest::get(self.settings.url.replace(NUMBER, number.digits()))
            .header("accept", "application/json");
        if let Some(authorization) = &self.settings.authorization {
            request = request.header("authorization", authorization.expose().clone());
        }
        request.limits = FetchLimits { total: self.settings.timeout, body: MAX_ANSWER };
        let response = self.fetch.fetch(request).await.map_err(|_| PortabilityError::Silent)?;
        match response.status {
            200 => self.settings.holder.read(&response.body),
            // The register does not know the number.
            204 | 404 => Ok(None),
            _ => Err(PortabilityError::Silent),
        }
    }
}

#[async_trait]
impl NumberPortability for HttpPortability {
    async fn holder(&self, number: &Msisdn) -> Result<Option<NumberHolder>, PortabilityError> {
        let now = self.clock.now();
        if let Some(Answer(holder)) = self.cache.find(number, now) {
            return Ok(holder);
        }
        if !self.breaker.admits(now) {
            return Err(PortabilityError::LeftAlone);
        }
        match self.ask(number).await {
            Ok(holder) => {
                self.breaker.succeeded();
                self.cache.keep(number, Answer(holder.clone()), self.clock.now());
                Ok(holder)
            }
            Err(error) => {
                if self.breaker.failed(self.clock.now()) {
                    tracing::warn!(
                        %error,
                        "the portability register fails and is left alone for a while; number \
                         ranges decide"
                    );
                }
                Err(error)
            }
        }
    }
}
