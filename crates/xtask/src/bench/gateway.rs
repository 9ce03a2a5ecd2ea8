//! The gateway under measurement: `fiador serve` in a process of its own.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use http::StatusCode;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::http::{Call, Connection};
use super::operator::{ADMIN_TOKEN, Operator};
use super::process::{Memory, cpu_of, memory_of};
use super::subscribers::Subscribers;

/// A running gateway; it ends with this value.
pub(super) struct Gateway {
    process: Child,
    /// The public listener.
    pub(super) public: SocketAddr,
    admin: SocketAddr,
    /// From the start of the process to the line that says it is ready.
    pub(super) ready_after: Duration,
}

impl Gateway {
    /// Starts it and waits until it is ready. Its log goes to a file, as under a supervisor.
    #[expect(clippy::disallowed_methods, reason = "the time until it is ready is measured")]
    pub(super) fn start(root: &Path, operator: &Operator) -> anyhow::Result<Self> {
        let log = File::options().create(true).append(true).open(operator.log())?;
        let mut command = Command::new(root.join("target/dist/fiador"));
        command.arg("serve").arg("--config").arg(operator.configuration());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let begin = Instant::now();
        let mut process = command.spawn().context("the gateway does not start")?;
        let output = process.stdout.take().context("the gateway has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let ready_after = begin.elapsed();
        let doors: Value = serde_json::from_str(&line).with_context(|| {
            format!("the gateway is not ready, see {}", operator.log().display())
        })?;
        let (public, admin) = (door(&doors, "public")?, door(&doors, "admin")?);
        Ok(Self { process, public, admin, ready_after })
    }

    /// Its processor time so far.
    pub(super) fn cpu(&self) -> anyhow::Result<Duration> {
        cpu_of(self.process.id())
    }

    /// Its memory now.
    pub(super) fn memory(&self) -> anyhow::Result<Memory> {
        memory_of(self.process.id())
    }

    /// Adds every subscription through the admin listener.
    pub(super) async fn provision(&self, subscribers: &Subscribers) -> anyhow::Result<()> {
        let mut admin = Connection::open(self.admin).await?;
        let token = format!("Bearer {ADMIN_TOKEN}");
        for (index, phone) in subscribers.all().iter().enumerate() {
            let subscriber = json!({
                "msisdn": format!("+{}", phone.number),
                "status": "active",
                "authenticators": ["sms_otp"],
                "attributes": {"given_name": "Ana", "email": "ana@example.org"},
            });
            let call = Call::put(format!("/admin/v1/subscribers/bench-{index}"), &subscriber);
            let answer = admin.send(call.header(AUTHORIZATION, &token)).await?;
            ensure!(answer.status == StatusCode::NO_CONTENT, "not added: {}", answer.seen());
        }
        Ok(())
    }

    /// Asks it to end, as a supervisor does, and waits until it has.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        let process = self.process.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &process]).status()?;
        ensure!(asked.success(), "the gateway cannot be asked to end");
        let ended = self.process.wait()?;
        ensure!(ended.success(), "the gateway ended with {ended}");
        Ok(())
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // After `stop` it is gone already; after an error nothing of it is wanted any more.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn door(doors: &Value, name: &str) -> anyhow::Result<SocketAddr> {
    let address = doors.get(name).and_then(Value::as_str);
    Ok(address.with_context(|| format!("the gateway names no {name} listener"))?.parse()?)
}
