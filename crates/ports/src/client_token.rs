//! Access tokens that clients hold for themselves.

use async_trait::async_trait;
use fiador_domain::{client_token::ClientTokenContent, token::Epochs};
use fiador_kernel::{ClientId, GrantId};

use crate::StoreError;

/// Checks tokens of `client_credentials`. They are no [`crate::AccessTokens`]: a resource about a
/// subscriber cannot take one for the other (T-068).
#[async_trait]
pub trait ClientTokens: Send + Sync {
    /// The content of a token that is ours, not expired and not ended; `None` for everything else,
    /// tokens about subscribers included (T-058).
    async fn introspect_client(
        &self,
        token: &str,
    ) -> Result<Option<ClientTokenContent>, StoreError>;
}

/// What has been ended of what clients hold for themselves.
#[async_trait]
pub trait ClientEpochs: Send + Sync {
    /// The counts of the client and of the grant now; that of a subscriber is 0. As
    /// [`crate::Revocations::epochs`] otherwise.
    async fn client_epochs(&self, client: &ClientId, grant: &GrantId)
    -> Result<Epochs, StoreError>;
}
