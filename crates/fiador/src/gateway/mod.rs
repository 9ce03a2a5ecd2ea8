//! The wiring: which part stands behind which port.

mod authorization;
mod deliveries;
mod discovery;
mod egress;
mod keys;
mod listeners;
mod mark;
mod messages;
mod pages;
mod running;
mod sms;
mod store;
mod unknown_path;

use std::sync::Arc;

use axum::{Router, http::HeaderMap};
use fiador_authserver::{AuthServer, Rules};
use fiador_data_gateway::{DataGateway, SubscriberTable};
use fiador_domain::{kyc::Normalisation, numbering::NumberingPlan};
use fiador_egress::RegisteredKeys;
use fiador_http_kit::{CookiePolicy, Pages};
use fiador_kernel::{Amr, Clock, Entropy, Region};
use fiador_keys::KeyRing;
use fiador_ports::{
    Authenticator, AuthenticatorRouter, ClientKeys, Clients, Fetch, Journeys, MessageCentre, NumberPortability, OperatorKeys,
};
use fiador_store::Store;
use fiador_token_manager::TokenManager;

use crate::config::LimitsSection;

pub use authorization::authorization_rules;
pub use deliveries::Deliveries;
pub use discovery::{discovery_settings, limited, portability, register_settings};
pub use egress::egress_settings;
pub use keys::{FirstKeys, open_ring, root_key};
pub use listeners::{Doors, bind_doors, certificate, listener_settings};
pub use mark::marked;
pub use messages::smpp_settings;
pub use pages::build_pages;
pub use running::Running;
pub use sms::sms_settings;
pub use store::{refuse_missing, store_settings};

