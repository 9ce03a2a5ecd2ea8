//! What a run of the bench may be told.

use clap::Args;

/// Options of `cargo xtask bench`.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Options {
    /// Complete logins measured for each kind of client.
    #[arg(long, default_value_t = 2_000)]
    pub(crate) logins: u64,
    /// Rounds that the measurements alternate in.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub(crate) rounds: u64,
    /// Users at the same time, each with two connections.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=256))]
    pub(crate) users: u64,
    /// Subscriptions that the users share; a multiple of the users.
    #[arg(long, default_value_t = 256)]
    pub(crate) subscribers: u64,
    /// Write docs/performance.md.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    pub(crate) write: bool,
}

impl Options {
    /// The command line that gives these options again.
    pub(super) fn to_arguments(self) -> Vec<String> {
        let Self { logins, rounds, users, subscribers, write } = self;
        vec![
            format!("--logins={logins}"),
            format!("--rounds={rounds}"),
            format!("--users={users}"),
            format!("--subscribers={subscribers}"),
            format!("--write={write}"),
        ]
    }
}
