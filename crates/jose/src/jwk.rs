use serde::{Deserialize, Serialize};

use crate::Algorithm;

mod set;
mod thumbprint;
mod wire;

pub use set::{JwkSet, JwkSetError, MAX_JWK_SET_BYTES, MAX_JWK_SET_KEYS};
use wire::WireJwk;

/// Longest `kid` accepted, in bytes.
const MAX_KID_BYTES: usize = 256;

/// A public signature key as a JSON Web Key (RFC 7517), RSA or P-256.
///
/// As JSON it always carries `kty`, `use` = `sig`, `kid` and `alg`: some relying parties look at
/// nothing else. Read from JSON, `use` and `alg` may be absent, but must fit when present; a private
/// key, another curve or another key type is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "WireJwk", try_from = "WireJwk")]
pub struct Jwk {
    kid: Option<String>,
    numbers: PublicNumbers,
}

/// The numbers that make up a public key, big-endian (RFC 7518 §6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicNumbers {
    /// RSA: modulus and exponent without leading zero bytes; modulus of 2048 to 8192 bits.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The public exponent.
        e: Vec<u8>,
    },
    /// A point on P-256; whether it lies on the curve is checked by [`crate::VerificationKey`].
    P256 {
        /// The x coordinate.
        x: [u8; 32],
        /// The y coordinate.
        y: [u8; 32],
    },
}

/// Why a JSON Web Key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// Another `kty` or `crv` than RSA and EC P-256.
    #[error("key type or curve is not offered; use RSA or EC with crv P-256")]
    UnknownKeyType,
    /// `use`, `key_ops` or `alg` says that the key is not for RS256 or ES256 signatures.
    #[error("the key is not meant for RS256 or ES256 signatures")]
    OtherPurpose,
    /// The document holds the private part; such a key must be considered burnt.
    #[error("the key set publishes a private key; replace that key")]
    Private,
    /// A number is missing, not strict base64url, or has the wrong length or leading zeros.
    #[error("a key member is missing or not encoded as RFC 7518 §6 asks")]
    BadNumber,
    /// RSA below 2048 or above 8192 bits (T-073).
    #[error("the RSA modulus must have 2048 to 8192 bits")]
    BadStrength,
    /// `kid` has more than 256 bytes.
    #[error("the kid is longer than 256 bytes")]
    LongKid,
}

impl Jwk {
    /// A key with its RFC 7638 thumbprint as `kid`.
    pub fn with_thumbprint(numbers: PublicNumbers) -> Result<Self, JwkError> {
        let numbers = numbers.checked()?;
        Ok(Self { kid: Some(thumbprint::of(&numbers)), numbers })
    }

    /// The `kid` member, if there is one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The one algorithm this key is used with: RS256 for RSA, ES256 for P-256.
    pub fn algorithm(&self) -> Algorithm {
        match self.numbers {
            PublicNumbers::Rsa { .. } => Algorithm::Rs256,
            PublicNumbers::P256 { .. } => Algorithm::Es256,
        }
    }

    /// The public key itself.
    pub fn numbers(&self) -> &PublicNumbers {
        &self.numbers
    }

    /// The RFC 7638 SHA-256 thumbprint, base64url, 43 characters.
    pub fn thumbprint(&self) -> String {
        thumbprint::of(&self.numbers)
    }
}

impl PublicNumbers {
    fn checked(self) -> Result<Self, JwkError> {
        if let Self::Rsa { n, e } = &self {
            let (Some(&first), Some(&exponent_first)) = (n.first(), e.first()) else {
                return Err(JwkError::BadNumber);
            };
            if first == 0 || exponent_first == 0 || e.len() > 4 {
                return Err(JwkError::BadNumber);
            }
            let bits = n.len() * 8 - first.leading_zeros() as usize;
            if !(2048..=8192).contains(&bits) {
                return Err(JwkError::BadStrength);
            }
        }
        Ok(self)
    }
}
