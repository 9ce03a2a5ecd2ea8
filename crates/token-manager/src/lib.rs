//! Token Manager: turns authorization codes and refresh tokens into tokens, and says what a token
//! is worth.
//!
//! Codes and access tokens are sealed values that carry their own content ([`codec`], decision
//! 0001): issuing one writes nothing, opening one asks nobody. What is stored is only how they end: a
//! redemption spends its code in one durable commit ([`fiador_ports::Grants`]), a revocation raises
//! a count ([`fiador_ports::Revocations`]) that every later check compares. Refresh tokens are the
//! exception: they are random ([`RefreshToken`]), and each family of them is one row of hashes
//! ([`fiador_ports::RefreshTokens`]).
//!
//! Three endpoints, each a file to be read from top to bottom: `POST /token` (RFC 6749 §3.2), also
//! under its Mobile Connect name `/accesstoken`; `POST /introspect` (RFC 7662); `POST /revoke`
//! (RFC 7009). They share how a request is read, how a client proves itself, and how a refusal
//! looks. The other streets reach this one through ports: [`TokenManager::code_issuer`],
//! [`TokenManager::access_tokens`], [`TokenManager::client_tokens`] and
//! [`TokenManager::client_authenticator`].

mod access_tokens;
mod answer;
mod client_authentication;
pub mod codec;
mod codes;
mod introspect;
mod oauth_request;
mod refresh_token;
mod refusal;
mod revoke;
mod token;

use std::sync::Arc;

use axum::{Router, routing::post};
use fiador_kernel::{Clock, Entropy, Issuer};
use fiador_ports::{
    AccessTokens, AuditLog, ClientAuthenticator, ClientEpochs, ClientKeys, ClientTokens, Clients,
    CodeIssuer, Consents, Grants, LockOuts, Pcrs, RefreshTokens, Replay, Revocations, Sealer,
    Signer,
};

pub use refresh_token::RefreshToken;

use crate::{
    access_tokens::SealedAccessTokens, client_authentication::Authenticator, codes::SealedCodes,
};

/// What the Token Manager stands on.
#[derive(Clone)]
pub struct Dependencies {
    /// `iss` of every ID Token: byte for byte the `issuer` of the provider metadata
    /// (mobile-connect §2.8), from configuration and never from a request (T-006).
    pub issuer: Issuer,
    /// Registered applications.
    pub clients: Arc<dyn Clients>,
    /// Keys of those that prove themselves with one.
    pub client_keys: Arc<dyn ClientKeys>,
    /// Assertions that were used.
    pub replay: Arc<dyn Replay>,
    /// Seals of codes and access tokens.
    pub sealer: Arc<dyn Sealer>,
    /// Signatures of ID Tokens.
    pub signer: Arc<dyn Signer>,
    /// Redemption of codes.
    pub grants: Arc<dyn Grants>,
    /// Ends of grants.
    pub revocations: Arc<dyn Revocations>,
    /// Ends of what clients hold for themselves.
    pub client_epochs: Arc<dyn ClientEpochs>,
    /// Families of refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// What subscribers agree to share, read at every refresh.
    pub consents: Arc<dyn Consents>,
    /// Whether wrong answers have locked a subscription, asked at every refresh.
    pub lock_outs: Arc<dyn LockOuts>,
    /// Pseudonyms, read at every refresh.
    pub pcrs: Arc<dyn Pcrs>,
    /// The audit log.
    pub audit: Arc<dyn AuditLog>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for new pseudonyms and refresh tokens.
    pub entropy: Arc<dyn Entropy>,
}

/// The Token Manager. Cheap to clone.
#[derive(Clone)]
pub struct TokenManager {
    dependencies: Arc<Dependencies>,
}

impl TokenManager {
    /// Puts the parts together; nothing runs yet.
    pub fn new(dependencies: Dependencies) -> Self {
        Self { dependencies: Arc::new(dependencies) }
    }

    /// The endpoints, for the public listener. Any other method than POST is 405.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/token", post(token::handle))
            .route("/accesstoken", post(token::handle))
            .route("/introspect", post(introspect::handle))
            .route("/revoke", post(revoke::handle))
            .with_state(Arc::clone(&self.dependencies))
    }

    /// Codes, for the doors.
    pub fn code_issuer(&self) -> Arc<dyn CodeIssuer> {
        Arc::new(SealedCodes::new(Arc::clone(&self.dependencies.sealer)))
    }

    /// Token checks, for the Access Gateway.
    pub fn access_tokens(&self) -> Arc<dyn AccessTokens> {
        Arc::new(SealedAccessTokens::new(Arc::clone(&self.dependencies)))
    }

    /// Token checks for what clients ask on their own behalf.
    pub fn client_tokens(&self) -> Arc<dyn ClientTokens> {
        Arc::new(SealedAccessTokens::new(Arc::clone(&self.dependencies)))
    }

    /// Client authentication, for endpoints of other streets that clients call.
    pub fn client_authenticator(&self) -> Arc<dyn ClientAuthenticator> {
        Arc::new(Authenticator::new(Arc::clone(&self.dependencies)))
    }
}
