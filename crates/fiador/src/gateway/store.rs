//! From `[database]` to the store.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, bail, ensure};
use fiador_store::{Engine, StoreSettings};

use crate::config::{DatabaseSection, read_secret_file};

/// Which engine the URL names.
pub fn engine(section: &DatabaseSection) -> anyhow::Result<Engine> {
    let given = section.url.expose();
    if let Some(path) = given.strip_prefix("sqlite:") {
        return Ok(Engine::Sqlite { path: PathBuf::from(path.trim_start_matches("//")) });
    }
    if !given.starts_with("postgres://") && !given.starts_with("postgresql://") {
        bail!("database.url must begin with sqlite: or postgres://");
    }
    let parsed = url::Url::parse(given).context("database.url")?;
    let named = parsed.query_pairs().any(|(name, _)| name == "host" || name == "hostaddr");
    if !named && parsed.host_str().is_none_or(str::is_empty) {
        bail!(
            "database.url names no host; write postgres://user@host/name or …?host=/run/postgresql"
        );
    }
    ensure!(section.max_connections > 0, "database.max_connections must be 1 or more");
    let url = match &section.password_file {
        None => given.to_owned(),
        Some(file) => with_password(parsed, read_secret_file(file)?.expose())?,
    };
    Ok(Engine::Postgres { url, max_connections: section.max_connections })
}

fn with_password(mut url: url::Url, password: &str) -> anyhow::Result<String> {
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

/// For commands that look at a database or mend it, and must not make an empty one.
pub fn refuse_missing(settings: &StoreSettings) -> anyhow::Result<()> {
    if let Engine::Sqlite { path } = &settings.engine {
        ensure!(path.exists(), "there is no database at {}", path.display());
    }
    Ok(())
}
