//! The command line.

mod routing;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};

pub use routing::{ExplainArguments, HypothesisArguments, RoutingCommand};

/// Fiador: an identity gateway for mobile operators.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the gateway with a configuration file.
    Serve(ConfigArgument),
    /// Run the gateway with simulated phones: no configuration, no SIM, no account.
    Sandbox(SandboxArguments),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Bring the database schema up to date.
    Migrate(ConfigArgument),
    /// Look at the keys and rotate them.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Mend what a wrong clock has left behind.
    #[command(subcommand)]
    Clock(ClockCommand),
    /// Look at authenticators that are not ours.
    #[command(subcommand)]
    Adaptor(AdaptorCommand),
    /// Check routing policies, try them, put them in force, and explain what they decided.
    #[command(subcommand)]
    Routing(RoutingCommand),
    /// Make a client secret and its SHA-256 for the configuration.
    ClientSecret,
}

/// Where the configuration is.
#[derive(Clone, Debug, Args)]
pub struct ConfigArgument {
    /// The TOML file.
    #[arg(long, default_value = "fiador.toml", env = "FIADOR_CONFIG")]
    pub config: PathBuf,
}

/// `fiador config …`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Say whether the gateway would start with this configuration.
    Check(ConfigArgument),
    /// Print the JSON Schema of the configuration file.
    Schema,
}

/// `fiador keys …`
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a root key in a new file that only its owner can read.
    NewRoot {
        /// The file; it must not exist.
        file: PathBuf,
    },
    /// List all keys with their states.
    List(ConfigArgument),
    /// Replace signing and sealing keys.
    Rotate {
        /// Where the configuration is.
        #[command(flatten)]
        config: ConfigArgument,
        /// Make every code and token issued so far worthless at once: the step after restoring a
        /// backup.
        #[arg(long)]
        retire_all: bool,
    },
}

/// `fiador adaptor …`
#[derive(Debug, Subcommand)]
pub enum AdaptorCommand {
    /// Say whether a foreign authenticator keeps the contract.
    Check(AdaptorCheckArguments),
}

/// `fiador adaptor check …`
#[derive(Clone, Debug, Args)]
pub struct AdaptorCheckArguments {
    /// The authenticator's issuer: its address as its metadata gives it.
    pub url: String,
    /// Where the checker serves its keys and takes results.
    #[arg(long, default_value = "127.0.0.1:9400")]
    pub listen: SocketAddr,
    /// The address under which the authenticator reaches that; by default `http://` and `--listen`.
    #[arg(long)]
    pub issuer: Option<String>,
    /// Print an object per check.
    #[arg(long)]
    pub json: bool,
}

/// `fiador clock …`
#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// Make the database forget that it saw a later time than now. Stop every node before.
    Reset(ConfigArgument),
}

/// `fiador sandbox …`
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent flag")]
pub struct SandboxArguments {
    /// Print one JSON line when everything is ready (the machine contract), then serve.
    #[arg(long)]
    pub json: bool,
    /// Address and port of the gateway; by default 127.0.0.1:8480, with --json a free port.
    #[arg(long)]
    pub listen: Option<SocketAddr>,
    /// Allow `--listen` on another address than loopback, as a container needs.
    #[arg(long)]
    pub allow_network: bool,
    /// Make ids, secrets and one-time codes the same in every run.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Keep the state in this directory; by default a temporary one, removed at exit.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Use this PostgreSQL database instead of a file.
    #[arg(long)]
    pub database_url: Option<String>,
    /// Serve https with a throw-away certificate authority.
    #[arg(long)]
    pub tls: bool,
    /// Enforce the strict send budgets of production (T-122).
    #[arg(long)]
    pub strict_send_budgets: bool,
}