/// What the gateway is put together from: everything that differs between `serve` and `sandbox`.
pub struct Parts {
    /// The issuer.
    pub issuer: String,
    /// The database.
    pub store: Arc<Store>,
    /// Journeys under way.
    pub journeys: Arc<dyn Journeys>,
    /// All keys.
    pub keys: Arc<KeyRing>,
    /// Registered applications.
    pub clients: Arc<dyn Clients>,
    /// Operators and number ranges.
    pub numbering: Arc<NumberingPlan>,
    /// Subscribers with numbers outside the operator's own ranges get messages too.
    pub serves_ported_in_numbers: bool,
    /// Message centres.
    pub messages: Arc<dyn MessageCentre>,
    /// Where one-time codes come from.
    pub codes: Arc<dyn fiador_auth_sms::CodeSource>,
    /// One-time codes by SMS.
    pub sms: fiador_auth_sms::Settings,
    /// What people see.
    pub pages: Arc<Pages>,
    /// Cookies with `Secure` and the `__Host-` prefix.
    pub secure_cookies: bool,
    /// Country of numbers in national form.
    pub home: Option<Region>,
    /// How values of service providers are compared with the operator's.
    pub kyc: Normalisation,
    /// Numbers that were encrypted to this operator.
    pub operator_keys: Arc<dyn OperatorKeys>,
    /// What authorization requests may say.
    pub rules: Rules,
    /// Requests that one application may make.
    pub limits: LimitsSection,
    /// Discovery.
    pub discovery: fiador_discovery::Settings,
    /// A register of ported numbers, if there is one to ask.
    pub portability: Option<Arc<dyn NumberPortability>>,
    /// How other parties' addresses are asked.
    pub fetch: Arc<dyn Fetch>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// The gateway's routes, by listener.
pub struct Gateway {
    /// Browsers and service providers.
    pub public: Router,
    /// The operator's own resource servers.
    pub internal: Router,
    /// Messages under way, to be waited for at the end.
    pub deliveries: Deliveries,
}

/// Puts the streets together. A new authenticator is one more line in `authenticators`, a new
/// source of attributes one more in `sources`.
pub fn assemble(parts: Parts) -> anyhow::Result<Gateway> {
    let cookies = CookiePolicy { secure: parts.secure_cookies };
    let Parts { issuer, store, keys, clients, clock, entropy, pages, .. } = parts;

    let sms = fiador_auth_sms::SmsOtp::new(
        parts.sms,
        fiador_auth_sms::Ports {
            budgets: store.clone(),
            subscribers: store.clone(),
            vault: keys.clone(),
            message_centre: parts.messages,
            clock: clock.clone(),
            entropy: entropy.clone(),
            codes: parts.codes,
            pages: pages.clone(),
        },
    )?;
    let sms = Arc::new(sms);
    let deliveries = Deliveries(sms.clone());
    let authenticators: Vec<Arc<dyn Authenticator>> = vec![sms];
    let router: Arc<dyn AuthenticatorRouter> =
        Arc::new(fiador_authn_routing::Router::new(authenticators));

    let client_keys: Arc<dyn ClientKeys> =
        Arc::new(RegisteredKeys::new(parts.fetch.clone(), clock.clone()));

    let tokens = TokenManager::new(fiador_token_manager::Dependencies {
        issuer: issuer.clone(),
        clients: clients.clone(),
        client_keys: client_keys.clone(),
        replay: store.clone(),
        sealer: keys.clone(),
        signer: keys.clone(),
        grants: store.clone(),
        revocations: store.clone(),
        client_epochs: store.clone(),
        refresh_tokens: store.clone(),
        consents: store.clone(),
        pcrs: store.clone(),
        audit: store.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
    });

    let sources: Vec<Arc<dyn fiador_ports::AttributeSource>> =
        vec![Arc::new(SubscriberTable::new(store.clone(), keys.clone()))];
    let settings = fiador_data_gateway::Settings::default();
    let data = Arc::new(DataGateway::new(sources, clock.clone(), settings));

    let access = fiador_access_gateway::AccessGateway::new(
        fiador_access_gateway::Dependencies {
            access_tokens: tokens.access_tokens(),
            client_tokens: tokens.client_tokens(),
            clients: clients.clone(),
            consents: store.clone(),
            requested_claims: store.clone(),
            data_gateway: data.clone(),
            risk_signals: data,
            subscribers: store.clone(),
            vault: keys.clone(),
            operator_keys: parts.operator_keys.clone(),
            signer: keys.clone(),
            client_keys: client_keys.clone(),
            clock: clock.clone(),
        },
        fiador_access_gateway::Settings {
            issuer: issuer.clone(),
            limit: fiador_access_gateway::RequestLimit {
                per_second: parts.limits.resource_requests_per_second,
                burst: parts.limits.resource_burst,
            },
            kyc: parts.kyc,
        },
    );

    let authserver = AuthServer::new(fiador_authserver::Dependencies {
        client_authenticator: tokens.client_authenticator(),
        clients: clients.clone(),
        client_keys,
        operator_keys: parts.operator_keys.clone(),
        journeys: parts.journeys,
        subscribers: store.clone(),
        vault: keys.clone(),
        router,
        code_issuer: tokens.code_issuer(),
        sessions: store.clone(),
        consents: store.clone(),
        pcrs: store.clone(),
        signer: keys.clone(),
        revocations: store.clone(),
        requested_claims: store.clone(),
        replay: store.clone(),
        audit: store,
        numbering: parts.numbering.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
        pages: pages.clone(),
        settings: fiador_authserver::Settings {
            issuer: issuer.clone(),
            cookies,
            home: parts.home,
            rules: parts.rules,
            serves_ported_in_numbers: parts.serves_ported_in_numbers,
            mc_amr_values: vec![Amr::new("OTP_OK")],
        },
    });

    let discovery = fiador_discovery::Discovery::new(fiador_discovery::Dependencies {
        clients,
        numbering: parts.numbering,
        portability: parts.portability,
        operator_keys: parts.operator_keys,
        clock,
        entropy,
        pages: pages.clone(),
        settings: parts.discovery,
    })?;

    let base = path_of(&issuer);
    let tokens_router = tokens.router();
    let identity = authserver.routes().merge(tokens_router.clone()).merge(access.router());
    let identity = if base.is_empty() { identity } else { Router::new().nest(base, identity) };
    let public = identity.merge(discovery.routes()).merge(pages.routes());
    Ok(Gateway {
        public: public
            .fallback(async move |headers: HeaderMap| unknown_path::answer(&pages, &headers)),
        internal: tokens_router,
        deliveries,
    })
}

/// What follows the host in the issuer: where its endpoints are nested.
fn path_of(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}
