//! One file per command.

mod adaptor;
mod admin_client;
mod client_secret;
mod clock;
mod config;
mod keys;
mod migrate;
mod routing;
mod sandbox;
mod serve;

use crate::cli::{Cli, Command};

/// Runs the command given.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(argument) => runtime()?.block_on(serve::run(&argument.config)),
        Command::Sandbox(arguments) => runtime()?.block_on(sandbox::run(arguments)),
        Command::Config(command) => config::run(&command),
        Command::Migrate(argument) => runtime()?.block_on(migrate::run(&argument.config)),
        Command::Keys(command) => runtime()?.block_on(keys::run(command)),
        Command::Clock(command) => runtime()?.block_on(clock::run(command)),
        Command::Adaptor(command) => runtime()?.block_on(adaptor::run(command)),
        Command::Routing(command) => runtime()?.block_on(routing::run(command)),
        Command::ClientSecret => client_secret::run(),
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
