//! `cargo xtask soak`: the large sets of cases, all of them.
//!
//! The tests are those of `./test`; a variable of the environment tells them to leave nothing out
//! (`fiador_testkit::share`). Optimised, because some sets are large.

use std::{path::Path, process::Command};

use anyhow::{Context as _, ensure};
use clap::Args;

/// Part of the name of every test over a large set.
const TESTS: &str = "large_set";

/// Read by `fiador_testkit::share`.
const FULL: &str = "FIADOR_SOAK";

/// What to soak.
#[derive(Args, Clone)]
pub(crate) struct Options {
    /// Only tests whose names contain this.
    #[arg(default_value = TESTS)]
    filter: String,
}

/// Runs them; fails if one does.
pub(crate) fn run(root: &Path, options: &Options) -> anyhow::Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["test", "--release", "--workspace", "--no-fail-fast", "--", "--nocapture"])
        .arg(&options.filter)
        .env(FULL, "1")
        .current_dir(root)
        .status()
        .context("cargo cannot be started")?;
    ensure!(status.success(), "the soak found a failure; see above");
    Ok(())
}
