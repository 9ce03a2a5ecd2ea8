//! JSON Web Signatures and Encryption for an OpenID provider: keys parsed once, tokens read with
//! strict rules.
//!
//! What is here is the part of JOSE that an identity gateway needs and nothing more:
//! RS256, PS256 and ES256 in compact form (RFC 7515 §7.1), RSA-OAEP-256 and ECDH-ES with A256GCM
//! ([`jwe`]), JSON Web Keys of those kinds (RFC 7517), key ids by thumbprint (RFC 7638) and the
//! `at_hash` of an ID Token (OpenID Connect Core §3.1.3.6). Beside them stands the RSA encryption of
//! PKCS#1 v1.5 that Mobile Connect still carries numbers in ([`pkcs1`]).
//!
//! Decisions:
//! * All cryptography is aws-lc-rs. A [`SigningKey`] keeps the parsed key, because rebuilding an RSA
//!   key for each signature costs about as much as the signature itself.
//! * The algorithm belongs to the key and to the caller's [`Expect`]; the header of a token can
//!   only agree with them (RFC 8725 §3.1). `none` and the HMAC family have no name here at all, so
//!   no code path can reach them.
//! * Security documents with duplicate members are refused ([`strict_json`]): two parsers that pick
//!   different members of the same document are how checks get bypassed.

mod algorithm;
pub mod base64url;
mod encryption_error;
mod hash;
mod header;
pub mod jwe;
mod jwk;
pub mod pkcs1;
mod random;
mod rsa;
mod signing_key;
pub mod strict_json;
mod verification_key;
mod verify;

pub use algorithm::Algorithm;
pub use encryption_error::{EncryptError, EncryptionKeyError, PrivateKeyError};
pub use hash::at_hash;
pub use header::HeaderError;
pub use jwk::{
    Jwk, JwkError, JwkSet, JwkSetError, KeyUsage, MAX_JWK_SET_BYTES, MAX_JWK_SET_KEYS,
    PublicNumbers,
};
pub use signing_key::{SigningKey, SigningKeyError};
pub use verification_key::{VerificationKey, VerificationKeyError};
pub use verify::{
    Expect, ExpectTyp, MAX_TOKEN_BYTES, VerifiedPayload, VerifyError, verify_compact,
};
