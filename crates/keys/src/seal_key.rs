use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;

use crate::random::{self, NONCE_BYTES};

/// Bytes of an AES-256 key.
pub(crate) const SEAL_KEY_BYTES: usize = 32;

/// First byte of every seal: format 1, AES-256-GCM-SIV (RFC 8452).
const FORMAT: u8 = 1;
const TAG_BYTES: usize = 16;
const HEADER_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

/// Bytes of the random id that every seal names its key by.
pub(crate) const KEY_ID_BYTES: usize = 8;

/// What a seal adds to the bytes it protects.
pub(crate) const SEAL_OVERHEAD_BYTES: usize = HEADER_BYTES + TAG_BYTES;

/// The readable name of a key inside a seal; in the database it is written in base64url.
pub(crate) type KeyId = [u8; KEY_ID_BYTES];

/// One AES-256-GCM-SIV key for one kind of value (decision 0001).
///
/// A seal is format (1 byte) ‖ key id (8) ‖ nonce (12) ‖ ciphertext ‖ tag (16). Kind, format, key id
/// and issuer are the associated data: a seal is worth nothing under another kind, key or issuer.
pub(crate) struct SealKey {
    id: KeyId,
    cipher: LessSafeKey,
    /// The same for every seal of this key, so it is put together once.
    associated_data: Box<[u8]>,
    /// Seals made by this node since it loaded the key; drives rotation by count.
    seals: AtomicU64,
}

impl SealKey {
    /// `kind` and `issuer` must not contain NUL.
    pub(crate) fn new(
        kind: &str,
        id: KeyId,
        issuer: &str,
        material: &[u8],
    ) -> Result<Self, Unspecified> {
        let associated_data =
            [b"fiador seal\0", &[FORMAT][..], &id, kind.as_bytes(), b"\0", issuer.as_bytes()]
                .concat()
                .into();
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, material)?);
        Ok(Self { id, cipher, associated_data, seals: AtomicU64::new(0) })
    }

    pub(crate) fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn seals(&self) -> u64 {
        self.seals.load(Ordering::Relaxed)
    }

    /// Seals with a fresh nonce of the operating system; equal values give different seals.
    pub(crate) fn seal(&self, plaintext: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let nonce = random::nonce()?;
        let mut seal = Vec::with_capacity(SEAL_OVERHEAD_BYTES + plaintext.len());
        seal.push(FORMAT);
        seal.extend_from_slice(&self.id);
        seal.extend_from_slice(&nonce);
        seal.extend_from_slice(plaintext);
        let (_, content) = seal.split_at_mut(HEADER_BYTES);
        let tag = self.cipher.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(&self.associated_data),
            content,
        )?;
        seal.extend_from_slice(tag.as_ref());
        self.seals.fetch_add(1, Ordering::Relaxed);
        Ok(seal)
    }

    /// Opens a seal of this key in its own memory. `None` for whatever this key did not seal.
    pub(crate) fn open(&self, mut seal: Vec<u8>) -> Option<Vec<u8>> {
        let parts = SealParts::read(&seal)?;
        if parts.key_id != self.id {
            return None;
        }
        let nonce = Nonce::assume_unique_for_key(parts.nonce);
        let length = self
            .cipher
            .open_within(nonce, Aad::from(&self.associated_data), &mut seal, HEADER_BYTES..)
            .ok()?
            .len();
        seal.truncate(length);
        Some(seal)
    }
}

/// The readable front of a seal. Nothing in it is trusted before the tag has been checked.
pub(crate) struct SealParts {
    pub(crate) key_id: KeyId,
    nonce: [u8; NONCE_BYTES],
}

impl SealParts {
    pub(crate) fn read(seal: &[u8]) -> Option<Self> {
        let (format, rest) = seal.split_first()?;
        let (key_id, rest) = rest.split_first_chunk::<KEY_ID_BYTES>()?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let plausible = *format == FORMAT && rest.len() >= TAG_BYTES;
        plausible.then_some(Self { key_id: *key_id, nonce: *nonce })
    }
}
