//! `fiador keys`

use std::{
    io::{Write as _, stdout},
    path::Path,
    sync::Arc,
};

use fiador_kernel::{Clock as _, SystemClock};
use fiador_keys::RootKey;
use fiador_ports::KeyStore as _;
use fiador_store::{OpenError, Store};

use super::admin_client::AdminClient;
use crate::{
    admin::{KeyBody, RotateBody, rotate_keys},
    cli::KeysCommand,
    config::{self, Config},
    gateway::{self, FirstKeys},
    preflight,
};

/// Makes a root key, lists keys, or rotates them.
pub async fn run(command: KeysCommand) -> anyhow::Result<()> {
    match command {
        KeysCommand::NewRoot { file } => {
            RootKey::create_file(&file)?;
            writeln!(stdout(), "{}: a new root key; keep a copy in a safe place", file.display())?;
        }
        KeysCommand::List(argument) => {
            for key in list(&argument.config).await? {
                writeln!(stdout(), "{:<10} {:<18} {}", key.state, key.purpose, key.id)?;
            }
        }
        KeysCommand::Rotate { config, retire_all } => {
            for id in rotate(&config.config, retire_all).await? {
                writeln!(stdout(), "new key {id}")?;
            }
        }
    }
    Ok(())
}

/// Reads the rows alone: nothing is migrated, made or opened with the root key.
async fn list(path: &Path) -> anyhow::Result<Vec<KeyBody>> {
    let config = config::load(path)?;
    let mut settings = gateway::store_settings(&config.database)?;
    settings.auto_migrate = false;
    gateway::refuse_missing(&settings)?;
    let clock = Arc::new(SystemClock);
    match Store::open(settings, clock.clone()).await {
        Ok(store) => {
            let rows = store.list().await;
            store.close().await;
            let described = fiador_keys::describe(&rows?, clock.now());
            Ok(described.into_iter().map(KeyBody::from).collect())
        }
        Err(OpenError::InUse { .. }) => Ok(serde_json::from_slice(
            &AdminClient::of(&config)?.ask("GET", "/admin/v1/keys", None).await?,
        )?),
        Err(error) => Err(error.into()),
    }
}

async fn rotate(path: &Path, retire_all: bool) -> anyhow::Result<Vec<String>> {
    let config = config::load(path)?;
    if let Some((store, ring)) = open(&config).await? {
        let ids = rotate_keys(&ring, (&*store, SystemClock.now()), retire_all).await;
        store.close().await;
        return Ok(ids?);
    }
    let body = serde_json::to_vec(&RotateBody { retire_all })?;
    let answer = AdminClient::of(&config)?.ask("POST", "/admin/v1/keys/rotate", Some(body)).await?;
    Ok(serde_json::from_slice(&answer)?)
}

/// The key ring by way of the database; `None` when a running gateway holds the file, so that its
/// admin listener must be asked.
async fn open(config: &Config) -> anyhow::Result<Option<(Arc<Store>, Arc<fiador_keys::KeyRing>)>> {
    let issuer = preflight::issuer(config)?;
    let settings = gateway::store_settings(&config.database)?;
    let clock = Arc::new(SystemClock);
    let store = match Store::open(settings, clock.clone()).await {
        Ok(store) => store,
        Err(OpenError::InUse { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let root = gateway::root_key(&config.keys)?;
    let ring = gateway::open_ring(&store, clock, root, &issuer, &config.keys, FirstKeys::default())
        .await?;
    Ok(Some((store, ring)))
}
