//! `fiador`: the gateway's one binary. It reads the command line and the configuration, wires the
//! crates together, and drains at the end; rules and protocols live elsewhere.

#![expect(unreachable_pub, reason = "in a binary `pub` says that a sibling module uses it")]

mod admin;
mod applications;
mod cli;
mod commands;
mod complaint;
mod config;
mod directory;
mod gateway;
mod health;
mod logging;
mod open_files;
mod operators;
mod preflight;
mod registration;
mod sandbox;
mod shutdown;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = commands::run(cli::Cli::parse());
    logging::flush();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the last word of a command line program")]
            {
                eprintln!("fiador: {}", complaint::complaint(&error));
            }
            ExitCode::FAILURE
        }
    }
}
