//! Finding the programs that tests start.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// The root of the checkout, for tests that read committed files or start scripts.
///
/// Absolute, without a trailing slash.
pub fn repository_root() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"));
    crates.ancestors().nth(2).unwrap_or(crates).to_path_buf()
}

/// The first executable called `name` in `PATH`, or else in one of `folders`.
pub(crate) fn find(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(folders.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// Runs a command to its end and gives its standard output without surrounding white space.
///
/// A failure carries the program's own words from standard error.
pub(crate) fn run(command: &mut std::process::Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} failed ({}): {}", output.status, complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
