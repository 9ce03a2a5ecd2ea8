//! Key pairs of numbers that were encrypted to this gateway (mobile-connect §2.4).

use std::sync::Arc;

use fiador_jose::{
    Jwk, KeyUsage,
    jwe::{self, KeyManagement},
    pkcs1,
};
use fiador_kernel::Timestamp;
use fiador_ports::{KeyPurpose, StoredKey};

use crate::key::row;
use crate::{KeyRingError, RootKey};

/// What numbers are encrypted to and decrypted with.
pub(crate) struct NumberJwePair {
    pub(crate) private: jwe::DecryptionKey,
    pub(crate) public: jwe::EncryptionKey,
}

impl NumberJwePair {
    pub(crate) fn parse(der: &[u8]) -> Option<Arc<Self>> {
        let private = jwe::DecryptionKey::from_pkcs8_der(KeyManagement::RsaOaep256, der).ok()?;
        let public = private.public_jwk();
        let public = jwe::EncryptionKey::from_jwk(public, KeyManagement::RsaOaep256).ok()?;
        Some(Arc::new(Self { private, public }))
    }
}

/// A new key for JWE as a row. Takes 0.1 s and more.
pub(crate) fn new_number_jwe(
    root: &RootKey,
    created_at: Timestamp,
    activates_at: Timestamp,
) -> Result<StoredKey, KeyRingError> {
    let key = jwe::DecryptionKey::generate(KeyManagement::RsaOaep256);
    let key = key.map_err(|_| KeyRingError::Library)?;
    number_jwe_row(&key, root, created_at, activates_at)
}

/// A new key for PKCS#1 v1.5 as a row. Takes 0.1 s and more.
pub(crate) fn new_number_pkcs1(
    root: &RootKey,
    created_at: Timestamp,
    activates_at: Timestamp,
) -> Result<StoredKey, KeyRingError> {
    let key = pkcs1::DecryptionKey::generate().map_err(|_| KeyRingError::Library)?;
    number_pkcs1_row(&key, root, created_at, activates_at)
}

/// The row of a given key for encrypted numbers; its id is the `kid` that they carry.
pub(crate) fn number_jwe_row(
    key: &jwe::DecryptionKey,
    root: &RootKey,
    created_at: Timestamp,
    activates_at: Timestamp,
) -> Result<StoredKey, KeyRingError> {
    let der = key.to_pkcs8_der().map_err(|_| KeyRingError::Library)?;
    row(key.kid().to_owned(), KeyPurpose::NumberJwe, &der, root, created_at, activates_at)
}

/// As [`number_jwe_row`]; the id is a name only, since these ciphertexts carry none.
pub(crate) fn number_pkcs1_row(
    key: &pkcs1::DecryptionKey,
    root: &RootKey,
    created_at: Timestamp,
    activates_at: Timestamp,
) -> Result<StoredKey, KeyRingError> {
    let der = key.to_pkcs8_der().map_err(|_| KeyRingError::Library)?;
    let id = thumbprint(key)?;
    row(id, KeyPurpose::NumberPkcs1, &der, root, created_at, activates_at)
}

fn thumbprint(key: &pkcs1::DecryptionKey) -> Result<String, KeyRingError> {
    let jwk = Jwk::with_thumbprint(key.public_numbers().clone(), KeyUsage::Encryption(None));
    jwk.map(|jwk| jwk.thumbprint()).map_err(|_| KeyRingError::Library)
}
