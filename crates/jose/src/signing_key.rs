use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair,
};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{Algorithm, Jwk, JwkError, KeyUsage, PublicNumbers, base64url, rsa};

/// A private signature key, parsed once and then used for every signature.
///
/// Private operations are those of aws-lc (constant time, T-076). `Debug` shows the key id and the
/// algorithm, never the key.
pub struct SigningKey {
    algorithm: Algorithm,
    pair: Pair,
    kid: String,
    jwk: Jwk,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
}

/// Why a key could not be made, read, written or used.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// The bytes are no PKCS#8 private key for this algorithm, or an inconsistent one.
    #[error("not a valid PKCS#8 private key for {0}")]
    NotAKey(Algorithm),
    /// The key is too weak or too large to be used (T-073).
    #[error(transparent)]
    Refused(#[from] JwkError),
    /// The payload does not serialise to JSON.
    #[error("the payload is not representable as JSON")]
    Payload(#[source] serde_json::Error),
    /// The cryptographic library failed; the process should not go on signing.
    #[error("the cryptographic library could not {0}")]
    Library(&'static str),
}

impl SigningKey {
    /// Makes a new key: RSA-2048 (takes around 0.1 s) or P-256. The randomness is the operating
    /// system's (T-077).
    pub fn generate(algorithm: Algorithm) -> Result<Self, SigningKeyError> {
        let failed = |_| SigningKeyError::Library("generate a key");
        let pair = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => {
                Pair::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?))
            }
            Algorithm::Es256 => Pair::P256(Box::new(
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?,
            )),
        };
        Self::from_pair(algorithm, pair)
    }

    /// Reads an unencrypted PKCS#8 DER key (RFC 5208). RSA keys below 2048 bits are refused.
    pub fn from_pkcs8_der(algorithm: Algorithm, der: &[u8]) -> Result<Self, SigningKeyError> {
        let refused = |_| SigningKeyError::NotAKey(algorithm);
        let pair = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => {
                Pair::Rsa(Box::new(RsaKeyPair::from_pkcs8(der).map_err(refused)?))
            }
            Algorithm::Es256 => Pair::P256(Box::new(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).map_err(refused)?,
            )),
        };
        Self::from_pair(algorithm, pair)
    }

    /// Writes the key as unencrypted PKCS#8 DER into memory that is wiped after use. The caller
    /// wraps it before it goes anywhere (T-075).
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, SigningKeyError> {
        let failed = |_| SigningKeyError::Library("write a key");
        Ok(Zeroizing::new(match &self.pair {
            Pair::Rsa(pair) => pair.as_der().map_err(failed)?.as_ref().to_vec(),
            Pair::P256(pair) => pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec(),
        }))
    }

    /// The key id: the RFC 7638 thumbprint of the public key, 43 characters.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The one algorithm of this key.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public half, for a key set.
    pub fn public_jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// Signs `payload` as a compact JWS (RFC 7515 §7.1) with the header members `alg`, `kid` and,
    /// when given, `typ`. The payload is written as compact JSON: one known client library finds
    /// the nonce with a pattern that allows no space after the colon.
    pub fn sign_compact(
        &self,
        typ: Option<&str>,
        payload: &impl Serialize,
    ) -> Result<String, SigningKeyError> {
        let payload = serde_json::to_vec(payload).map_err(SigningKeyError::Payload)?;
        self.sign_compact_bytes(typ, &payload)
    }

    /// As [`SigningKey::sign_compact`], for a payload that is serialised already.
    pub fn sign_compact_bytes(
        &self,
        typ: Option<&str>,
        payload: &[u8],
    ) -> Result<String, SigningKeyError> {
        let header = ProtectedHeader { alg: self.algorithm(), kid: &self.kid, typ };
        let header = serde_json::to_vec(&header).map_err(SigningKeyError::Payload)?;

        // Room for both parts and the signature: 342 characters for RSA-2048.
        let mut token = String::with_capacity((header.len() + payload.len()) * 4 / 3 + 400);
        base64url::encode_onto(&header, &mut token);
        token.push('.');
        base64url::encode_onto(payload, &mut token);
        self.sign_onto(&mut token)?;
        Ok(token)
    }

    /// Appends `.signature` over everything that is in `token` so far.
    fn sign_onto(&self, token: &mut String) -> Result<(), SigningKeyError> {
        let failed = |_| SigningKeyError::Library("sign");
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding = if self.algorithm == Algorithm::Ps256 {
                    &RSA_PSS_SHA256
                } else {
                    &RSA_PKCS1_SHA256
                };
                pair.sign(padding, &random, token.as_bytes(), &mut signature).map_err(failed)?;
                token.push('.');
                base64url::encode_onto(signature, token);
            }
            Pair::P256(pair) => {
                let signature = pair.sign(&random, token.as_bytes()).map_err(failed)?;
                token.push('.');
                base64url::encode_onto(signature, token);
            }
        }
        Ok(())
    }

    fn from_pair(algorithm: Algorithm, pair: Pair) -> Result<Self, SigningKeyError> {
        let usage = KeyUsage::Signature(Some(algorithm));
        let jwk = Jwk::with_thumbprint(pair.public_numbers()?, usage)?;
        Ok(Self { algorithm, kid: jwk.thumbprint(), pair, jwk })
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm())
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct ProtectedHeader<'a> {
    alg: Algorithm,
    kid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<&'a str>,
}

impl Pair {
    fn public_numbers(&self) -> Result<PublicNumbers, SigningKeyError> {
        match self {
            Self::Rsa(pair) => Ok(rsa::public_numbers(pair)),
            Self::P256(pair) => PublicNumbers::from_uncompressed_point(pair.public_key().as_ref())
                .ok_or(SigningKeyError::Library("encode a point")),
        }
    }
}
