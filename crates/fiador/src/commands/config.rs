//! `fiador config`

use std::io::{Write as _, stdout};

use crate::{
    cli::ConfigCommand,
    config::{self, schema_text},
    preflight,
};

/// Checks the configuration, or prints its schema.
pub fn run(command: &ConfigCommand) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Schema => write!(stdout(), "{}", schema_text())?,
        ConfigCommand::Check(argument) => {
            let config = config::load(&argument.config)?;
            preflight::prepare(&config)?;
            writeln!(
                stdout(),
                "{}: good; {} clients, {} message centres, {} message gateways",
                argument.config.display(),
                config.clients.len(),
                config.smpp.message_centres.len(),
                config.messages.gateways.len()
            )?;
        }
    }
    Ok(())
}
