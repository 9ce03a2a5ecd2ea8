//! Who sends a request to an endpoint that clients call themselves.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use fiador_domain::client::Client;

use crate::StoreError;

/// Everything of a request that may prove its sender (RFC 6749 §2.3, OpenID Connect Core §9), as it
/// came. An empty parameter counts as absent.
#[derive(Clone, Copy, Default)]
pub struct PresentedCredentials<'a> {
    /// The value of the `Authorization` header. Two such headers are the endpoint's to refuse.
    pub authorization: Option<&'a [u8]>,
    /// `client_id`
    pub client_id: Option<&'a str>,
    /// `client_secret`
    pub client_secret: Option<&'a str>,
    /// `client_assertion_type`
    pub client_assertion_type: Option<&'a str>,
    /// `client_assertion`
    pub client_assertion: Option<&'a str>,
    /// The path of the endpoint below the issuer, such as `/par`: an assertion may name its URL as
    /// its audience, beside the issuer and the token endpoint (RFC 9126 §2).
    pub endpoint: &'a str,
}

/// Shows no credential (T-280).
impl fmt::Debug for PresentedCredentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedCredentials")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// The sender is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientAuthenticationError {
    /// Nobody, somebody unknown or disabled, or a proof that is not good: 401 `invalid_client`, and
    /// no word about which (T-060).
    #[error("the client did not prove itself")]
    Unproven,
    /// More than one way to prove oneself in one request: 400 `invalid_request` (RFC 6749 §2.3).
    /// The same secret in the header and in the form is one way (mobile-connect §2.7).
    #[error("the request uses more than one method of client authentication")]
    SeveralMethods,
    /// The keys of the client could not be fetched: 503.
    #[error("the client's key set cannot be had now; see earlier messages about its jwks_uri")]
    KeysUnavailable,
    /// The use of an assertion could not be recorded: 503.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Client authentication, one for all endpoints.
#[async_trait]
pub trait ClientAuthenticator: Send + Sync {
    /// The client that proves itself by the method it is registered for. A public client
    /// ([`Client::is_public`]) has only named itself; an endpoint that needs a proof refuses it.
    async fn authenticate(
        &self,
        presented: PresentedCredentials<'_>,
    ) -> Result<Arc<Client>, ClientAuthenticationError>;
}
