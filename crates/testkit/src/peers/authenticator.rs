//! The example authenticator as a child process.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};

use crate::child::LineChild;
use crate::{programs, repository_root};

/// How long the start may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// `examples/authenticator-node` on 127.0.0.1, killed when dropped: an authenticator that is not ours,
/// in both forms of the contract.
#[derive(Debug)]
pub struct ExampleAuthenticator {
    /// Its issuer: `http://127.0.0.1:port`.
    pub issuer: String,
    _child: LineChild,
}

impl ExampleAuthenticator {
    /// Starts it for one gateway. In test mode it takes `test_outcome`.
    pub fn start(gateway: &str, test_mode: bool) -> anyhow::Result<Self> {
        let folder = repository_root().join("examples/authenticator-node");
        ensure!(
            folder.join("node_modules/jose").is_dir(),
            "the npm package `jose` of the example is missing; run `./test --install`"
        );
        let own_node = repository_root().join(".tools/node_modules/.bin");
        let node = programs::find("node", &[own_node])
            .context("Node.js is missing; run `./test --install`")?;
        let port = crate::free_port()?;
        let issuer = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(node);
        command
            .arg(folder.join("server.mjs"))
            .env("PORT", port.to_string())
            .env("ISSUER", &issuer)
            .env("GATEWAY", gateway)
            .env("TEST_MODE", if test_mode { "1" } else { "0" });
        let mut child = LineChild::spawn(command)?;
        child.wait_for_line(PATIENCE)?;
        Ok(Self { issuer, _child: child })
    }
}
