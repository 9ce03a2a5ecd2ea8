//! From the configuration to the snapshot of registered applications.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, ensure};
use fiador_domain::client::{ClientDirectory, DiscoveryApplication, OperatorCredentials};
use fiador_kernel::{ClientId, OperatorId};

use crate::{
    config::{Config, DiscoveryApplicationSection, read_secret_file},
    registration,
};

/// All applications, checked.
pub fn client_directory(config: &Config) -> anyhow::Result<ClientDirectory> {
    let mut ids = HashSet::new();
    let mut clients = Vec::new();
    for section in &config.clients {
        let id = &section.client_id;
        ensure!(ids.insert(id), "client `{id}` is configured twice");
        clients.push(registration::client(section).with_context(|| format!("client `{id}`"))?);
    }
    let applications: anyhow::Result<Vec<_>> = config
        .discovery
        .applications
        .iter()
        .map(|section| {
            discovery_application(section)
                .with_context(|| format!("discovery application `{}`", section.client_id))
        })
        .collect();
    Ok(ClientDirectory::new(clients, applications?))
}

fn discovery_application(
    section: &DiscoveryApplicationSection,
) -> anyhow::Result<DiscoveryApplication> {
    registration::browser_addresses("redirect URL", &section.redirect_urls)?;
    let mut operator_credentials = HashMap::new();
    for credentials in &section.operators {
        operator_credentials.insert(
            OperatorId::new(&credentials.operator)?,
            OperatorCredentials {
                client_id: ClientId::new(&credentials.client_id)?,
                client_secret: read_secret_file(&credentials.client_secret_file)?,
                client_name: credentials.client_name.clone(),
            },
        );
    }
    Ok(DiscoveryApplication {
        id: ClientId::new(&section.client_id)?,
        secrets: registration::secrets(&section.client_secret_sha256)?,
        redirect_urls: section.redirect_urls.clone(),
        may_send_source_ip: section.may_send_source_ip,
        may_omit_secret: section.may_omit_secret,
        operator_credentials,
    })
}
