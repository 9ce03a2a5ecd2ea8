//! `[listeners]`

use std::{net::SocketAddr, path::PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

/// Four doors, so that a firewall can tell them apart (T-285).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListenersSection {
    /// Browsers and service providers.
    pub public: ListenerSection,
    /// Administration: keys and subscribers. Needs `admin_token_file`.
    pub admin: ListenerSection,
    /// The operator's own resource servers: introspection.
    pub internal: ListenerSection,
    /// `/livez`, `/readyz` and `/metrics`.
    pub metrics: ListenerSection,
    /// File with the bearer token of the admin listener, at least 32 characters, mode 0600.
    pub admin_token_file: Option<PathBuf>,
    /// Networks (CIDR) of reverse proxies whose `X-Forwarded-For` counts (T-005).
    pub trusted_proxies: Vec<String>,
    /// Header in which they say the country of the client (ISO 3166-1 alpha-2), such as
    /// `CF-IPCountry`. They must replace what the client sent under this name. Policies of routing
    /// may ask for the country. By default nobody says it.
    pub country_header: Option<String>,
    /// Seconds that requests under way may take after SIGTERM.
    pub drain_seconds: u64,
}

/// One door.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListenerSection {
    /// Address and port. Port 0 takes a free one.
    pub address: SocketAddr,
    /// TLS; without it the door speaks plain HTTP, which is refused on addresses other than
    /// loopback unless `development.plain_http` is set.
    #[serde(default)]
    pub tls: Option<TlsSection>,
}

/// A certificate. Both files are watched; a changed pair is used for new connections.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsSection {
    /// PEM file: the certificate, then its chain.
    pub certificate_file: PathBuf,
    /// PEM file: the private key, mode 0600.
    pub key_file: PathBuf,
}

impl Default for ListenersSection {
    fn default() -> Self {
        Self {
            public: loopback(8080),
            admin: loopback(8081),
            internal: loopback(8082),
            metrics: loopback(8083),
            admin_token_file: None,
            trusted_proxies: Vec::new(),
            country_header: None,
            drain_seconds: 25,
        }
    }
}

fn loopback(port: u16) -> ListenerSection {
    ListenerSection { address: SocketAddr::from(([127, 0, 0, 1], port)), tls: None }
}
