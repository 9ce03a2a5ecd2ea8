use fiador_kernel::Timestamp;
use fiador_ports::StoredKey;

use crate::KeyRing;

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Known to all nodes and relying parties, not used yet.
    Published,
    /// Makes new values.
    Active,
    /// Opens and verifies old values only: its time is over, or a younger key makes the new ones.
    Retired,
    /// Opens nothing.
    Expired,
}

impl KeyState {
    /// The name in `fiador keys list`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Expired => "expired",
        }
    }

    fn of(key: &StoredKey, all: &[StoredKey], now: Timestamp) -> Self {
        let over = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
        let age = |key: &StoredKey| (key.activates_at, key.id.clone());
        let superseded = all.iter().any(|other| {
            other.purpose == key.purpose && other.activates_at <= now && age(other) > age(key)
        });
        if over(key.expires_at) {
            Self::Expired
        } else if over(key.retires_at) || superseded {
            Self::Retired
        } else if now < key.activates_at {
            Self::Published
        } else {
            Self::Active
        }
    }
}

/// A key as operators see it: everything but the material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// Key id; of signing keys the `kid`.
    pub id: String,
    /// [`fiador_ports::KeyPurpose::as_str`].
    pub purpose: String,
    /// Where it is in its life.
    pub state: KeyState,
    /// When it was published.
    pub created_at: Timestamp,
    /// When it is used from.
    pub activates_at: Timestamp,
    /// When it stops making values; `None`: not decided.
    pub retires_at: Option<Timestamp>,
    /// When it stops opening values; `None`: not decided, or never.
    pub expires_at: Option<Timestamp>,
}

/// Rows as operators see them at `now`. Needs no root key.
pub fn describe(keys: &[StoredKey], now: Timestamp) -> Vec<KeyInfo> {
    let info = |key: &StoredKey| KeyInfo {
        id: key.id.clone(),
        purpose: key.purpose.clone(),
        state: KeyState::of(key, keys, now),
        created_at: key.created_at,
        activates_at: key.activates_at,
        retires_at: key.retires_at,
        expires_at: key.expires_at,
    };
    keys.iter().map(info).collect()
}

impl KeyRing {
    /// The keys as loaded, oldest first.
    pub fn list(&self) -> Vec<KeyInfo> {
        let now = self.clock.now();
        let rows: Vec<_> = self.view().keys.iter().map(|key| key.stored.clone()).collect();
        describe(&rows, now)
    }
}
