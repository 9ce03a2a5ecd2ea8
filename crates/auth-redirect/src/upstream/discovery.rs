//! What the provider says of itself (OpenID Connect Discovery §4), kept for a while.

use std::{sync::Arc, time::Duration};

use fiador_domain::client::{ClientKeySource, SignatureAlgorithm};
use fiador_jose::strict_json;
use fiador_kernel::{AuthenticatorId, Clock, Timestamp};
use fiador_ports::{ClientKeys, Fetch, FetchError, FetchRequest};
use parking_lot::Mutex;
use serde::Deserialize;

use super::UpstreamSettings;
use crate::{Ports, SettingsError, party::Party, ports::check_address};

/// Metadata is used so long without asking again.
const FRESH: Duration = Duration::from_mins(10);
/// After a failure the provider counts as not available for so long.
const PAUSE: Duration = Duration::from_secs(10);

/// Finds the provider.
pub(super) struct Discovery {
    id: AuthenticatorId,
    issuer: String,
    algorithm: Option<SignatureAlgorithm>,
    fetch: Arc<dyn Fetch>,
    keys: Arc<dyn ClientKeys>,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    provider: Option<(Arc<Provider>, Timestamp)>,
    failed_at: Option<Timestamp>,
}

/// A provider whose metadata fit together.
pub(super) struct Provider {
    pub(super) metadata: ProviderMetadata,
    pub(super) party: Party,
}

/// The members that matter here (OpenID Connect Discovery §3, RFC 9207 §3).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ProviderMetadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// Why the provider cannot be used now.
#[derive(Debug, thiserror::Error)]
pub(super) enum DiscoveryError {
    #[error("its metadata: {0}")]
    Fetch(#[from] FetchError),
    #[error("its metadata has status {0}")]
    Status(u16),
    #[error("its metadata: {0}")]
    Malformed(#[from] strict_json::StrictJsonError),
    #[error("its metadata is of another issuer than the configured one")]
    Issuer,
    #[error("its metadata: {0}")]
    Address(#[from] SettingsError),
}

impl Discovery {
    pub(super) fn new(settings: &UpstreamSettings, ports: &Ports) -> Self {
        Self {
            id: settings.id.clone(),
            issuer: settings.issuer.clone(),
            algorithm: settings.id_token_signing_alg,
            fetch: Arc::clone(&ports.fetch),
            keys: Arc::clone(&ports.keys),
            clock: Arc::clone(&ports.clock),
            known: Mutex::default(),
        }
    }

    /// Whether it did not answer a moment ago.
    pub(super) fn has_just_failed(&self) -> bool {
        let now = self.clock.now();
        self.known.lock().failed_at.is_some_and(|at| now.since(at) < PAUSE)
    }

    /// The provider; asked for its metadata when what is known is old.
    pub(super) async fn provider(&self) -> Result<Arc<Provider>, DiscoveryError> {
        let now = self.clock.now();
        if let Some((provider, since)) = &self.known.lock().provider
            && now.since(*since) < FRESH
        {
            return Ok(Arc::clone(provider));
        }
        let found = self.find().await;
        let mut known = self.known.lock();
        match found {
            Ok(provider) => {
                let provider = Arc::new(provider);
                *known = Known { provider: Some((Arc::clone(&provider), now)), failed_at: None };
                Ok(provider)
            }
            Err(error) => {
                known.failed_at = Some(now);
                Err(error)
            }
        }
    }

    async fn find(&self) -> Result<Provider, DiscoveryError> {
        let base = self.issuer.trim_end_matches('/');
        let url = format!("{base}/.well-known/openid-configuration");
        let request = FetchRequest::get(url).header("accept", "application/json");
        let answer = self.fetch.fetch(request).await?;
        if answer.status != 200 {
            return Err(DiscoveryError::Status(answer.status));
        }
        let metadata: ProviderMetadata = strict_json::from_slice(&answer.body)?;
        if metadata.issuer != self.issuer {
            return Err(DiscoveryError::Issuer);
        }
        check_address("authorization_endpoint", &metadata.authorization_endpoint)?;
        check_address("token_endpoint", &metadata.token_endpoint)?;
        check_address("jwks_uri", &metadata.jwks_uri)?;
        let source = ClientKeySource::Uri(metadata.jwks_uri.clone());
        let party = Party::new(&self.id, source, self.algorithm, Arc::clone(&self.keys))?;
        Ok(Provider { metadata, party })
    }
}
