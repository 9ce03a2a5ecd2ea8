//! From the configuration to the snapshot of registered applications and the numbering plan.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, bail, ensure};
use fiador_domain::{
    catalog,
    client::{Client, ClientDirectory, ClientSecret, DiscoveryApplication, OperatorCredentials},
    numbering::{NumberingPlan, Operator},
    text::find_lure,
};
use fiador_kernel::{ClientId, Digest, OperatorId, Plmn, Scope};
use fiador_wire_oauth::redirect_uri::RegisteredRedirectUri;

use crate::{
    config::{ClientSection, Config, DiscoveryApplicationSection, ProfileName, read_secret_file},
    sector::sector,
};

/// Longest `client_id`, in characters: it is part of every token, and tokens stay below 1 KiB.
const MAX_CLIENT_ID: usize = 64;

/// Name of this gateway's own operator when `discovery.operators` does not describe it.
const SELF: &str = "self";

/// All applications, checked.
pub fn client_directory(config: &Config) -> anyhow::Result<ClientDirectory> {
    let mut ids = HashSet::new();
    let mut clients = Vec::new();
    for section in &config.clients {
        let id = &section.client_id;
        ensure!(ids.insert(id), "client `{id}` is configured twice");
        clients.push(client(section).with_context(|| format!("client `{id}`"))?);
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

fn client(section: &ClientSection) -> anyhow::Result<Client> {
    let name_length = section.name.chars().count();
    ensure!((1..=16).contains(&name_length), "name must have 1 to 16 characters");
    if let Some(lure) = find_lure(&section.name) {
        bail!("name is shown to users in pages and messages, and {lure}");
    }
    ensure!(!section.redirect_uris.is_empty(), "at least one redirect URI is needed");
    ensure!(section.client_id.len() <= MAX_CLIENT_ID, "client_id has more than 64 characters");
    registered("redirect URI", &section.redirect_uris)?;
    registered("post-logout redirect URI", &section.post_logout_redirect_uris)?;
    let is_public = section.client_secret_sha256.is_empty();
    let wants_pkce = matches!(section.profile, ProfileName::Oidc);
    Ok(Client {
        id: ClientId::new(&section.client_id)?,
        name: section.name.clone(),
        profile: section.profile.into(),
        secrets: secrets(&section.client_secret_sha256)?,
        redirect_uris: section.redirect_uris.clone(),
        post_logout_redirect_uris: section.post_logout_redirect_uris.clone(),
        scopes: section
            .scopes
            .iter()
            .map(|scope| known_scope(scope))
            .collect::<anyhow::Result<_>>()?,
        sector: sector(section)?,
        id_token_signed_response_alg: section.id_token_signed_response_alg,
        requires_pkce: is_public || section.require_pkce.unwrap_or(wants_pkce),
        reveal_subscriber_state: section.reveal_subscriber_state,
        is_resource_server: section.resource_server,
        phone_number_with_plus: section.phone_number_with_plus,
        enabled: section.enabled,
    })
}

fn known_scope(text: &str) -> anyhow::Result<Scope> {
    ensure!(catalog::entry(text).is_some(), "scope `{text}` is not in the catalogue");
    Ok(Scope::new(text)?)
}

fn secrets(digests: &[String]) -> anyhow::Result<Vec<ClientSecret>> {
    digests
        .iter()
        .map(|hex| {
            let digest = Digest::from_hex(hex).context(
                "client_secret_sha256 is 64 hexadecimal digits; see `fiador client-secret`",
            )?;
            Ok(ClientSecret { digest, expires_at: None })
        })
        .collect()
}

/// Whether browsers may be sent there; plain http is a matter of `config::refusals`.
fn registered(kind: &str, uris: &[String]) -> anyhow::Result<()> {
    for uri in uris {
        RegisteredRedirectUri::parse_allowing_insecure(uri)
            .with_context(|| format!("{kind} {uri}"))?;
    }
    Ok(())
}

fn discovery_application(
    section: &DiscoveryApplicationSection,
) -> anyhow::Result<DiscoveryApplication> {
    registered("redirect URL", &section.redirect_urls)?;
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
        secrets: secrets(&section.client_secret_sha256)?,
        redirect_urls: section.redirect_urls.clone(),
        operator_credentials,
    })
}

/// Operators and their number ranges. This gateway's own operator is the one without issuer; if
/// the configuration names none, it is added from `[operator]`.
pub fn numbering_plan(config: &Config) -> anyhow::Result<NumberingPlan> {
    let mut operators = Vec::new();
    let mut own = 0;
    for section in &config.discovery.operators {
        let is_own = section.issuer.as_ref().is_none_or(|issuer| *issuer == config.issuer);
        let mut ranges = section.number_ranges.clone();
        if is_own {
            own += 1;
            ranges.extend(config.operator.number_ranges.iter().cloned());
        }
        let networks: Result<Vec<_>, _> =
            section.networks.iter().cloned().map(Plmn::try_from).collect();
        operators.push((
            Operator {
                id: OperatorId::new(&section.id)?,
                name: section.name.clone(),
                country: section.country.clone(),
                currency: section.currency.clone(),
                networks: networks.with_context(|| format!("operator `{}`", section.id))?,
                issuer: section.issuer.clone().unwrap_or_else(|| config.issuer.clone()),
                own: is_own,
            },
            ranges,
        ));
    }
    match own {
        0 => operators.push((own_operator(config)?, config.operator.number_ranges.clone())),
        1 => {}
        _ => bail!("discovery.operators names this gateway twice; give all but one an issuer"),
    }
    Ok(NumberingPlan::new(operators)?)
}

fn own_operator(config: &Config) -> anyhow::Result<Operator> {
    Ok(Operator {
        id: OperatorId::new(SELF)?,
        name: config.operator.name.clone(),
        country: config.operator.home_region.clone(),
        currency: String::new(),
        networks: Vec::new(),
        issuer: config.issuer.clone(),
        own: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> anyhow::Result<Client> {
        let section = serde_json::json!({
            "client_id": "shop",
            "name": name,
            "profile": "oidc",
            "redirect_uris": ["https://shop.example/callback"],
            "scopes": ["openid"],
        });
        client(&serde_json::from_value(section)?)
    }

    #[test]
    fn a_name_that_looks_like_an_address_or_a_number_is_refused_t_086() {
        assert_eq!(named("Acme Shop S.A.").unwrap().name, "Acme Shop S.A.");
        for (name, reason) in [
            ("shop.example", "address"),
            ("bob@shop", "address"),
            ("+34600000001", "telephone number"),
            ("Acme\u{202e}pohS", "invisible"),
            ("Acme\nShop", "control"),
        ] {
            let refused = named(name).unwrap_err().to_string();
            assert!(refused.contains(reason), "{name}: {refused}");
        }
    }
}
