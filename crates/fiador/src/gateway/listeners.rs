//! From `[listeners]` to bound ports.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use fiador_http_kit::{
    ForwardingHeader, TrustedProxies,
    listener::{Bound, ListenerSettings},
    tls::{CertificateFiles, ReloadableCertificate, server_config},
};

use crate::{
    admin::routing::BODY_LIMIT as ADMIN_BODY_LIMIT,
    config::{ListenerSection, ListenersSection, TlsSection},
};

/// How often certificate files are looked at.
const CERTIFICATE_WATCH: Duration = Duration::from_secs(10);

/// The four bound ports.
pub struct Doors {
    /// Browsers and service providers.
    pub public: Bound,
    /// Administration.
    pub admin: Bound,
    /// The operator's own resource servers.
    pub internal: Bound,
    /// Probes and metrics.
    pub metrics: Bound,
}

/// What all listeners have in common.
pub fn listener_settings(section: &ListenersSection) -> anyhow::Result<ListenerSettings> {
    let network = |text: &String| {
        text.parse().with_context(|| format!("listeners.trusted_proxies: `{text}`"))
    };
    let networks: anyhow::Result<Vec<_>> = section.trusted_proxies.iter().map(network).collect();
    let mut trusted_proxies = TrustedProxies::new(networks?, ForwardingHeader::default());
    if let Some(name) = &section.country_header {
        ensure!(
            !section.trusted_proxies.is_empty(),
            "listeners.country_header counts from proxies alone: name them in listeners.trusted_proxies"
        );
        let name = name.parse().with_context(|| format!("listeners.country_header: `{name}`"))?;
        trusted_proxies = trusted_proxies.country_header(name);
    }
    Ok(ListenerSettings {
        drain_limit: Duration::from_secs(section.drain_seconds),
        trusted_proxies,
        ..ListenerSettings::default()
    })
}

/// Takes all four ports before anything is served.
pub async fn bind_doors(
    section: &ListenersSection,
    settings: &ListenerSettings,
) -> anyhow::Result<Doors> {
    let admin = ListenerSettings { max_body_bytes: ADMIN_BODY_LIMIT, ..settings.clone() };
    Ok(Doors {
        public: bind("public", &section.public, settings).await?,
        admin: bind("admin", &section.admin, &admin).await?,
        internal: bind("internal", &section.internal, settings).await?,
        metrics: bind("metrics", &section.metrics, settings).await?,
    })
}

/// Reads a certificate and its key.
pub fn certificate(tls: &TlsSection) -> anyhow::Result<Arc<ReloadableCertificate>> {
    let files = CertificateFiles { chain: tls.certificate_file.clone(), key: tls.key_file.clone() };
    let certificate = ReloadableCertificate::load(files)?;
    server_config(&certificate)?;
    Ok(certificate)
}

async fn bind(
    name: &'static str,
    section: &ListenerSection,
    settings: &ListenerSettings,
) -> anyhow::Result<Bound> {
    let bound = Bound::bind(name, section.address, settings.clone()).await?;
    let Some(tls) = &section.tls else { return Ok(bound) };
    let certificate = certificate(tls)?;
    let config = server_config(&certificate)?;
    tokio::spawn(certificate.watch(CERTIFICATE_WATCH));
    Ok(bound.with_tls(config))
}
