use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
};

use crate::{Algorithm, Jwk, JwkSet, PublicNumbers};

/// A public key ready for use: parsed once, its algorithm fixed.
#[derive(Clone, Debug)]
pub struct VerificationKey {
    kid: Option<String>,
    algorithm: Algorithm,
    public: ParsedPublicKey,
}

/// The numbers of a key do not make a public key: the point is not on the curve, or modulus and
/// exponent are impossible (T-073).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the numbers do not form a valid public key")]
pub struct VerificationKeyError;

impl VerificationKey {
    /// Parses the key of a [`Jwk`].
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, VerificationKeyError> {
        let public = match jwk.numbers() {
            PublicNumbers::Rsa { n, e } => signature::RsaPublicKeyComponents { n, e }
                .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256),
            PublicNumbers::P256 { x, y } => {
                // SEC 1 §2.3.3, uncompressed form.
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, [&[4][..], x, y].concat())
            }
        }
        .map_err(|_| VerificationKeyError)?;
        Ok(Self { kid: jwk.kid().map(str::to_owned), algorithm: jwk.algorithm(), public })
    }

    /// Parses all keys of a set, leaving out those that are no valid keys.
    pub fn from_set(set: &JwkSet) -> Vec<Self> {
        set.keys.iter().filter_map(|jwk| Self::from_jwk(jwk).ok()).collect()
    }

    /// The one algorithm this key verifies.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key's id, if its owner gave it one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// A header without `kid`, or a key without one, leaves the choice to the signature itself.
    pub(crate) fn may_be(&self, kid: Option<&str>) -> bool {
        match (self.kid(), kid) {
            (Some(own), Some(wanted)) => own == wanted,
            _ => true,
        }
    }

    pub(crate) fn verifies(&self, signing_input: &[u8], signature: &[u8]) -> bool {
        self.public.verify_sig(signing_input, signature).is_ok()
    }
}
