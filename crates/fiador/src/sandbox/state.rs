//! Where a sandbox keeps its state.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fiador_keys::RootKey;
use fiador_store::{Engine, StoreSettings};
use tempfile::TempDir;

use crate::cli::SandboxArguments;

/// A directory, given or temporary, and perhaps a PostgreSQL database instead of the file in it.
pub struct State {
    directory: PathBuf,
    database_url: Option<String>,
    /// Removed when dropped.
    _temporary: Option<TempDir>,
}

impl State {
    /// Makes the directory.
    pub fn new(arguments: &SandboxArguments) -> anyhow::Result<Self> {
        let temporary = match &arguments.data {
            Some(_) => None,
            None => Some(tempfile::Builder::new().prefix("fiador-sandbox-").tempdir()?),
        };
        let directory = match (&arguments.data, &temporary) {
            (Some(directory), _) => directory.clone(),
            (None, Some(temporary)) => temporary.path().to_owned(),
            (None, None) => PathBuf::from("."),
        };
        fs::create_dir_all(&directory)?;
        Ok(Self { directory, database_url: arguments.database_url.clone(), _temporary: temporary })
    }

    /// Where files of this run may be put.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Settings of the store.
    pub fn store_settings(&self) -> StoreSettings {
        StoreSettings::new(match &self.database_url {
            Some(url) => Engine::Postgres { url: url.clone(), max_connections: 8 },
            None => Engine::Sqlite { path: self.directory.join("fiador.db") },
        })
    }

    /// The root key: made at the first start, kept beside the state.
    pub fn root_key(&self) -> anyhow::Result<RootKey> {
        let file = self.directory.join("root.key");
        Ok(if file.exists() { RootKey::from_file(&file)? } else { RootKey::create_file(&file)? })
    }
}
