//! From `[[keycloak_channels]]` to the authentication channel of Keycloak realms.

use std::{collections::BTreeSet, sync::Arc};

use anyhow::{Context as _, ensure};
use fiador_kernel::{ClientId, Loa};
use fiador_keycloak_channel::{ChannelClient, KeycloakChannel, Ports, RealmSettings};
use fiador_ports::{AuthenticatorRouter, ClientKeys};

use super::Parts;
use crate::config::{Config, KeycloakChannelSection, KeycloakClientSection};

/// What the configuration says of the realms. Their clients must be registered applications.
pub fn keycloak_realms(config: &Config) -> anyhow::Result<Vec<RealmSettings>> {
    let sections = &config.keycloak_channels;
    let ids: BTreeSet<_> = sections.iter().map(|section| section.id.as_str()).collect();
    ensure!(ids.len() == sections.len(), "keycloak_channels: two have the same id");
    let read = |section: &KeycloakChannelSection| {
        realm(section, config).with_context(|| format!("keycloak_channels `{}`", section.id))
    };
    sections.iter().map(read).collect()
}

fn realm(section: &KeycloakChannelSection, config: &Config) -> anyhow::Result<RealmSettings> {
    let client = |one: &KeycloakClientSection| {
        let id = &one.client_id;
        ensure!(
            config.clients.iter().any(|client| client.client_id == *id),
            "clients: there is no application `{id}` in [[clients]]"
        );
        Ok(ChannelClient {
            keycloak_client_id: one.keycloak_client_id.clone(),
            client_id: ClientId::new(id).context("client_id")?,
        })
    };
    let levels = section.levels.iter().map(|&level| Loa::try_from(level));
    let settings = RealmSettings {
        id: section.id.clone(),
        issuer: section.issuer.clone(),
        clients: section.clients.iter().map(client).collect::<anyhow::Result<_>>()?,
        levels: levels.collect::<Result<_, _>>().context("levels")?,
        language: section.language,
    };
    settings.validate()?;
    Ok(settings)
}

impl Parts {
    /// The door that Keycloak knocks at.
    pub(super) fn keycloak_channel(
        &self,
        router: Arc<dyn AuthenticatorRouter>,
        client_keys: &Arc<dyn ClientKeys>,
    ) -> anyhow::Result<Arc<KeycloakChannel>> {
        let ports = Ports {
            journeys: self.journeys.clone(),
            router,
            clients: self.applications.clone(),
            numbering: self.numbering.clone(),
            serves_ported_in_numbers: self.serves_ported_in_numbers,
            subscribers: self.store.clone(),
            vault: self.keys.clone(),
            keys: client_keys.clone(),
            replay: self.store.clone(),
            fetch: self.fetch.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        };
        Ok(Arc::new(KeycloakChannel::new(self.keycloak.clone(), ports)?))
    }
}
