//! From `[keys]` to the key ring.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use fiador_jose::SigningKey;
use fiador_kernel::{Clock, Issuer};
use fiador_keys::{FirstNumberKeys, KeyPolicy, KeyRing, KeyRingSettings, RootKey};
use fiador_store::Store;

use crate::config::KeysSection;

/// The root key, from its file or from the environment.
pub fn root_key(section: &KeysSection) -> anyhow::Result<RootKey> {
    match (&section.root_key_file, &section.root_key) {
        (Some(file), None) => RootKey::from_file(file).context("keys.root_key_file"),
        (None, Some(text)) => RootKey::from_base64(text.expose()).context("keys.root_key"),
        (Some(_), Some(_)) => bail!("set keys.root_key_file or keys.root_key, not both"),
        (None, None) => {
            bail!("no root key: set keys.root_key_file (`fiador keys new-root FILE` makes one)")
        }
    }
}

/// Keys that a database without any begins with: none in production, where they are made.
#[derive(Default)]
pub struct FirstKeys {
    /// For signatures.
    pub signing: Vec<SigningKey>,
    /// For encrypted numbers.
    pub numbers: Option<FirstNumberKeys>,
}

/// Opens the key ring.
pub async fn open_ring(
    store: &Arc<Store>,
    clock: Arc<dyn Clock>,
    root: RootKey,
    issuer: &Issuer,
    section: &KeysSection,
    first: FirstKeys,
) -> anyhow::Result<Arc<KeyRing>> {
    let rotation = Duration::from_hours(24 * u64::from(section.rotation_days.max(1)));
    let policy = KeyPolicy {
        publish_before_use: Duration::from_hours(u64::from(section.publish_hours)),
        rotate_signing_keys_after: rotation,
        rotate_sealing_keys_after: rotation.min(KeyPolicy::default().rotate_sealing_keys_after),
        ..KeyPolicy::default()
    };
    let settings = KeyRingSettings {
        store: store.clone(),
        clock,
        root,
        issuer: issuer.to_string(),
        policy,
        first_signing_keys: first.signing,
        first_number_keys: first.numbers,
    };
    Ok(Arc::new(KeyRing::open(settings).await?))
}
