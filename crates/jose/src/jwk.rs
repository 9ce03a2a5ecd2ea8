use serde::{Deserialize, Serialize};

use crate::Algorithm;
use crate::jwe::KeyManagement;

mod numbers;
mod roca;
mod set;
mod thumbprint;
mod usage;
mod wire;

pub use numbers::PublicNumbers;
pub use set::{JwkSet, JwkSetError, MAX_JWK_SET_BYTES, MAX_JWK_SET_KEYS};
pub use usage::KeyUsage;
use wire::WireJwk;

/// Longest `kid` accepted, in bytes.
pub(crate) const MAX_KID_BYTES: usize = 256;

/// A public key as a JSON Web Key (RFC 7517), RSA or P-256, for signatures or for encryption.
///
/// Keys of this crate's own making carry `kty`, `use`, `kid` and `alg` as JSON: some relying parties
/// look at nothing else. Read from JSON, `use`, `key_ops` and `alg` may be absent, but must fit
/// together when present; a private key, another curve or another key type is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "WireJwk", try_from = "WireJwk")]
pub struct Jwk {
    kid: Option<String>,
    usage: KeyUsage,
    numbers: PublicNumbers,
}

/// Why a JSON Web Key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// Another `kty` or `crv` than RSA and EC P-256.
    #[error("key type or curve is not offered; use RSA or EC with crv P-256")]
    UnknownKeyType,
    /// `use`, `key_ops` and `alg` contradict each other or the key type, or name something that is
    /// not offered.
    #[error(
        "the key is not meant for RS256, PS256 or ES256 signatures, nor for RSA-OAEP-256 or ECDH-ES"
    )]
    OtherPurpose,
    /// The document holds the private part; such a key must be considered burnt.
    #[error("the key set publishes a private key; replace that key")]
    Private,
    /// A number is missing, not strict base64url, has the wrong length or leading zeros, or is one
    /// that no RSA key has, such as an even modulus.
    #[error("a key member is missing or not encoded as RFC 7518 §6 asks")]
    BadNumber,
    /// RSA below 2048 or above 8192 bits (T-073).
    #[error("the RSA modulus must have 2048 to 8192 bits")]
    BadStrength,
    /// The modulus comes from a generator whose keys can be factored (CVE-2017-15361, T-073).
    #[error("the RSA key was made by a flawed generator (CVE-2017-15361); replace that key")]
    Flawed,
    /// `kid` has more than 256 bytes.
    #[error("the kid is longer than 256 bytes")]
    LongKid,
}

impl Jwk {
    /// A key with its RFC 7638 thumbprint as `kid`.
    pub fn with_thumbprint(numbers: PublicNumbers, usage: KeyUsage) -> Result<Self, JwkError> {
        let numbers = numbers.checked()?;
        Ok(Self { kid: Some(thumbprint::of(&numbers)), usage, numbers })
    }

    /// The `kid` member, if there is one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// What the key is for.
    pub fn usage(&self) -> KeyUsage {
        self.usage
    }

    /// The public key itself.
    pub fn numbers(&self) -> &PublicNumbers {
        &self.numbers
    }

    /// The RFC 7638 SHA-256 thumbprint, base64url, 43 characters.
    pub fn thumbprint(&self) -> String {
        thumbprint::of(&self.numbers)
    }

    /// Whether this key may check signatures of this algorithm: its type fits, and neither `use`,
    /// `key_ops` nor `alg` says otherwise.
    pub fn permits_signature(&self, algorithm: Algorithm) -> bool {
        self.usage.permits_signature(&self.numbers, algorithm)
    }

    /// Whether content may be encrypted to this key in this way: its type fits, and neither `use`,
    /// `key_ops` nor `alg` says otherwise.
    pub fn permits_encryption(&self, key_management: KeyManagement) -> bool {
        self.usage.permits_encryption(&self.numbers, key_management)
    }

    pub(crate) fn with_kid(self, kid: String) -> Result<Self, JwkError> {
        if kid.len() > MAX_KID_BYTES {
            return Err(JwkError::LongKid);
        }
        Ok(Self { kid: Some(kid), ..self })
    }
}
