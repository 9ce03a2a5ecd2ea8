//! `fiador clock`

use std::io::{Write as _, stdout};

use fiador_kernel::{Clock as _, SystemClock};
use fiador_store::Store;

use crate::{cli::ClockCommand, config, gateway};

/// Makes the database forget a time that some wrong clock had shown it.
pub async fn run(command: ClockCommand) -> anyhow::Result<()> {
    let ClockCommand::Reset(argument) = command;
    let config = config::load(&argument.config)?;
    let settings = gateway::store_settings(&config.database)?;
    gateway::refuse_missing(&settings)?;
    Store::reset_clock(&settings, &SystemClock).await?;
    let now = SystemClock.now().as_seconds();
    writeln!(stdout(), "the highest time seen is now that of this machine: {now} s since 1970")?;
    Ok(())
}
