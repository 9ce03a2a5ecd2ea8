//! What the gateway costs, as ratios taken in one run: against raw signing, which no server of
//! signed tokens can undercut, and against a bare HTTP server, which no HTTP server can.
//!
//! Only the processor time of the server process is counted, so the cost of the users does not
//! matter and other work on the machine matters little. Every part is measured in several rounds
//! that alternate: whatever slows the machine for a while slows all parts alike.

mod bare;
mod conditions;
mod discovery;
mod document;
mod figures;
mod gateway;
mod http;
mod introspection;
mod load;
mod login;
mod message_centre;
mod operator;
mod options;
mod process;
mod rounds;
mod routing;
mod service_provider;
mod signing;
mod startup;
mod subscribers;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

pub(crate) use bare::serve as serve_bare;
pub(crate) use options::Options;

/// Builds gateway and bench as they are shipped, then measures.
pub(crate) fn run(root: &Path, options: Options) -> anyhow::Result<()> {
    // Apart, so that the bench cannot change which features the gateway's dependencies have.
    for package in ["fiador", "fiador-xtask"] {
        let build = ["build", "--quiet", "--profile", "dist", "--package", package];
        let status = Command::new("cargo").args(build).current_dir(root).status();
        ensure!(status.context("cannot start cargo")?.success(), "{package} does not build");
    }
    let bench = root.join("target/dist/fiador-xtask");
    let mut command = Command::new(&bench);
    let status = command.arg("bench-measure").args(options.to_arguments()).status();
    ensure!(status.with_context(|| bench.display().to_string())?.success(), "not measured");
    Ok(())
}

/// Measures, shows a table, and writes it to docs/performance.md.
pub(crate) fn measure(root: &Path, options: Options) -> anyhow::Result<()> {
    let conditions = conditions::observe(root, &options)?;
    // One thread: the users leave the other processors to the server.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let figures = runtime.block_on(rounds::run(root, options))?;
    let mut text = document::render(&figures, &conditions);
    text.push_str(&routing::measure(options)?);
    text.push_str(&runtime.block_on(discovery::measure(root, options))?);
    say(&text);
    if options.write {
        document::put(&root.join("docs/performance.md"), &text)?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the output of a chore is for the terminal")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "progress of a chore is for the terminal")]
fn progress(line: &str) {
    eprintln!("{line}");
}
