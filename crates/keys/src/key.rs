use std::sync::Arc;

use aws_lc_rs::hmac;
use fiador_jose::{Algorithm, SigningKey, VerificationKey, base64url, pkcs1};
use fiador_kernel::Timestamp;
use fiador_ports::{KeyPurpose, SealKind, StoredKey};
use zeroize::Zeroizing;

use crate::number_key::{NumberJwePair, new_number_jwe, new_number_pkcs1};
use crate::seal_key::{KEY_ID_BYTES, KeyId, SEAL_KEY_BYTES, SealKey};
use crate::{KeyRingError, RootKey, random};

/// A key of the ring: its row, and its material ready for use.
#[derive(Clone)]
pub(crate) struct LoadedKey {
    pub(crate) stored: StoredKey,
    pub(crate) purpose: KeyPurpose,
    pub(crate) material: Material,
}

/// Parsed once; clones share it, and with it the count of seals made.
#[derive(Clone)]
pub(crate) enum Material {
    Signing(Arc<SigningPair>),
    Seal(Arc<SealKey>),
    PersonalData(Arc<PersonalDataKey>),
    Hash(Arc<hmac::Key>),
    NumberJwe(Arc<NumberJwePair>),
    NumberPkcs1(Arc<pkcs1::DecryptionKey>),
}

/// A signing key and its public half, ready to verify what it signed.
pub(crate) struct SigningPair {
    pub(crate) private: SigningKey,
    pub(crate) public: VerificationKey,
}

/// One key material, sealing under one label per sort of data, so that a number cannot be read as
/// attributes.
pub(crate) struct PersonalDataKey {
    pub(crate) numbers: SealKey,
    pub(crate) attributes: SealKey,
}

impl LoadedKey {
    /// Unwraps and parses a row.
    pub(crate) fn load(
        stored: StoredKey,
        purpose: KeyPurpose,
        root: &RootKey,
        issuer: &str,
    ) -> Result<Self, KeyRingError> {
        let bytes = root.unwrap(&stored.id, &stored.purpose, &stored.wrapped)?;
        let material = Material::parse(&stored.id, purpose, &bytes, issuer)
            .ok_or_else(|| KeyRingError::Damaged { id: stored.id.clone() })?;
        Ok(Self { stored, purpose, material })
    }

    /// Whether new values are made with this key at `now`, unless a younger key is active too.
    pub(crate) fn is_active(&self, now: Timestamp) -> bool {
        self.stored.activates_at <= now && self.stored.retires_at.is_none_or(|end| now < end)
    }

    /// Whether values made with this key are still accepted. Published keys are included: another
    /// node, whose clock is a little ahead, may be using them already.
    pub(crate) fn is_accepted(&self, now: Timestamp) -> bool {
        self.stored.expires_at.is_none_or(|end| now < end)
    }

    pub(crate) fn signing_pair(&self) -> Option<&Arc<SigningPair>> {
        match &self.material {
            Material::Signing(pair) => Some(pair),
            _ => None,
        }
    }

    pub(crate) fn seal_key(&self) -> Option<&Arc<SealKey>> {
        match &self.material {
            Material::Seal(key) => Some(key),
            _ => None,
        }
    }

    pub(crate) fn personal_data_key(&self) -> Option<&Arc<PersonalDataKey>> {
        match &self.material {
            Material::PersonalData(key) => Some(key),
            _ => None,
        }
    }
}

/// A new key of this purpose as a row: wrapped, in use from `activates_at`.
///
/// Making an RSA key takes 0.1 s and more: at run time call it from a blocking thread.
pub(crate) fn new_key(
    purpose: KeyPurpose,
    root: &RootKey,
    created_at: Timestamp,
    activates_at: Timestamp,
) -> Result<StoredKey, KeyRingError> {
    match purpose {
        KeyPurpose::SignRs256 => {
            signing_row(purpose, &generate(Algorithm::Rs256)?, root, created_at, activates_at)
        }
        KeyPurpose::SignEs256 => {
            signing_row(purpose, &generate(Algorithm::Es256)?, root, created_at, activates_at)
        }
        KeyPurpose::NumberJwe => new_number_jwe(root, created_at, activates_at),
        KeyPurpose::NumberPkcs1 => new_number_pkcs1(root, created_at, activates_at),
        KeyPurpose::Seal(_)
        | KeyPurpose::MsisdnIndex
        | KeyPurpose::PersonalData
        | KeyPurpose::OneTimeCode => {
            let mut id = [0; KEY_ID_BYTES];
            let mut material = Zeroizing::new([0; SEAL_KEY_BYTES]);
            random::fill(&mut id).map_err(|_| KeyRingError::Library)?;
            random::fill(material.as_mut_slice()).map_err(|_| KeyRingError::Library)?;
            row(base64url::encode(id), purpose, material.as_slice(), root, created_at, activates_at)
        }
    }
}

