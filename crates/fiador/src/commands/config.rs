//! `fiador config`

use std::io::{Write as _, stdout};

use anyhow::bail;

use crate::{
    cli::ConfigCommand,
    config::{self, schema_text},
    directory,
};

/// Checks the configuration, or prints its schema.
pub fn run(command: &ConfigCommand) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Schema => write!(stdout(), "{}", schema_text())?,
        ConfigCommand::Check(argument) => {
            let config = config::load(&argument.config)?;
            directory::client_directory(&config)?;
            directory::numbering_plan(&config)?;
            let refusals = config::refusals(&config);
            if !refusals.is_empty() {
                bail!("the gateway would refuse to start:\n- {}", refusals.join("\n- "));
            }
            writeln!(
                stdout(),
                "{}: good; {} clients, {} message centres",
                argument.config.display(),
                config.clients.len(),
                config.smpp.message_centres.len()
            )?;
        }
    }
    Ok(())
}
