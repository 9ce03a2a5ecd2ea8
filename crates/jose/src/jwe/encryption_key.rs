use aws_lc_rs::agreement::{ECDH_P256, ParsedPublicKey, UnparsedPublicKey};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey};
use zeroize::Zeroizing;

use super::{ContentEncryption, KeyManagement, ecdh_es};
use crate::{EncryptionKeyError, Jwk, JwkSet, KeyUsage, PublicNumbers, random, rsa};

/// A public key that content can be encrypted to, parsed once.
#[derive(Debug)]
pub struct EncryptionKey {
    kid: Option<String>,
    public: Public,
}

#[derive(Debug)]
enum Public {
    Rsa(OaepPublicEncryptingKey),
    /// An uncompressed point, known to be on the curve.
    P256(Vec<u8>),
}

/// A content encryption key and what the reader needs to come to the same one.
pub(super) struct SentKey {
    pub(super) key: Zeroizing<Vec<u8>>,
    /// The second segment of the token; empty with ECDH-ES.
    pub(super) encrypted: Vec<u8>,
    /// The ephemeral public key of ECDH-ES.
    pub(super) ephemeral: Option<PublicNumbers>,
}

impl EncryptionKey {
    /// Parses the key of a [`Jwk`] for one kind of key management.
    pub fn from_jwk(jwk: &Jwk, key_management: KeyManagement) -> Result<Self, EncryptionKeyError> {
        if !jwk.permits_encryption(key_management) {
            return Err(EncryptionKeyError);
        }
        let public = match jwk.numbers() {
            PublicNumbers::Rsa { n, e } => {
                let key = OaepPublicEncryptingKey::new(rsa::public_key(n, e)?);
                Public::Rsa(key.map_err(|_| EncryptionKeyError)?)
            }
            PublicNumbers::P256 { x, y } => {
                let point = PublicNumbers::uncompressed_point(x, y);
                ParsedPublicKey::try_from(UnparsedPublicKey::new(&ECDH_P256, &point))
                    .map_err(|_| EncryptionKeyError)?;
                Public::P256(point)
            }
        };
        Ok(Self { kid: jwk.kid().map(str::to_owned), public })
    }

    /// The first usable key of a set. A key that says it is for encryption is preferred to one that
    /// leaves its use open (OpenID Connect Core §10.2).
    pub fn from_set(set: &JwkSet, key_management: KeyManagement) -> Option<Self> {
        let (stated, open): (Vec<_>, Vec<_>) =
            set.keys.iter().partition(|jwk| jwk.usage() != KeyUsage::Unstated);
        stated.into_iter().chain(open).find_map(|jwk| Self::from_jwk(jwk, key_management).ok())
    }

    /// The key's id, if its owner gave it one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The one kind of key management of this key.
    pub fn key_management(&self) -> KeyManagement {
        match self.public {
            Public::Rsa(_) => KeyManagement::RsaOaep256,
            Public::P256(_) => KeyManagement::EcdhEs,
        }
    }

    /// A new content encryption key for the owner of this key.
    pub(super) fn send(&self, content: ContentEncryption) -> Option<SentKey> {
        match &self.public {
            Public::Rsa(public) => {
                let mut key = Zeroizing::new(vec![0; content.key_bytes()]);
                random::fill(&mut key)?;
                let mut encrypted = vec![0; public.ciphertext_size()];
                public.encrypt(&OAEP_SHA256_MGF1SHA256, &key, &mut encrypted, None).ok()?;
                Some(SentKey { key, encrypted, ephemeral: None })
            }
            Public::P256(point) => {
                let (ephemeral, key) = ecdh_es::send(point, content)?;
                let ephemeral = PublicNumbers::from_uncompressed_point(&ephemeral)?;
                Some(SentKey { key, encrypted: Vec::new(), ephemeral: Some(ephemeral) })
            }
        }
    }
}
