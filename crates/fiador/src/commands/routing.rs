//! `fiador routing`

mod explain;
mod tell;

use std::{
    fmt::Display,
    io::{Write as _, stderr, stdout},
    path::Path,
};

use anyhow::{Context as _, bail};
use fiador_domain::routing::{Known, Policy};
use reqwest::header::{HeaderMap, HeaderValue, IF_MATCH};

use super::admin_client::AdminClient;
use crate::{
    admin::routing::{DryRun, DryRunBody, PolicyBody},
    cli::RoutingCommand,
    config,
};

/// The policy in force.
const POLICY: &str = "/admin/v1/routing/policy";

/// Checks policies, puts them in force, explains decisions, and tries policies on past journeys.
pub async fn run(command: RoutingCommand) -> anyhow::Result<()> {
    match command {
        RoutingCommand::Check { file, config } => check(&file, config.as_deref()).await,
        RoutingCommand::Put { file, config } => put(&file, &config.config).await,
        RoutingCommand::Reset { config } => reset(&config.config).await,
        RoutingCommand::Explain(arguments) => explain::run(*arguments).await,
        RoutingCommand::DryRun { file, last, json, config } => {
            dry_run(&file, last, json, &config.config).await
        }
    }
}

async fn check(file: &Path, config: Option<&Path>) -> anyhow::Result<()> {
    let text = text_of(file)?;
    let policy = policy_of(file, &text)?;
    if let Some(config) = config {
        let gateway = gateway_of(config)?;
        gateway.ask("POST", "/admin/v1/routing/policy/check", Some(text.into_bytes())).await?;
    }
    warn(policy.warnings());
    let (rules, checked) = (policy.rule_names().count(), config.is_some());
    let names = if checked { "all names are known" } else { "names are not checked" };
    writeln!(stdout(), "{}: good; {rules} rules, {names}", file.display())?;
    Ok(())
}

async fn put(file: &Path, config: &Path) -> anyhow::Result<()> {
    let text = text_of(file)?;
    policy_of(file, &text)?;
    let PolicyBody { revision, warnings, .. } = replace(config, "PUT", Some(text)).await?;
    warn(warnings);
    writeln!(stdout(), "{}: in force as revision {revision}", file.display())?;
    Ok(())
}

async fn reset(config: &Path) -> anyhow::Result<()> {
    let PolicyBody { revision, .. } = replace(config, "DELETE", None).await?;
    writeln!(stdout(), "the built-in policy: in force as revision {revision}")?;
    Ok(())
}

/// Replaces the policy in force, unless somebody else does so in that moment.
async fn replace(config: &Path, method: &str, text: Option<String>) -> anyhow::Result<PolicyBody> {
    let gateway = gateway_of(config)?;
    let current = gateway.ask("GET", POLICY, None).await?;
    let PolicyBody { revision, .. } = serde_json::from_slice(&current)?;
    let tag = HeaderValue::from_str(&format!("\"{revision}\""))?;
    let headers = HeaderMap::from_iter([(IF_MATCH, tag)]);
    let body = text.map(String::into_bytes);
    Ok(serde_json::from_slice(&gateway.ask_with(method, POLICY, body, headers).await?)?)
}

fn warn(warnings: impl IntoIterator<Item = impl Display>) {
    for warning in warnings {
        // Nobody is left to tell that it could not be told.
        let _ = writeln!(stderr(), "warning: {warning}");
    }
}

async fn dry_run(file: &Path, last: usize, json: bool, config: &Path) -> anyhow::Result<()> {
    let policy = text_of(file)?;
    policy_of(file, &policy)?;
    let body = serde_json::to_vec(&DryRunBody { policy, last: Some(last) })?;
    let gateway = gateway_of(config)?;
    let answer = gateway.ask("POST", "/admin/v1/routing/dry-run", Some(body)).await?;
    let run: DryRun = serde_json::from_slice(&answer)?;
    let told = if json { serde_json::to_string_pretty(&run)? } else { tell::dry_run(&run) };
    writeln!(stdout(), "{told}")?;
    Ok(())
}

fn gateway_of(config: &Path) -> anyhow::Result<AdminClient> {
    AdminClient::of(&config::load(config)?)
}

fn text_of(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}

/// A policy that can be read; names are not checked.
fn policy_of(file: &Path, text: &str) -> anyhow::Result<Policy> {
    match Policy::read(text, Known::default()) {
        Ok(policy) => Ok(policy),
        Err(error) => {
            let told: Vec<_> = error
                .problems
                .iter()
                .map(|problem| format!("{}: {problem}", file.display()))
                .collect();
            bail!("{}", told.join("\n"))
        }
    }
}
