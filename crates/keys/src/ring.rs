use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use fiador_jose::{SigningKey, jwe, pkcs1};
use fiador_kernel::{Clock, Timestamp};
use fiador_ports::{KeyPurpose, KeyStore, StoredKey};
use tokio::sync::{Mutex, Notify};

use crate::key::{LoadedKey, new_key, signing_purpose, signing_row};
use crate::number_key::{number_jwe_row, number_pkcs1_row};
use crate::patience::patiently;
use crate::view::View;
use crate::{KeyPolicy, KeyRingError, RootKey};

/// What a [`KeyRing`] is built from.
pub struct KeyRingSettings {
    /// Where wrapped keys are kept.
    pub store: Arc<dyn KeyStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Opens what the store holds.
    pub root: RootKey,
    /// The gateway's issuer, bound into codes, tokens and journeys: what one gateway sealed, another
    /// one with the same keys does not open.
    pub issuer: String,
    /// When keys are replaced.
    pub policy: KeyPolicy,
    /// Signing keys to begin with, instead of newly made ones, where the database has none: the
    /// labelled test keys of a sandbox. Empty in production.
    pub first_signing_keys: Vec<SigningKey>,
    /// The same for encrypted numbers.
    pub first_number_keys: Option<FirstNumberKeys>,
}

/// Keys for encrypted numbers to begin with, instead of newly made ones.
pub struct FirstNumberKeys {
    /// For JWE.
    pub jwe: jwe::DecryptionKey,
    /// For PKCS#1 v1.5.
    pub pkcs1: pkcs1::DecryptionKey,
}

/// All keys of the gateway, loaded and parsed; see the [crate documentation](crate).
///
/// Implements [`fiador_ports::Sealer`], [`fiador_ports::Signer`] and [`fiador_ports::Vault`].
pub struct KeyRing {
    pub(crate) store: Arc<dyn KeyStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) root: Arc<RootKey>,
    pub(crate) policy: KeyPolicy,
    pub(crate) issuer: String,
    view: ArcSwap<View>,
    /// Told when a value names a key that is not loaded.
    unknown_key: Notify,
    /// One reading at a time: a slow one must not overwrite the result of a later one.
    reading: Mutex<()>,
}

impl KeyRing {
    /// Loads all keys, first making those that the database does not have. When several nodes start
    /// on an empty database at once, they all end with the keys of whoever came first.
    pub async fn open(settings: KeyRingSettings) -> Result<Self, KeyRingError> {
        let KeyRingSettings {
            store,
            clock,
            root,
            issuer,
            policy,
            first_signing_keys,
            first_number_keys,
        } = settings;
        let given = Given { signing: first_signing_keys, numbers: first_number_keys };
        let root = Arc::new(root);
        let mut rows = patiently(|| store.list()).await?;
        let missing: Vec<_> = KeyPurpose::ALL
            .into_iter()
            .filter(|purpose| rows.iter().all(|row| row.purpose != purpose.as_str()))
            .collect();
        if !missing.is_empty() {
            // A wrong root key must be noticed before it wraps anything.
            load_all(rows, &HashMap::new(), &root, &issuer)?;
            let first = first_keys(missing, given, root.clone(), &*clock).await?;
            patiently(|| store.add_missing(first.clone())).await?;
            rows = patiently(|| store.list()).await?;
        }
        let keys = load_all(rows, &HashMap::new(), &root, &issuer)?;
        let view = View::at(keys, clock.now(), &policy)?;
        Ok(Self {
            store,
            clock,
            root,
            policy,
            issuer,
            view: ArcSwap::from_pointee(view),
            unknown_key: Notify::new(),
            reading: Mutex::new(()),
        })
    }

    /// Reads the keys from the database again. Keys that are loaded already are not parsed again;
    /// when the reading fails, the ring stays as it was.
    pub async fn refresh(&self) -> Result<(), KeyRingError> {
        let _one_at_a_time = self.reading.lock().await;
        let rows = self.store.list().await?;
        let view = self.view.load();
        let known = view.keys.iter().map(|key| (key.stored.id.as_str(), key)).collect();
        let keys = load_all(rows, &known, &self.root, &self.issuer)?;
        self.view.store(Arc::new(View::at(keys, self.clock.now(), &self.policy)?));
        Ok(())
    }

