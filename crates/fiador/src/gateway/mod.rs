//! The wiring: which part stands behind which port.

mod admin;
mod authorization;
mod data_sources;
mod deliveries;
mod discovery;
mod egress;
mod ending;
mod keys;
mod listeners;
mod mark;
mod messages;
mod pages;
mod parts;
mod running;
mod sms;
mod store;
mod streets;
mod unknown_path;

use std::sync::Arc;

use axum::{Router, http::HeaderMap};
use fiador_egress::RegisteredKeys;
use fiador_ports::ClientKeys;

pub use authorization::authorization_rules;
pub use deliveries::Deliveries;
pub use data_sources::data_source_settings;
pub use discovery::{discovery_settings, limited, portability, register_settings};
pub use egress::egress_settings;
pub use ending::Ending;
pub use keys::{FirstKeys, open_ring, root_key};
pub use listeners::{Doors, bind_doors, certificate, listener_settings};
pub use mark::marked;
pub use messages::smpp_settings;
pub use pages::build_pages;
pub use parts::Parts;
pub use running::Running;
pub use sms::sms_settings;
pub use store::{refuse_missing, store_settings};

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
    let tokens = parts.token_manager(sms.clone(), &client_keys);
    let data = parts.data_gateway()?;
    let access = parts.access_gateway(&tokens, &client_keys, data);
    let authserver = parts.authserver(vec![sms.clone()], &tokens, &client_keys);
    let discovery = parts.discovery()?;

    let base = parts.issuer.path();
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
