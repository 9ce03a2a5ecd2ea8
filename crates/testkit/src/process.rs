//! The gateway's own binary as a child process: started, killed, started again.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;

use crate::child::LineChild;

/// How long a start or an orderly end may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running `fiador`, killed when dropped.
#[derive(Debug)]
pub struct Gateway {
    binary: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    child: LineChild,
    announcement: Value,
}

impl Gateway {
    /// Starts `binary` (`env!("CARGO_BIN_EXE_fiador")` in a test of that crate) and waits for the
    /// JSON line that it prints when it serves, as `fiador sandbox --json` does.
    pub fn start(binary: impl AsRef<Path>, arguments: &[&str]) -> anyhow::Result<Self> {
        Self::start_with(binary, arguments, &[])
    }

    /// The same with variables added to the environment, for secrets and `RUST_LOG`.
    pub fn start_with(
        binary: impl AsRef<Path>,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let binary = binary.as_ref().to_path_buf();
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let environment: Vec<(String, String)> = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let (child, announcement) = launch(&binary, &arguments, &environment)?;
        Ok(Self { binary, arguments, environment, child, announcement })
    }

    /// What the JSON line said.
    pub fn announcement(&self) -> &Value {
        &self.announcement
    }

    /// A text of the announcement by JSON pointer, such as `/issuer` or `/apps/0/client_id`.
    pub fn text(&self, pointer: &str) -> anyhow::Result<&str> {
        self.announcement
            .pointer(pointer)
            .and_then(Value::as_str)
            .with_context(|| format!("the announcement has no text at {pointer}"))
    }

    /// The process number, for reading its memory and CPU time.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything it logged on standard error since the last start (at most 20,000 lines).
    pub fn log(&self) -> String {
        self.child.complaints()
    }

    /// `kill -9`: no drain, no goodbye.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        Ok(())
    }

    /// SIGTERM, then waits for the graceful drain to end, at most a minute.
    pub fn terminate(&mut self) -> anyhow::Result<ExitStatus> {
        self.child.terminate(PATIENCE)
    }

    /// Starts it again with the same arguments, after [`Gateway::kill`] or [`Gateway::terminate`].
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        let (child, announcement) = launch(&self.binary, &self.arguments, &self.environment)?;
        self.child = child;
        self.announcement = announcement;
        Ok(())
    }
}

fn launch(
    binary: &Path,
    arguments: &[String],
    environment: &[(String, String)],
) -> anyhow::Result<(LineChild, Value)> {
    let mut command = Command::new(binary);
    command.args(arguments).envs(environment.iter().map(|(name, value)| (name, value)));
    let mut child = LineChild::spawn(command)?;
    let line = child.wait_for_line(PATIENCE)?;
    let announcement = serde_json::from_str(&line)
        .with_context(|| format!("the first line is not JSON: {line}"))?;
    Ok((child, announcement))
}
