use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use zeroize::Zeroizing;

use super::header::Header;
use super::{KeyManagement, ecdh_es};
use crate::{Jwk, KeyUsage, PrivateKeyError, PublicNumbers, random, rsa};

/// A private key that content was encrypted to, parsed once.
///
/// Private operations are those of aws-lc (constant time, T-076). `Debug` shows the public half only.
pub struct DecryptionKey {
    jwk: Jwk,
    private: Private,
}

enum Private {
    Rsa(PrivateDecryptingKey),
    P256(Box<PrivateKey>),
}

impl DecryptionKey {
    /// Makes a new key: RSA-2048 (takes around 0.1 s) or P-256. The randomness is the operating
    /// system's (T-077).
    pub fn generate(key_management: KeyManagement) -> Result<Self, PrivateKeyError> {
        let failed = |_| PrivateKeyError::Library("generate a key");
        Self::from_private(match key_management {
            KeyManagement::RsaOaep256 => Private::Rsa(rsa::generate()?),
            KeyManagement::EcdhEs => {
                Private::P256(Box::new(PrivateKey::generate(&ECDH_P256).map_err(failed)?))
            }
        })
    }

    /// Reads an unencrypted PKCS#8 DER key (RFC 5208). RSA keys below 2048 bits are refused.
    pub fn from_pkcs8_der(
        key_management: KeyManagement,
        der: &[u8],
    ) -> Result<Self, PrivateKeyError> {
        let refused = |_| PrivateKeyError::NotAKey("EC P-256");
        Self::from_private(match key_management {
            KeyManagement::RsaOaep256 => Private::Rsa(rsa::from_pkcs8_der(der)?),
            KeyManagement::EcdhEs => {
                let key = PrivateKey::from_private_key_der(&ECDH_P256, der).map_err(refused)?;
                Private::P256(Box::new(key))
            }
        })
    }

    /// The same key under another id, of up to 256 bytes: other parties may know it by a name of
    /// their own.
    pub fn with_kid(self, kid: impl Into<String>) -> Result<Self, PrivateKeyError> {
        Ok(Self { jwk: self.jwk.with_kid(kid.into())?, private: self.private })
    }

    /// Writes the key as unencrypted PKCS#8 DER into memory that is wiped after use. The caller
    /// wraps it before it goes anywhere (T-075).
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
        match &self.private {
            Private::Rsa(key) => rsa::to_pkcs8_der(key),
            Private::P256(key) => {
                let der: Pkcs8V1Der<'_> =
                    key.as_der().map_err(|_| PrivateKeyError::Library("write a key"))?;
                Ok(Zeroizing::new(der.as_ref().to_vec()))
            }
        }
    }

    /// The key id: the RFC 7638 thumbprint of the public key, unless another one was given.
    pub fn kid(&self) -> &str {
        self.jwk.kid().unwrap_or_default()
    }

    /// The one kind of key management of this key.
    pub fn key_management(&self) -> KeyManagement {
        match self.private {
            Private::Rsa(_) => KeyManagement::RsaOaep256,
            Private::P256(_) => KeyManagement::EcdhEs,
        }
    }

    /// The public half, for a key set: `use` is `enc`.
    pub fn public_jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// The content encryption key, or a random one if there is none for this key in the token: the
    /// content then fails like any forged content (RFC 7516 §11.5). `None` only if the operating
    /// system gives no random bytes.
    pub(super) fn receive(&self, header: &Header, encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let length = header.content.key_bytes();
        let mut substitute = Zeroizing::new(vec![0; length]);
        random::fill(&mut substitute)?;
        let received = match (&self.private, &header.agreement) {
            (Private::Rsa(key), None) => unwrap(key, encrypted),
            (Private::P256(key), Some(agreement)) if encrypted.is_empty() => {
                ecdh_es::receive(key, agreement, header.content)
            }
            (Private::Rsa(_), Some(_)) | (Private::P256(_), _) => None,
        };
        Some(received.filter(|key| key.len() == length).unwrap_or(substitute))
    }

    fn from_private(private: Private) -> Result<Self, PrivateKeyError> {
        let (numbers, alg) = match &private {
            Private::Rsa(key) => (rsa::public_numbers_of(key)?, KeyManagement::RsaOaep256),
            Private::P256(key) => {
                let failed = PrivateKeyError::Library("encode a point");
                let point = key.compute_public_key().ok();
                let numbers =
                    point.and_then(|point| PublicNumbers::from_uncompressed_point(point.as_ref()));
                (numbers.ok_or(failed)?, KeyManagement::EcdhEs)
            }
        };
        let jwk = Jwk::with_thumbprint(numbers, KeyUsage::Encryption(Some(alg)))?;
        Ok(Self { jwk, private })
    }
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecryptionKey")
            .field("key_management", &self.key_management())
            .field("kid", &self.kid())
            .finish_non_exhaustive()
    }
}

fn unwrap(key: &PrivateDecryptingKey, encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // A clone counts a reference; the key is not copied.
    let key = OaepPrivateDecryptingKey::new(key.clone()).ok()?;
    if encrypted.len() != key.key_size_bytes() {
        return None;
    }
    let mut buffer = Zeroizing::new(vec![0; key.min_output_size()]);
    let unwrapped = key.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, &mut buffer, None).ok()?;
    Some(Zeroizing::new(unwrapped.to_vec()))
}
