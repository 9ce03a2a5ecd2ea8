//! The rules of the house that no compiler checks.
//!
//! Each rule is one file with a function that returns findings as sentences. A finding names the
//! file and says what to do, because whoever reads it is in the middle of something else.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use cargo_metadata::MetadataCommand;

mod arrows;
mod house;
mod paths;
mod sizes;
mod words;

/// Runs every rule, prints the sizes and all findings, and fails when there is a finding.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let architecture = root.join("ARCHITECTURE.md");
    let document = std::fs::read_to_string(&architecture)
        .with_context(|| format!("cannot read {}", architecture.display()))?;
    let files = files(root)?;

    let mut findings = Vec::new();
    let metadata = MetadataCommand::new().current_dir(root).no_deps().exec()?;
    findings.extend(arrows::check(&house::read(&document)?, &arrows::drawn(&metadata)));
    findings.extend(paths::check(&document, &files));
    let sizes = sizes::measure(root, &files)?;
    say(&sizes.to_string());
    findings.extend(sizes.check());
    findings.extend(words::check(root, &files)?);

    for finding in &findings {
        say(finding);
    }
    ensure!(findings.is_empty(), "{} findings", findings.len());
    Ok(())
}

/// All files that git tracks or would track, relative to the root.
fn files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output()
        .context("cannot start git")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    let present = names.split_terminator('\0').map(PathBuf::from);
    // A file that was deleted but not yet committed as such is still listed.
    Ok(present.filter(|file| root.join(file).is_file()).collect())
}

#[expect(clippy::print_stdout, reason = "the output of a chore is for the terminal")]
fn say(line: &str) {
    println!("{line}");
}