    /// Keeps the ring current until it is dropped: reads keys every
    /// [`KeyPolicy::refresh_every`], earlier when an unknown key id was met, and replaces keys that
    /// are due. The binary runs it as a task. Failures are logged and tried again.
    pub async fn keep_current(&self) {
        loop {
            tokio::time::sleep(self.policy.refresh_no_faster_than).await;
            let pause =
                self.policy.refresh_every.saturating_sub(self.policy.refresh_no_faster_than);
            // Either way it is time: the two differ only in why.
            let _ = tokio::time::timeout(pause, self.unknown_key.notified()).await;
            if let Err(error) = self.tend().await {
                tracing::warn!(%error, "keys could not be read or replaced; trying again");
            }
        }
    }

    /// The view for the present moment.
    pub(crate) fn view(&self) -> arc_swap::Guard<Arc<View>> {
        let now = self.clock.now();
        let view = self.view.load();
        if view.covers(now) {
            return view;
        }
        drop(view);
        self.view.rcu(|view| {
            // Without a hash key for this moment the old view is the better answer: the keys of
            // subscribers do not change with the hour.
            match View::at(view.keys.clone(), now, &self.policy) {
                Ok(next) => Arc::new(next),
                Err(_) => view.clone(),
            }
        });
        self.view.load()
    }

    /// Asks [`KeyRing::keep_current`] for an early reading.
    pub(crate) fn met_unknown_key(&self) {
        self.unknown_key.notify_one();
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Parses rows, reusing what is parsed already. Rows of purposes that this version does not know are
/// left to the newer version that wrote them (T-249).
fn load_all(
    rows: Vec<StoredKey>,
    known: &HashMap<&str, &LoadedKey>,
    root: &RootKey,
    issuer: &str,
) -> Result<Vec<LoadedKey>, KeyRingError> {
    let mut keys = Vec::with_capacity(rows.len());
    for stored in rows {
        let purpose = KeyPurpose::ALL.into_iter().find(|known| known.as_str() == stored.purpose);
        let Some(purpose) = purpose else {
            tracing::debug!(purpose = stored.purpose, "skipping a key of an unknown purpose");
            continue;
        };
        keys.push(match known.get(stored.id.as_str()) {
            Some(key) if key.stored.wrapped == stored.wrapped && key.purpose == purpose => {
                LoadedKey { stored, purpose, material: key.material.clone() }
            }
            _ => LoadedKey::load(stored, purpose, root, issuer)?,
        });
    }
    Ok(keys)
}

/// The clocks of nodes that start together may differ by this much.
const CLOCK_LEEWAY: Duration = Duration::from_mins(1);

/// Keys that need not be made.
struct Given {
    signing: Vec<SigningKey>,
    numbers: Option<FirstNumberKeys>,
}

/// The very first keys are active at once: nobody has cached a key set without them. Their time
/// begins a little in the past, so that a node whose clock is behind can use them too. They are made
/// side by side, because the RSA ones take long and a gateway waits for them.
async fn first_keys(
    missing: Vec<KeyPurpose>,
    given: Given,
    root: Arc<RootKey>,
    clock: &dyn Clock,
) -> Result<Vec<StoredKey>, KeyRingError> {
    let now = clock.now();
    let active = now.before(CLOCK_LEEWAY);
    let given = Arc::new(given);
    let made: Vec<_> = missing
        .into_iter()
        .map(|purpose| {
            let (root, given) = (root.clone(), given.clone());
            tokio::spawn(blocking(move || first_key(purpose, &given, &root, now, active)))
        })
        .collect();
    let mut keys = Vec::with_capacity(made.len());
    for key in made {
        keys.push(key.await.unwrap_or(Err(KeyRingError::Library))?);
    }
    Ok(keys)
}

fn first_key(
    purpose: KeyPurpose,
    given: &Given,
    root: &RootKey,
    now: Timestamp,
    active: Timestamp,
) -> Result<StoredKey, KeyRingError> {
    match (purpose, &given.numbers) {
        (KeyPurpose::NumberJwe, Some(keys)) => number_jwe_row(&keys.jwe, root, now, active),
        (KeyPurpose::NumberPkcs1, Some(keys)) => number_pkcs1_row(&keys.pkcs1, root, now, active),
        _ => match given.signing.iter().find(|key| is_for(key, purpose)) {
            Some(key) => signing_row(purpose, key, root, now, active),
            None => new_key(purpose, root, now, active),
        },
    }
}

fn is_for(key: &SigningKey, purpose: KeyPurpose) -> bool {
    signing_purpose(key.algorithm()) == Some(purpose)
}

/// RSA keys take long to make; requests go on meanwhile.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KeyRingError> + Send + 'static,
) -> Result<T, KeyRingError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(KeyRingError::Library))
}
