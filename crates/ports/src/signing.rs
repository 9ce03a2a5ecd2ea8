//! Signatures of ID Tokens.

use async_trait::async_trait;
use fiador_domain::client::SigningAlgorithm;

/// Signing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// No key of this algorithm is active.
    #[error("no {} signing key is active; run `fiador keys list`", .0.as_str())]
    NoKey(SigningAlgorithm),
    /// The key's device did not answer.
    #[error("the signing device does not answer")]
    Unavailable,
}

/// Signs with the active key of an algorithm. Async, since the key may live in a device.
#[async_trait]
pub trait Signer: Send + Sync {
    /// A compact JWS (RFC 7515 §7.1) over `payload`, with `alg`, `kid` and `typ: JWT`.
    async fn sign(&self, algorithm: SigningAlgorithm, payload: &[u8]) -> Result<String, SignError> {
        self.sign_as("JWT", algorithm, payload).await
    }

    /// The same with another `typ`, so that what is signed cannot pass for an ID Token (RFC 8725
    /// §3.11).
    async fn sign_as(
        &self,
        typ: &str,
        algorithm: SigningAlgorithm,
        payload: &[u8],
    ) -> Result<String, SignError>;

    /// Whether a key of this algorithm is active: asked before what cannot be undone.
    fn can_sign(&self, algorithm: SigningAlgorithm) -> bool;

    /// The payload of a JWS that one of our own keys signed, current or retired, whatever its
    /// age: for `id_token_hint`. `None` for everything else.
    fn verify_own(&self, token: &str) -> Option<Vec<u8>>;

    /// The public keys as a JWK Set (RFC 7517 §5), JSON text; the active RS256 key comes first,
    /// since old SDKs look at no other (mobile-connect §2.8).
    fn public_keys(&self) -> std::sync::Arc<str>;
}
