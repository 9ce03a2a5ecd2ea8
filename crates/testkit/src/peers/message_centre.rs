//! A message centre as a child process.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::json;

use super::{Behaviour, Event, MobileOriginated, Submit};
use crate::child::LineChild;
use crate::{programs, repository_root};

/// How long an expected event may take. Long, because a busy machine is no reason to fail.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running message centre on 127.0.0.1, killed when dropped.
///
/// Its events arrive in real time: a test that waits for them must not pause tokio's clock.
#[derive(Debug)]
pub struct MessageCentre {
    child: LineChild,
    port: u16,
}

impl MessageCentre {
    /// Starts the one built on the npm package `smpp`, which can do all of [`Behaviour`].
    pub fn npm(behaviour: &Behaviour) -> anyhow::Result<Self> {
        let package = repository_root().join("tests-e2e/node_modules/smpp");
        ensure!(package.is_dir(), "the npm package `smpp` is missing; run `./test --install`");
        let own_node = repository_root().join(".tools/node_modules/.bin");
        let node = programs::find("node", &[own_node])
            .context("Node.js is missing; run `./test --install`")?;
        Self::start(Command::new(node), "smsc.js", behaviour)
    }

    /// Starts the one built on the PyPI package `smpp34`, which accepts any password.
    pub fn pypi(behaviour: &Behaviour) -> anyhow::Result<Self> {
        let python = python()?;
        let port = behaviour.port.map_or_else(crate::free_port, Ok)?;
        let behaviour = Behaviour { port: Some(port), ..behaviour.clone() };
        Self::start(Command::new(python), "smsc.py", &behaviour)
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// The next event of any kind; fails after 30 seconds of silence.
    pub async fn next_event(&mut self) -> anyhow::Result<Event> {
        let line = self.child.next_line(PATIENCE).await?;
        serde_json::from_str(&line).with_context(|| format!("not an event: {line}"))
    }

    /// The next message that was handed over; other events before it are passed over.
    pub async fn next_submit(&mut self) -> anyhow::Result<Submit> {
        loop {
            if let Event::Submit(submit) = self.next_event().await? {
                return Ok(submit);
            }
        }
    }

    /// The next event that `wanted` accepts; others before it are passed over.
    pub async fn next_matching(
        &mut self,
        wanted: impl Fn(&Event) -> bool,
    ) -> anyhow::Result<Event> {
        loop {
            let event = self.next_event().await?;
            if wanted(&event) {
                return Ok(event);
            }
        }
    }

    /// Changes the behaviour from now on; fields that are `None` stay as they are.
    pub fn behave(&mut self, behaviour: &Behaviour) -> anyhow::Result<()> {
        self.child.write_line(&serde_json::to_string(behaviour)?)
    }

    /// Closes all connections without a word (npm), or after an unbind (PyPI).
    pub fn drop_connections(&mut self) -> anyhow::Result<()> {
        self.child.write_line(&json!({ "drop": true }).to_string())
    }

    /// Hands a phone's message to the first bound receiver.
    pub fn deliver(&mut self, message: &MobileOriginated) -> anyhow::Result<()> {
        self.child.write_line(&json!({ "deliver": message }).to_string())
    }

    /// Ends the process at once, as a power cut would.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        Ok(())
    }

    fn start(mut program: Command, script: &str, behaviour: &Behaviour) -> anyhow::Result<Self> {
        program.arg(repository_root().join("tests-e2e/peers").join(script));
        let mut child = LineChild::spawn(program)?;
        child.write_line(&serde_json::to_string(behaviour)?)?;
        let line = child.wait_for_line(PATIENCE)?;
        match serde_json::from_str(&line) {
            Ok(Event::Listening { port }) => Ok(Self { child, port }),
            _ => bail!("{script} said `{line}` instead of its port"),
        }
    }
}

fn python() -> anyhow::Result<PathBuf> {
    let python = repository_root().join(".tools/venv/bin/python");
    ensure!(python.is_file(), "the Python environment is missing; run `./test --install`");
    Ok(python)
}
