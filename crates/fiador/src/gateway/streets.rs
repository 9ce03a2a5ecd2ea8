//! Each street with what stands behind its ports.

use std::sync::Arc;

use fiador_access_gateway::{AccessGateway, RequestLimit};
use fiador_auth_sms::Kind;
use fiador_authserver::{AuthServer, DEFAULT_EVENT_STREAMS, WiredAuthenticator};
use fiador_data_gateway::{DataGateway, HttpSource, SubscriberTable};
use fiador_discovery::Discovery;
use fiador_domain::quota::Limit;
use fiador_http_kit::CookiePolicy;
use fiador_ports::{AttributeSource, AuthenticatorRouter, ClientKeys, LockOuts};
use fiador_token_manager::TokenManager;

use super::Parts;

impl Parts {
    /// Codes and tokens.
    pub(super) fn token_manager(
        &self,
        lock_outs: Arc<dyn LockOuts>,
        client_keys: &Arc<dyn ClientKeys>,
    ) -> TokenManager {
        TokenManager::new(fiador_token_manager::Dependencies {
            issuer: self.issuer.clone(),
            clients: self.applications.clone(),
            client_keys: client_keys.clone(),
            replay: self.store.clone(),
            sealer: self.keys.clone(),
            signer: self.keys.clone(),
            grants: self.store.clone(),
            revocations: self.store.clone(),
            client_epochs: self.store.clone(),
            refresh_tokens: self.store.clone(),
            consents: self.store.clone(),
            lock_outs,
            pcrs: self.store.clone(),
            audit: self.store.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        })
    }

    /// Attributes of subscribers, and signs of a takeover. A new kind of source is one more line in
    /// `sources`.
    pub(super) fn data_gateway(&self) -> anyhow::Result<Arc<DataGateway>> {
        let mut sources: Vec<Arc<dyn AttributeSource>> = Vec::new();
        for source in &self.data_sources {
            let (table, keys) = (self.store.clone(), self.keys.clone());
            let source = HttpSource::new(source.clone(), table, keys, self.fetch.clone())?;
            sources.push(Arc::new(source));
        }
        sources.push(Arc::new(SubscriberTable::new(self.store.clone(), self.keys.clone())));
        let settings = fiador_data_gateway::Settings::default();
        Ok(Arc::new(DataGateway::new(sources, self.clock.clone(), settings)))
    }

    /// UserInfo, PremiumInfo and the other resources.
    pub(super) fn access_gateway(
        &self,
        tokens: &TokenManager,
        client_keys: &Arc<dyn ClientKeys>,
        data: Arc<DataGateway>,
    ) -> AccessGateway {
        AccessGateway::new(
            fiador_access_gateway::Dependencies {
                access_tokens: tokens.access_tokens(),
                client_tokens: tokens.client_tokens(),
                clients: self.applications.clone(),
                consents: self.store.clone(),
                requested_claims: self.store.clone(),
                data_gateway: data.clone(),
                risk_signals: data,
                subscribers: self.store.clone(),
                vault: self.keys.clone(),
                operator_keys: self.operator_keys.clone(),
                signer: self.keys.clone(),
                client_keys: client_keys.clone(),
                audit: self.store.clone(),
                clock: self.clock.clone(),
            },
            fiador_access_gateway::Settings {
                issuer: self.issuer.clone(),
                limit: RequestLimit {
                    per_second: self.limits.resource_requests_per_second,
                    burst: self.limits.resource_burst,
                },
                answers_without_data: Limit::per_seconds(
                    self.limits.takeover_signs_without_data_per_10_minutes.get(),
                    600,
                ),
                kyc: self.kyc.clone(),
            },
        )
    }

    /// Logins.
    pub(super) fn authserver(
        &self,
        router: Arc<dyn AuthenticatorRouter>,
        tokens: &TokenManager,
        client_keys: &Arc<dyn ClientKeys>,
    ) -> AuthServer {
        AuthServer::new(fiador_authserver::Dependencies {
            client_authenticator: tokens.client_authenticator(),
            clients: self.applications.clone(),
            client_keys: client_keys.clone(),
            operator_keys: self.operator_keys.clone(),
            journeys: self.journeys.clone(),
            subscribers: self.store.clone(),
            vault: self.keys.clone(),
            router,
            code_issuer: tokens.code_issuer(),
            sessions: self.store.clone(),
            consents: self.store.clone(),
            pcrs: self.store.clone(),
            signer: self.keys.clone(),
            revocations: self.store.clone(),
            requested_claims: self.store.clone(),
            replay: self.store.clone(),
            audit: self.store.clone(),
            numbering: self.numbering.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            pages: self.pages.clone(),
            settings: fiador_authserver::Settings {
                issuer: self.issuer.clone(),
                cookies: CookiePolicy { secure: self.secure_cookies },
                home_region: self.home_region,
                rules: self.rules,
                serves_ported_in_numbers: self.serves_ported_in_numbers,
                authenticators: self.wired(),
                foreign_authenticators: self.foreign.addresses(),
                max_event_streams: DEFAULT_EVENT_STREAMS,
            },
        })
    }

    /// What the metadata says of the authenticators.
    fn wired(&self) -> Vec<WiredAuthenticator> {
        let of_sms = |kind: &Kind| WiredAuthenticator {
            ceiling: fiador_auth_sms::CEILING,
            mc_amr_values: kind.mc_amr_values(),
        };
        self.sms_kinds.iter().map(of_sms).chain(self.foreign.wired()).collect()
    }

    /// Which operator serves a number.
    pub(super) fn discovery(&self) -> anyhow::Result<Discovery> {
        Ok(Discovery::new(fiador_discovery::Dependencies {
            clients: self.applications.clone(),
            numbering: self.numbering.clone(),
            portability: self.portability.clone(),
            operator_keys: self.operator_keys.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            pages: self.pages.clone(),
            settings: self.discovery.clone(),
        })?)
    }
}
