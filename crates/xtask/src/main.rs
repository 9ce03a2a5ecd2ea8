//! Chores of this repository that are ordinary programs: `cargo xtask <chore>`.
//!
//! One file or folder per chore; each has a `run` that is given the root of the checkout.

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod soak;
mod tidy;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of the Fiador repository")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Clone, Subcommand)]
enum Chore {
    /// Check what the compiler cannot: crate arrows, paths in documents, file sizes, words.
    Tidy,
    /// Measure what is shipped against raw signing and a bare HTTP server; rewrites
    /// docs/performance.md.
    Bench(bench::Options),
    /// Run the tests over large sets of cases in full; `./test` runs a twentieth of each.
    Soak(soak::Options),
    /// What `bench` starts, in an optimised build.
    #[command(hide = true)]
    BenchMeasure(bench::Options),
    /// The bare HTTP server that `bench` measures against.
    #[command(hide = true)]
    BenchBareServer,
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> anyhow::Result<()> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).canonicalize()?;
    match chore {
        Chore::Tidy => tidy::run(&root),
        Chore::Soak(options) => soak::run(&root, &options),
        Chore::Bench(options) => bench::run(&root, options),
        Chore::BenchMeasure(options) => bench::measure(&root, options),
        Chore::BenchBareServer => bench::serve_bare(),
    }
}

#[expect(clippy::print_stderr, reason = "the output of a chore is for the terminal")]
fn complain(line: &str) {
    eprintln!("{line}");
}
