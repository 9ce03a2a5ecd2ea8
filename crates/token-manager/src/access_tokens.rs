//! Access tokens: sealed, checked against what has been ended.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::token::AccessTokenContent;
use fiador_ports::{AccessTokens, ActiveToken, SealKind, Sealer, StoreError};

use crate::{Dependencies, codec};

/// Longest access token in characters (design §4). It travels in a header.
pub(crate) const ACCESS_TOKEN_LIMIT: usize = 1024;

/// Checks tokens for the Access Gateway.
pub(crate) struct SealedAccessTokens {
    dependencies: Arc<Dependencies>,
}

impl SealedAccessTokens {
    pub(crate) fn new(dependencies: Arc<Dependencies>) -> Self {
        Self { dependencies }
    }
}

#[async_trait]
impl AccessTokens for SealedAccessTokens {
    async fn introspect(&self, token: &str) -> Result<Option<ActiveToken>, StoreError> {
        let Some(content) = read(&self.dependencies, token) else {
            return Ok(None);
        };
        Ok(holds(&self.dependencies, &content).await?.then_some(content))
    }
}

/// Seals an access token; `None` when no key is active or the token would be too long.
pub(crate) fn issue(sealer: &dyn Sealer, content: &AccessTokenContent) -> Option<String> {
    let token = sealer.seal(SealKind::AccessToken, &codec::encode_access_token(content)?)?;
    if token.len() > ACCESS_TOKEN_LIMIT {
        tracing::error!(
            client_id = content.client.as_str(),
            characters = token.len(),
            "An access token would be longer than {ACCESS_TOKEN_LIMIT} characters. Shorten the \
             client's id, sector or list of scopes."
        );
        return None;
    }
    Some(token)
}

/// What can be told without the database: the content of a token that is ours, has not expired and
/// belongs to a client that is still enabled.
pub(crate) fn read(dependencies: &Dependencies, token: &str) -> Option<AccessTokenContent> {
    let content = open(&*dependencies.sealer, token)?;
    let alive = dependencies.clock.now() < content.expires_at;
    let enabled = || dependencies.clients.find(&content.client).is_some_and(|found| found.enabled);
    (alive && enabled()).then_some(content)
}

/// The content of a token that is ours, whether or not it has expired.
pub(crate) fn open(sealer: &dyn Sealer, token: &str) -> Option<AccessTokenContent> {
    if token.len() > ACCESS_TOKEN_LIMIT {
        return None;
    }
    codec::decode_access_token(&sealer.open(SealKind::AccessToken, token)?)
}

/// Whether nothing that the token hangs on has been ended since it was made (T-056).
pub(crate) async fn holds(
    dependencies: &Dependencies,
    content: &AccessTokenContent,
) -> Result<bool, StoreError> {
    let current = dependencies
        .revocations
        .epochs(&content.subscriber, &content.client, &content.grant, content.session)
        .await?;
    Ok(content.epochs.still_holds(current))
}
