use serde::{Deserialize, Serialize};

use super::Jwk;
use crate::strict_json;

/// A key set document may have this many bytes; also the fetch limit of T-082.
pub const MAX_JWK_SET_BYTES: usize = 64 * 1024;

/// Usable keys one set may hold. Verification may have to try each of them, so it is small.
pub const MAX_JWK_SET_KEYS: usize = 32;

/// A JSON Web Key Set (RFC 7517 §5). The order of keys is kept: one known client library looks at
/// the first key only, so a provider publishes its active key first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// The keys, best first.
    pub keys: Vec<Jwk>,
}

/// Why a key set document was refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum JwkSetError {
    /// More than [`MAX_JWK_SET_BYTES`] bytes.
    #[error("the key set has more than {MAX_JWK_SET_BYTES} bytes")]
    TooLong,
    /// More than [`MAX_JWK_SET_KEYS`] usable keys.
    #[error("the key set has more than {MAX_JWK_SET_KEYS} usable keys")]
    TooManyKeys,
    /// Not a key set, or a repeated member somewhere in it.
    #[error(transparent)]
    Malformed(#[from] strict_json::StrictJsonError),
}

impl JwkSet {
    /// Reads the key set of another party. Keys of other types, curves or purposes are left out, as
    /// RFC 7517 §5 asks, and so are weak or damaged ones; a document that is not a key set is
    /// refused. Keys for signatures and for encryption stand side by side: [`crate::VerificationKey`]
    /// and [`crate::jwe::EncryptionKey`] take those that are for them.
    pub fn parse(json: &[u8]) -> Result<Self, JwkSetError> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<serde_json::Value>,
        }

        if json.len() > MAX_JWK_SET_BYTES {
            return Err(JwkSetError::TooLong);
        }
        let document: Document = strict_json::from_slice(json)?;
        let usable = document.keys.into_iter().filter_map(|key| Jwk::deserialize(key).ok());
        let keys: Vec<Jwk> = usable.take(MAX_JWK_SET_KEYS + 1).collect();
        if keys.len() > MAX_JWK_SET_KEYS {
            return Err(JwkSetError::TooManyKeys);
        }
        Ok(Self { keys })
    }
}
