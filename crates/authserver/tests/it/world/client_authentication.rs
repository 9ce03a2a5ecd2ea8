//! Clients that prove themselves by the secret in the form.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::client::{Client, ClientDirectory};
use fiador_kernel::{ClientId, Timestamp};
use fiador_ports::{ClientAuthenticationError, ClientAuthenticator, PresentedCredentials};

/// Accepts whoever has the secret of the client it names.
pub(crate) struct BySecret(pub(crate) Arc<ClientDirectory>);

#[async_trait]
impl ClientAuthenticator for BySecret {
    async fn authenticate(
        &self,
        presented: PresentedCredentials<'_>,
    ) -> Result<Arc<Client>, ClientAuthenticationError> {
        assert_eq!(presented.endpoint, "/par");
        let id = presented.client_id.and_then(|id| ClientId::new(id).ok());
        let client = id.and_then(|id| self.0.find(&id));
        let secret = presented.client_secret.unwrap_or_default();
        client
            .filter(|client| client.accepts_secret(secret, Timestamp::default()))
            .ok_or(ClientAuthenticationError::Unproven)
    }
}
