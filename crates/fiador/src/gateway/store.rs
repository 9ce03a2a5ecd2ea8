//! From `[database]` to the store.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, bail};
use fiador_store::{Engine, StoreSettings};

use crate::config::{DatabaseSection, read_secret_file};

/// Which engine the URL names.
pub fn engine(section: &DatabaseSection) -> anyhow::Result<Engine> {
    if let Some(path) = section.url.strip_prefix("sqlite:") {
        return Ok(Engine::Sqlite { path: PathBuf::from(path.trim_start_matches("//")) });
    }
    if !section.url.starts_with("postgres://") && !section.url.starts_with("postgresql://") {
        bail!("database.url must begin with sqlite: or postgres://");
    }
    let url = match &section.password_file {
        None => section.url.clone(),
        Some(file) => with_password(&section.url, read_secret_file(file)?.expose())?,
    };
    Ok(Engine::Postgres { url, max_connections: section.max_connections })
}

fn with_password(url: &str, password: &str) -> anyhow::Result<String> {
    let mut url = url::Url::parse(url).context("database.url")?;
    if url.set_password(Some(password)).is_err() {
        bail!("database.url cannot carry a password; write it as postgres://user@host/name");
    }
    Ok(url.into())
}

/// Settings of the store.
pub fn store_settings(section: &DatabaseSection) -> anyhow::Result<StoreSettings> {
    let mut settings = StoreSettings::new(engine(section)?);
    settings.auto_migrate = section.migrate_at_start;
    settings.audit_retention =
        Some(Duration::from_hours(24 * u64::from(section.audit_retention_days)));
    Ok(settings)
}
