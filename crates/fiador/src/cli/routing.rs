//! `fiador routing …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ConfigArgument;

/// `fiador routing …`
#[derive(Debug, Subcommand)]
pub enum RoutingCommand {
    /// Say whether a policy could be put in force.
    Check {
        /// The policy, TOML or JSON.
        file: PathBuf,
        /// Let the running gateway of this configuration check the names of authenticators and
        /// clients too.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Put a policy in force at the running gateway.
    Put {
        /// The policy, TOML or JSON.
        file: PathBuf,
        /// Where the configuration is.
        #[command(flatten)]
        config: ConfigArgument,
    },
    /// Put the built-in policy in force again.
    Reset {
        /// Where the configuration is.
        #[command(flatten)]
        config: ConfigArgument,
    },
    /// Tell why authenticators were chosen for a journey, or would be for a request.
    Explain(Box<ExplainArguments>),
    /// Tell what a policy would have done to the last journeys.
    DryRun {
        /// The policy, TOML or JSON.
        file: PathBuf,
        /// How many journeys to look at, the newest ones.
        #[arg(long, default_value_t = 100)]
        last: usize,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Where the configuration is.
        #[command(flatten)]
        config: ConfigArgument,
    },
}

/// `fiador routing explain …`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub struct ExplainArguments {
    /// A journey, as logs name it.
    #[arg(long, group = "what")]
    pub journey: Option<String>,
    /// A request in a JSON file, in the words of policies.
    #[arg(long, group = "what")]
    pub request: Option<PathBuf>,
    /// A request of this client.
    #[arg(long, group = "what")]
    pub client: Option<String>,
    /// What else is known of the request of `--client`.
    #[command(flatten)]
    pub hypothesis: HypothesisArguments,
    /// A policy in place of the one in force.
    #[arg(long)]
    pub policy: Option<PathBuf>,
    /// Authenticators in a JSON file, as decisions list them. Then no gateway is asked, and without
    /// `--policy` the built-in policy decides.
    #[arg(long, conflicts_with = "journey")]
    pub authenticators: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigArgument,
}

/// A hypothetical request.
#[derive(Debug, Args)]
#[group(conflicts_with_all = ["journey", "request"])]
pub struct HypothesisArguments {
    /// Scopes.
    #[arg(long, default_value = "openid")]
    pub scope: String,
    /// Levels in order of preference: `3 2`.
    #[arg(long, default_value = "")]
    pub acr_values: String,
    /// No browser waits for the answer.
    #[arg(long)]
    pub without_browser: bool,
    /// The browser runs on the handset.
    #[arg(long)]
    pub on_handset: bool,
    /// Country of the browser's network.
    #[arg(long)]
    pub country: Option<String>,
    /// Authenticators that the subscription lists, separated by commas; by default all.
    #[arg(long, value_delimiter = ',')]
    pub enrolled: Option<Vec<String>>,
    /// What SIM and handset have: sim_applet, sim_signature, handset_browser, handset_app.
    #[arg(long, value_delimiter = ',')]
    pub can: Vec<String>,
    /// The SIM was changed so many hours ago.
    #[arg(long)]
    pub sim_changed_hours_ago: Option<u32>,
    /// The source of signs of risk does not answer.
    #[arg(long)]
    pub risk_unavailable: bool,
}
