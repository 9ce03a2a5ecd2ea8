//! `fiador migrate`

use std::{
    io::{Write as _, stdout},
    path::Path,
};

use fiador_store::Store;

use crate::{config, gateway};

/// Brings the schema up to date; running nodes of the previous version go on.
pub async fn run(path: &Path) -> anyhow::Result<()> {
    let config = config::load(path)?;
    Store::migrate(&gateway::store_settings(&config.database)?).await?;
    writeln!(stdout(), "the schema is up to date")?;
    Ok(())
}
