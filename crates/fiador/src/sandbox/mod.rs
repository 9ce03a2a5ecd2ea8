//! The sandbox's wiring: the real gateway inside, simulated phones outside.

mod codes;
mod configuration;
mod contract;
mod doors;
mod inside;
mod number_keys;
mod outside;
mod signing_keys;
mod state;
mod subscribers;
mod throwaway_tls;

use std::{
    io::{Write as _, stdout},
    net::SocketAddr,
    sync::Arc,
};

use anyhow::ensure;
use fiador_kernel::{Clock, OsEntropy, SystemClock};
use fiador_sandbox::Seed;
use tokio_util::sync::CancellationToken;

use crate::{
    cli::SandboxArguments,
    config::{LogFormat, LogSection},
    logging, shutdown,
};
use configuration::Addresses;
use contract::Contract;
use doors::Doors;
use inside::Inside;
use outside::Outside;
pub use signing_keys::ids as signing_key_ids;
use state::State;
use throwaway_tls::ThrowAwayTls;

/// The gateway's port when nobody asks for another one.
const PORT: u16 = 8480;

/// Runs until SIGTERM or SIGINT.
pub async fn run(arguments: SandboxArguments) -> anyhow::Result<()> {
    logging::start(&LogSection { filter: "warn".to_owned(), format: LogFormat::Text })?;
    refuse_network(&arguments)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let seed = arguments.seed.map_or_else(|| Seed::random(&OsEntropy), Seed::new);
    let stop = CancellationToken::new();

    let doors = Doors::bind(first_address(&arguments)).await?;
    let tls = arguments.tls.then(ThrowAwayTls::new).transpose()?;
    let addresses = Addresses::new(&doors, tls.is_some())?;
    let state = State::new(&arguments)?;

    let outside = Outside::start(seed, &addresses, tls.as_ref(), clock.clone()).await?;
    let inside =
        Inside::start(&arguments, &state, seed, &addresses, &outside, clock, &stop).await?;
    let page = outside.routes(&addresses, tls.as_ref(), seed, inside.decisions.clone())?;

    shutdown::on_signal(stop.clone())?;
    let contract = Contract::new(
        &addresses,
        &inside.admin_token,
        &outside.applications,
        tls.as_ref(),
        state.directory(),
    )?;
    announce(&arguments, &contract)?;
    doors.serve(&inside, page, tls.as_ref(), &stop).await;
    inside.ended().await;
    Ok(())
}

/// Everything about a sandbox is known: its keys, its codes, its admin token. It is no place for
/// others.
fn refuse_network(arguments: &SandboxArguments) -> anyhow::Result<()> {
    let address = first_address(arguments);
    ensure!(
        address.ip().is_loopback() || arguments.allow_network,
        "anybody who reaches {address} could log in as anybody; listen on 127.0.0.1, or add \
         --allow-network if nobody else reaches it"
    );
    Ok(())
}

fn first_address(arguments: &SandboxArguments) -> SocketAddr {
    arguments.listen.unwrap_or_else(|| {
        SocketAddr::from(([127, 0, 0, 1], if arguments.json { 0 } else { PORT }))
    })
}

fn announce(arguments: &SandboxArguments, contract: &Contract) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string(contract)?)?;
    } else {
        write!(out, "{contract}")?;
    }
    out.flush()?;
    Ok(())
}