/// The row of a given signing key; its id is the `kid` that tokens carry.
pub(crate) fn signing_row(
    purpose: KeyPurpose,
    key: &SigningKey,
    root: &RootKey,
    created_at: Timestamp,
    activates_at: Timestamp,
) -> Result<StoredKey, KeyRingError> {
    let der = key.to_pkcs8_der().map_err(|_| KeyRingError::Library)?;
    row(key.kid().to_owned(), purpose, &der, root, created_at, activates_at)
}

/// What a signing key of this algorithm is kept for; `None` where the gateway only verifies.
pub(crate) fn signing_purpose(algorithm: Algorithm) -> Option<KeyPurpose> {
    match algorithm {
        Algorithm::Rs256 => Some(KeyPurpose::SignRs256),
        Algorithm::Es256 => Some(KeyPurpose::SignEs256),
        Algorithm::Ps256 => None,
    }
}

fn generate(algorithm: Algorithm) -> Result<SigningKey, KeyRingError> {
    SigningKey::generate(algorithm).map_err(|_| KeyRingError::Library)
}

pub(crate) fn row(
    id: String,
    purpose: KeyPurpose,
    material: &[u8],
    root: &RootKey,
    created_at: Timestamp,
    activates_at: Timestamp,
) -> Result<StoredKey, KeyRingError> {
    let wrapped = root.wrap(&id, purpose.as_str(), material)?;
    Ok(StoredKey {
        id,
        purpose: purpose.as_str().to_owned(),
        wrapped,
        created_at,
        activates_at,
        retires_at: None,
        expires_at: None,
    })
}

impl Material {
    fn parse(id: &str, purpose: KeyPurpose, bytes: &[u8], issuer: &str) -> Option<Self> {
        match purpose {
            KeyPurpose::SignRs256 => SigningPair::parse(Algorithm::Rs256, bytes).map(Self::Signing),
            KeyPurpose::SignEs256 => SigningPair::parse(Algorithm::Es256, bytes).map(Self::Signing),
            KeyPurpose::Seal(kind) => {
                let key = SealKey::new(seal_label(kind), key_id(id)?, issuer, bytes).ok()?;
                Some(Self::Seal(Arc::new(key)))
            }
            KeyPurpose::PersonalData => {
                // No issuer: the data outlives a change of the gateway's address.
                let key = |label| SealKey::new(label, key_id(id)?, "", bytes).ok();
                Some(Self::PersonalData(Arc::new(PersonalDataKey {
                    numbers: key("msisdn")?,
                    attributes: key("attributes")?,
                })))
            }
            KeyPurpose::NumberJwe => NumberJwePair::parse(bytes).map(Self::NumberJwe),
            KeyPurpose::NumberPkcs1 => {
                let key = pkcs1::DecryptionKey::from_pkcs8_der(bytes).ok()?;
                Some(Self::NumberPkcs1(Arc::new(key)))
            }
            KeyPurpose::MsisdnIndex | KeyPurpose::OneTimeCode => (bytes.len() == SEAL_KEY_BYTES)
                .then(|| Self::Hash(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, bytes)))),
        }
    }
}

impl SigningPair {
    fn parse(algorithm: Algorithm, der: &[u8]) -> Option<Arc<Self>> {
        let private = SigningKey::from_pkcs8_der(algorithm, der).ok()?;
        let public = VerificationKey::from_jwk(private.public_jwk()).ok()?;
        Some(Arc::new(Self { private, public }))
    }
}

fn seal_label(kind: SealKind) -> &'static str {
    KeyPurpose::Seal(kind).as_str()
}

fn key_id(text: &str) -> Option<KeyId> {
    base64url::decode(text).ok()?.try_into().ok()
}
