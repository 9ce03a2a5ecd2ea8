//! Who sends the request (RFC 6749 §2.3, OpenID Connect Core §9).

mod assertion;
mod secret;

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::client::Client;
use fiador_kernel::ClientId;
use fiador_ports::{ClientAuthenticationError, ClientAuthenticator, Clients, PresentedCredentials};

use crate::{Dependencies, oauth_request::OAuthRequest, refusal::Refusal};

/// Client authentication over the ports of the Token Manager, for its endpoints and for those of
/// other streets.
pub(crate) struct Authenticator {
    dependencies: Arc<Dependencies>,
}

impl Authenticator {
    pub(crate) fn new(dependencies: Arc<Dependencies>) -> Self {
        Self { dependencies }
    }
}

#[async_trait]
impl ClientAuthenticator for Authenticator {
    async fn authenticate(
        &self,
        presented: PresentedCredentials<'_>,
    ) -> Result<Arc<Client>, ClientAuthenticationError> {
        authenticate(&self.dependencies, presented).await
    }
}

/// The client that proves itself, or the public client that names itself: a public client proves
/// itself with the verifier of its code (RFC 7636) or with the token it holds.
pub(crate) async fn identify(
    dependencies: &Dependencies,
    request: &OAuthRequest,
) -> Result<Arc<Client>, Refusal> {
    Ok(authenticate(dependencies, request.credentials()).await?)
}

/// The client that proves itself, and no other.
pub(crate) async fn prove(
    dependencies: &Dependencies,
    request: &OAuthRequest,
) -> Result<Arc<Client>, Refusal> {
    let client = identify(dependencies, request).await?;
    if client.is_public() { Err(Refusal::ClientAuthentication) } else { Ok(client) }
}

/// Every failure has one answer and about one cost, so that ids cannot be guessed (T-060). Which
/// method a request uses shows by what it carries; the client must be registered for it.
async fn authenticate(
    dependencies: &Dependencies,
    presented: PresentedCredentials<'_>,
) -> Result<Arc<Client>, ClientAuthenticationError> {
    let presented = without_empty(presented);
    let has_assertion =
        presented.client_assertion.is_some() || presented.client_assertion_type.is_some();
    let has_secret = presented.authorization.is_some() || presented.client_secret.is_some();
    let client = match (has_assertion, has_secret) {
        (true, true) => return Err(ClientAuthenticationError::SeveralMethods),
        (true, false) => assertion::prove(dependencies, presented).await?,
        (false, true) => secret::prove(&*dependencies.clients, presented, dependencies.clock.now()),
        (false, false) => named(&*dependencies.clients, presented.client_id),
    };
    client.filter(|client| client.enabled).ok_or(ClientAuthenticationError::Unproven)
}

/// A public client by its bare id (RFC 6749 §2.3.1).
fn named(clients: &dyn Clients, id: Option<&str>) -> Option<Arc<Client>> {
    find(clients, id?).filter(|client| client.is_public())
}

fn find(clients: &dyn Clients, id: &str) -> Option<Arc<Client>> {
    clients.find(&ClientId::new(id).ok()?)
}

/// A parameter sent empty counts as omitted (RFC 6749 §3.1).
fn without_empty(presented: PresentedCredentials<'_>) -> PresentedCredentials<'_> {
    let there = |text: &&str| !text.is_empty();
    PresentedCredentials {
        client_id: presented.client_id.filter(there),
        client_secret: presented.client_secret.filter(there),
        client_assertion_type: presented.client_assertion_type.filter(there),
        client_assertion: presented.client_assertion.filter(there),
        ..presented
    }
}
