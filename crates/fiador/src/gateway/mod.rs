//! The wiring: which part stands behind which port.

mod admin;
mod authorization;
mod brand;
mod data_sources;
mod deliveries;
mod discovery;
mod egress;
mod ending;
mod foreign;
mod keycloak;
mod keys;
mod listeners;
mod mark;
mod message_gateways;
mod messages;
mod pages;
mod parts;
mod routing;
mod running;
mod sms;
mod store;
mod streets;
mod text_messages;
mod unknown_path;

use std::sync::Arc;

use axum::{Router, http::HeaderMap};
use fiador_egress::RegisteredKeys;
use fiador_ports::ClientKeys;

pub use authorization::authorization_rules;
pub use brand::brand;
pub use data_sources::data_source_settings;
pub use deliveries::Deliveries;
pub use discovery::{discovery_settings, limited, portability, register_settings};
pub use egress::egress_settings;
pub use ending::Ending;
pub use foreign::{ForeignAuthenticators, foreign_authenticators};
pub use keycloak::keycloak_realms;
pub use keys::{FirstKeys, open_ring, root_key};
pub use listeners::{Doors, bind_doors, certificate, listener_settings};
pub use mark::marked;
pub use message_gateways::{gateway_settings, route_settings};
pub use messages::smpp_settings;
pub use pages::build_pages;
pub use parts::Parts;
pub use routing::{routing_settings, sms_kinds};
pub use running::Running;
pub use sms::sms_settings;
pub use store::{refuse_missing, store_settings};
pub use text_messages::{MessageSettings, TextMessages};

/// The gateway's routes, by listener.
pub struct Gateway {
    /// Browsers and service providers.
    pub public: Router,
    /// The operator's own resource servers.
    pub internal: Router,
    /// Messages under way, to be waited for at the end.
    pub deliveries: Deliveries,
    /// Routing, whose clockwork runs beside the listeners.
    pub routing: Arc<fiador_authn_routing::Router>,
    /// Streams of events, which end when the listeners begin to drain.
    pub event_streams: fiador_authserver::EventStreams,
    /// Logins of Keycloak, which end when the listeners begin to drain.
    pub keycloak: Arc<fiador_keycloak_channel::KeycloakChannel>,
}

/// Puts the streets together; each is built in `streets.rs`.
pub fn assemble(parts: &Parts) -> anyhow::Result<Gateway> {
    let data = parts.data_gateway()?;
    let routing = parts.router(data.clone());
    let sms = parts.text_messages(&routing)?;
    let client_keys: Arc<dyn ClientKeys> =
        Arc::new(RegisteredKeys::new(parts.fetch.clone(), parts.clock.clone()));
    let foreign = parts.foreign_adaptors(routing.prompts(), &client_keys)?;
    routing.install(parts.authenticators(&sms, foreign.authenticators)?);
    let tokens = parts.token_manager(sms.clone(), &client_keys);
    let access = parts.access_gateway(&tokens, &client_keys, data);
    let authserver = parts.authserver(routing.clone(), &tokens, &client_keys);
    let keycloak = parts.keycloak_channel(routing.clone(), &client_keys)?;
    let event_streams = authserver.event_streams();
    let links = parts.link_pages(&routing, &sms);
    let discovery = parts.discovery()?;

    let base = parts.issuer.path();
    let tokens = tokens.router();
    let identity = authserver.routes().merge(tokens.clone()).merge(access.router());
    let identity = identity.merge(foreign.routes);
    let identity = if base.is_empty() { identity } else { Router::new().nest(base, identity) };
    let pages = parts.pages.clone();
    let public = identity
        .merge(links)
        .merge(parts.message_webhook.clone())
        .merge(discovery.routes())
        .merge(pages.routes());
    Ok(Gateway {
        public: public
            .fallback(async move |headers: HeaderMap| unknown_path::answer(&pages, &headers)),
        internal: tokens.merge(keycloak.routes()),
        deliveries: Deliveries { sms, routing: routing.clone(), keycloak: keycloak.clone() },
        routing,
        event_streams,
        keycloak,
    })
}
