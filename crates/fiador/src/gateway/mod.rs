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
mod streets;
mod unknown_path;

use std::sync::Arc;

use axum::{Router, http::HeaderMap};
use fiador_authserver::Rules;
use fiador_domain::{kyc::Normalisation, numbering::NumberingPlan};
use fiador_egress::RegisteredKeys;
use fiador_http_kit::Pages;
use fiador_kernel::{Clock, Entropy, Region};
use fiador_keys::KeyRing;
use fiador_ports::{
    ClientKeys, Clients, Fetch, Journeys, MessageCentre, NumberPortability, OperatorKeys,
};
use fiador_store::Store;

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

/// Puts the streets together; each is built in `streets.rs`.
pub fn assemble(parts: &Parts) -> anyhow::Result<Gateway> {
    let sms = parts.text_messages()?;
    let client_keys: Arc<dyn ClientKeys> =
        Arc::new(RegisteredKeys::new(parts.fetch.clone(), parts.clock.clone()));
    let tokens = parts.token_manager(&client_keys);
    let access = parts.access_gateway(&tokens, &client_keys);
    let authserver = parts.authserver(vec![sms.clone()], &tokens, &client_keys);
    let discovery = parts.discovery()?;

    let base = path_of(&parts.issuer);
    let tokens = tokens.router();
    let identity = authserver.routes().merge(tokens.clone()).merge(access.router());
    let identity = if base.is_empty() { identity } else { Router::new().nest(base, identity) };
    let pages = parts.pages.clone();
    let public = identity.merge(discovery.routes()).merge(pages.routes());
    Ok(Gateway {
        public: public
            .fallback(async move |headers: HeaderMap| unknown_path::answer(&pages, &headers)),
        internal: tokens,
        deliveries: Deliveries(sms),
    })
}

/// What follows the host in the issuer: where its endpoints are nested.
fn path_of(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}
