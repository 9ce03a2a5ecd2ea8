//! Access tokens, as the Access Gateway sees them.

use async_trait::async_trait;
use fiador_domain::token::AccessTokenContent;

use crate::StoreError;

/// A token that is good now.
pub type ActiveToken = AccessTokenContent;

/// Checks tokens.
#[async_trait]
pub trait AccessTokens: Send + Sync {
    /// The content of a token that is ours, not expired and not ended; `None` for everything
    /// else, without telling why (T-058).
    async fn introspect(&self, token: &str) -> Result<Option<ActiveToken>, StoreError>;
}
