//! What clients sign, and what is encrypted to them.

use async_trait::async_trait;
use fiador_domain::client::{Client, Encryption, SignatureAlgorithm};
use serde_json::{Map, Value};

use crate::FetchError;

/// Why a client signed something. It decides which registered algorithm counts and which `typ` the
/// token may have, so that one kind of token never passes for another (RFC 8725 §3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedPurpose {
    /// A request object (RFC 9101 §4): `oauth-authz-req+jwt`, `JWT` or no `typ`.
    RequestObject,
    /// A client assertion (RFC 7523 §2.2): `client-authentication+jwt`, `JWT` or no `typ`.
    ClientAssertion,
    /// The result of a foreign authenticator (docs/reference/adaptor-contract.md):
    /// `fiador-authn-result+jwt` and nothing else.
    AuthenticationResult,
    /// The token of a request for a Keycloak authentication channel: `JWT` or no `typ`.
    ChannelRequest,
    /// An ID Token of an OpenID Provider that serves as an authenticator (OpenID Connect Core §2):
    /// `JWT` or no `typ`.
    IdToken,
}

/// Claims whose signature is the client's. Nothing else about them has been checked: `iss`, `aud`,
/// `exp`, `jti` are the caller's.
#[derive(Clone, PartialEq)]
pub struct SignedContent {
    /// The payload; no object in it names a member twice (T-007).
    pub claims: Map<String, Value>,
    /// What it was signed with.
    pub algorithm: SignatureAlgorithm,
    /// The id of the key, if the key has one.
    pub kid: Option<String>,
}

impl std::fmt::Debug for SignedContent {
    /// Claims are personal data: only their number is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedContent")
            .field("claims", &format_args!("<{} claims>", self.claims.len()))
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish()
    }
}

/// Why a token is not accepted or nothing can be encrypted. For the log; a client is told no more
/// than the error of its protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientKeyError {
    /// More than 16 KiB (T-002).
    #[error("the token has more than 16 KiB")]
    TooLong,
    /// Not a compact JWS, a header that asks for what is not offered or brings its own key, or a
    /// payload that is not an object without repeated members (T-007, T-071, T-072).
    #[error("the token is not a compact JWS with a plain header and a JSON object in it")]
    Malformed,
    /// Another algorithm than the client is registered for, `none` and HMAC included (T-070).
    #[error("the token is signed with an algorithm that the client is not registered for")]
    AlgorithmNotRegistered,
    /// `typ` names another kind of token.
    #[error("the token is of another type")]
    WrongType,
    /// The client is registered without keys.
    #[error("the client has no registered keys; register jwks or jwks_uri")]
    NoKeys,
    /// No key of the client has the algorithm and `kid`; its `jwks_uri` has been asked again, but
    /// at most every 30 s.
    #[error("none of the client's keys has the algorithm and kid of the token")]
    UnknownKey,
    /// The signature is not the client's.
    #[error("the signature is wrong")]
    BadSignature,
    /// The client has no key of the kind that its registered encryption needs.
    #[error("the client has no key for its registered encryption; publish one with use=enc")]
    NoEncryptionKey,
    /// The key set of the client cannot be had.
    #[error("the client's key set cannot be had: {0}")]
    KeySet(#[from] KeySetError),
    /// The content is too large to encrypt, or the library failed.
    #[error("the content could not be encrypted")]
    NotEncrypted,
}

/// Why there is no key set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// `jwks_uri` was not answered.
    #[error("jwks_uri: {0}")]
    Fetch(#[from] FetchError),
    /// Another status than 200.
    #[error("jwks_uri answers with status {0}")]
    Status(u16),
    /// Neither `application/jwk-set+json` nor `application/json` (RFC 7517 §8.5.1).
    #[error("jwks_uri answers with another content type than application/jwk-set+json")]
    ContentType,
    /// Not a JWK set, larger than 64 KiB, or with more than 32 usable keys.
    #[error("the document is no JWK set of at most 64 KiB and 32 keys without repeated members")]
    Malformed,
}

impl ClientKeyError {
    /// Whether the same token may be accepted later: its keys could not be had.
    pub fn is_temporary(self) -> bool {
        matches!(self, Self::KeySet(_))
    }
}

/// The keys of clients: registered with the client, or fetched from its `jwks_uri` and kept for a
/// while.
#[async_trait]
pub trait ClientKeys: Send + Sync {
    /// Checks a compact JWS of at most 16 KiB: its algorithm is one that the client is registered
    /// for, its key one of the client's, its signature good.
    async fn verify(
        &self,
        client: &Client,
        token: &str,
        purpose: SignedPurpose,
    ) -> Result<SignedContent, ClientKeyError>;

    /// Encrypts to the client as a compact JWE (RFC 7516 §7.1). `content_type` is the `cty` of the
    /// header: `JWT` when `plaintext` is one (RFC 7519 §5.2).
    async fn encrypt(
        &self,
        client: &Client,
        content_type: Option<&str>,
        plaintext: &[u8],
        encryption: Encryption,
    ) -> Result<String, ClientKeyError>;
}
