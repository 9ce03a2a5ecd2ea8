//! `fiador adaptor check`: does a foreign authenticator keep the contract?
//!
//! The checker is a gateway for a minute (`gateway.rs`): it has a key, serves it, and takes results.
//! `requests.rs` makes good and bad requests, `authenticator.rs` sends them, `checks.rs` is the list of
//! what is tried.

mod authenticator;
mod checks;
mod gateway;
mod report;
mod requests;

use anyhow::{Context as _, bail};
use fiador_auth_redirect::contract::{METADATA_PATH, Metadata};

use crate::cli::{AdaptorCheckArguments, AdaptorCommand};
use authenticator::Authenticator;
use gateway::Gateway;
use report::Report;

/// Tries the authenticator; an error when any check has failed.
pub async fn run(command: AdaptorCommand) -> anyhow::Result<()> {
    let AdaptorCommand::Check(arguments) = command;
    let mut report = Report::new(arguments.json);
    check(&arguments, &mut report).await?;
    report.sum()
}

async fn check(arguments: &AdaptorCheckArguments, report: &mut Report) -> anyhow::Result<()> {
    let issuer = arguments.issuer.clone();
    let issuer = issuer.unwrap_or_else(|| format!("http://{}", arguments.listen));
    let gateway = Gateway::serve(arguments.listen, issuer).await?;
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(10))
        .build()?;
    let address = arguments.url.trim_end_matches('/');
    let metadata = match metadata(&http, address).await {
        Ok(metadata) => metadata,
        Err(error) => {
            return report.line(None, "the metadata can be read", Err(format!("{error:#}")));
        }
    };
    report.line(None, "the metadata can be read", Ok(()))?;
    let authenticator = Authenticator { http, metadata, gateway: &gateway };
    checks::all(&authenticator, report).await
}

async fn metadata(http: &reqwest::Client, address: &str) -> anyhow::Result<Metadata> {
    let url = format!("{address}{METADATA_PATH}");
    let response = http.get(&url).send().await.with_context(|| format!("cannot reach {url}"))?;
    if response.status() != 200 {
        bail!("{url} answers with status {}", response.status().as_u16());
    }
    Ok(Metadata::read(&response.bytes().await?, address)?)
}
