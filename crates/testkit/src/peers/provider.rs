//! An OpenID Provider as a child process.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Serialize;

use crate::child::LineChild;
use crate::{programs, repository_root};

/// How long the start may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The one built on the npm package `oidc-provider`, on 127.0.0.1, killed when dropped. Its one client
/// is `fiador` with the secret `secret`.
#[derive(Debug)]
pub struct OpenIdProvider {
    /// Its issuer: `http://127.0.0.1:port`.
    pub issuer: String,
    _child: LineChild,
}

/// Who logs in there, and how.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// In E.164 with `+`.
    pub phone_number: String,
    /// `urn:low` or `urn:high`.
    pub acr: String,
    /// Says no.
    pub denies: bool,
}

#[derive(Serialize)]
struct Options<'a> {
    port: u16,
    redirect_uri: &'a str,
    #[serde(flatten)]
    person: &'a Person,
}

impl OpenIdProvider {
    /// Starts it for one redirect URI and one person.
    pub fn start(redirect_uri: &str, person: &Person) -> anyhow::Result<Self> {
        let package = repository_root().join("tests-e2e/node_modules/oidc-provider");
        ensure!(
            package.is_dir(),
            "the npm package `oidc-provider` is missing; run `./test --install`"
        );
        let own_node = repository_root().join(".tools/node_modules/.bin");
        let node = programs::find("node", &[own_node])
            .context("Node.js is missing; run `./test --install`")?;
        let port = crate::free_port()?;
        let mut command = Command::new(node);
        command.arg(repository_root().join("tests-e2e/peers/provider.mjs"));
        let mut child = LineChild::spawn(command)?;
        child.write_line(&serde_json::to_string(&Options { port, redirect_uri, person })?)?;
        child.wait_for_line(PATIENCE)?;
        Ok(Self { issuer: format!("http://127.0.0.1:{port}"), _child: child })
    }
}
