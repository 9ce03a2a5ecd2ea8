//! From the configuration to the snapshot of registered applications and the numbering plan.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, bail, ensure};
use fiador_domain::{
    client::{ClientDirectory, DiscoveryApplication, OperatorCredentials},
    numbering::{NumberingPlan, Operator, OperatorLinks},
};
use fiador_kernel::{ClientId, OperatorId, Plmn};

use crate::{
    config::{Config, DiscoveryApplicationSection, read_secret_file},
    registration,
};

/// Name of this gateway's own operator when `discovery.operators` does not describe it.
const SELF: &str = "self";

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
                links: OperatorLinks::default(),
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
        links: OperatorLinks::default(),
        own: true,
    })
}
