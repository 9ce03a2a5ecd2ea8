//! `fiador sandbox`

use crate::{cli::SandboxArguments, sandbox};

/// Runs the sandbox until SIGTERM or SIGINT.
pub async fn run(arguments: SandboxArguments) -> anyhow::Result<()> {
    sandbox::run(arguments).await
}
