//! Wrapped keys in the database.

use async_trait::async_trait;
use fiador_kernel::Timestamp;

use crate::{SealKind, StoreError};

/// What a key is for; each key has exactly one purpose (T-075).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyPurpose {
    /// RS256 signatures of ID Tokens.
    SignRs256,
    /// ES256 signatures of ID Tokens.
    SignEs256,
    /// Seals of one kind of value.
    Seal(SealKind),
    /// Keyed hash of numbers for look-up: permanent.
    MsisdnIndex,
    /// Personal data at rest: permanent.
    PersonalData,
    /// Keyed hash of one-time codes.
    OneTimeCode,
    /// Decryption of numbers that Discovery or others encrypted to this gateway as JWE
    /// (mobile-connect §2.4).
    NumberJwe,
    /// The same for numbers under hexadecimal RSA PKCS#1 v1.5.
    NumberPkcs1,
}

impl KeyPurpose {
    /// Every purpose.
    pub const ALL: [Self; 10] = [
        Self::SignRs256,
        Self::SignEs256,
        Self::Seal(SealKind::Code),
        Self::Seal(SealKind::AccessToken),
        Self::Seal(SealKind::Journey),
        Self::MsisdnIndex,
        Self::PersonalData,
        Self::OneTimeCode,
        Self::NumberJwe,
        Self::NumberPkcs1,
    ];

    /// The name in the database, in `fiador keys list` and in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignRs256 => "sign_rs256",
            Self::SignEs256 => "sign_es256",
            Self::Seal(SealKind::Code) => "seal_code",
            Self::Seal(SealKind::AccessToken) => "seal_access_token",
            Self::Seal(SealKind::Journey) => "seal_journey",
            Self::MsisdnIndex => "msisdn_index",
            Self::PersonalData => "personal_data",
            Self::OneTimeCode => "one_time_code",
            Self::NumberJwe => "number_jwe",
            Self::NumberPkcs1 => "number_pkcs1",
        }
    }
}

/// A key as stored: the material is wrapped under the root key and useless without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// Key id: unique, at most 64 characters of `[A-Za-z0-9_-]`.
    pub id: String,
    /// [`KeyPurpose::as_str`].
    pub purpose: String,
    /// Wrapped material.
    pub wrapped: Vec<u8>,
    /// When it was published.
    pub created_at: Timestamp,
    /// From then on it is used for new values.
    pub activates_at: Timestamp,
    /// From then on it is not used for new values, but still opens old ones.
    pub retires_at: Option<Timestamp>,
    /// From then on it opens nothing and its row may go.
    pub expires_at: Option<Timestamp>,
}

/// Where wrapped keys are kept.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// All keys, oldest first.
    async fn list(&self) -> Result<Vec<StoredKey>, StoreError>;

    /// Adds keys for purposes that have none yet: of nodes that start at the same time one wins
    /// per purpose and all read the winner's afterwards.
    async fn add_missing(&self, keys: Vec<StoredKey>) -> Result<(), StoreError>;

    /// Adds a key beside those there are.
    async fn add(&self, key: StoredKey) -> Result<(), StoreError>;

    /// Sets when a key retires and expires.
    async fn retire(
        &self,
        id: &str,
        retires_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;
}
