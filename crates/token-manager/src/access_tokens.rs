//! Access tokens: sealed, checked against what has been ended.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::{client_token::ClientTokenContent, token::AccessTokenContent};
use fiador_kernel::{ClientId, GrantId, ScopeSet, Timestamp};
use fiador_ports::{AccessTokens, ActiveToken, ClientTokens, SealKind, Sealer, StoreError};

use crate::{Dependencies, codec};

/// Longest access token in characters (decision 0001). It travels in a header.
pub(crate) const ACCESS_TOKEN_LIMIT: usize = 1024;

/// What an access token is about.
#[derive(Clone, Debug)]
pub(crate) enum Token {
    /// A subscriber.
    OfSubscriber(Box<AccessTokenContent>),
    /// Nobody: the client holds it for itself.
    OfClient(Box<ClientTokenContent>),
}

impl Token {
    pub(crate) fn client(&self) -> &ClientId {
        match self {
            Self::OfSubscriber(content) => &content.client,
            Self::OfClient(content) => &content.client,
        }
    }

    pub(crate) fn grant(&self) -> &GrantId {
        match self {
            Self::OfSubscriber(content) => &content.grant,
            Self::OfClient(content) => &content.grant,
        }
    }

    pub(crate) fn scopes(&self) -> &ScopeSet {
        match self {
            Self::OfSubscriber(content) => &content.scopes,
            Self::OfClient(content) => &content.scopes,
        }
    }

    pub(crate) fn expires_at(&self) -> Timestamp {
        match self {
            Self::OfSubscriber(content) => content.expires_at,
            Self::OfClient(content) => content.expires_at,
        }
    }
}

/// Checks tokens for the resources.
pub(crate) struct SealedAccessTokens {
    dependencies: Arc<Dependencies>,
}

impl SealedAccessTokens {
    pub(crate) fn new(dependencies: Arc<Dependencies>) -> Self {
        Self { dependencies }
    }

    async fn active(&self, token: &str) -> Result<Option<Token>, StoreError> {
        let Some(token) = read(&self.dependencies, token) else {
            return Ok(None);
        };
        Ok(holds(&self.dependencies, &token).await?.then_some(token))
    }
}

#[async_trait]
impl AccessTokens for SealedAccessTokens {
    async fn introspect(&self, token: &str) -> Result<Option<ActiveToken>, StoreError> {
        match self.active(token).await? {
            Some(Token::OfSubscriber(content)) => Ok(Some(*content)),
            Some(Token::OfClient(_)) | None => Ok(None),
        }
    }
}

#[async_trait]
impl ClientTokens for SealedAccessTokens {
    async fn introspect_client(
        &self,
        token: &str,
    ) -> Result<Option<ClientTokenContent>, StoreError> {
        match self.active(token).await? {
            Some(Token::OfClient(content)) => Ok(Some(*content)),
            Some(Token::OfSubscriber(_)) | None => Ok(None),
        }
    }
}

/// Seals an access token about a subscriber; `None` when no key is active or the token would be
/// too long.
pub(crate) fn issue(sealer: &dyn Sealer, content: &AccessTokenContent) -> Option<String> {
    seal(sealer, &content.client, &codec::encode_access_token(content)?)
}

/// Seals an access token that a client holds for itself; `None` as for [`issue`].
pub(crate) fn issue_to_client(sealer: &dyn Sealer, content: &ClientTokenContent) -> Option<String> {
    seal(sealer, &content.client, &codec::encode_client_token(content)?)
}

fn seal(sealer: &dyn Sealer, client: &ClientId, content: &[u8]) -> Option<String> {
    let token = sealer.seal(SealKind::AccessToken, content)?;
    if token.len() > ACCESS_TOKEN_LIMIT {
        tracing::error!(
            client_id = client.as_str(),
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
pub(crate) fn read(dependencies: &Dependencies, token: &str) -> Option<Token> {
    let token = open(&*dependencies.sealer, token)?;
    let alive = dependencies.clock.now() < token.expires_at();
    let enabled = || dependencies.clients.find(token.client()).is_some_and(|found| found.enabled);
    (alive && enabled()).then_some(token)
}

/// The content of a token that is ours, whether or not it has expired.
pub(crate) fn open(sealer: &dyn Sealer, token: &str) -> Option<Token> {
    if token.len() > ACCESS_TOKEN_LIMIT {
        return None;
    }
    let content = sealer.open(SealKind::AccessToken, token)?;
    let of_subscriber = || codec::decode_access_token(&content).map(Box::new);
    let of_client = || codec::decode_client_token(&content).map(Box::new);
    of_subscriber().map(Token::OfSubscriber).or_else(|| of_client().map(Token::OfClient))
}

/// Whether nothing that the token hangs on has been ended since it was made (T-056).
pub(crate) async fn holds(dependencies: &Dependencies, token: &Token) -> Result<bool, StoreError> {
    let (born, current) = match token {
        Token::OfSubscriber(content) => {
            let AccessTokenContent { subscriber, client, grant, session, epochs, .. } = &**content;
            let revocations = &dependencies.revocations;
            (*epochs, revocations.epochs(subscriber, client, grant, *session).await?)
        }
        Token::OfClient(content) => {
            let ClientTokenContent { client, grant, epochs, .. } = &**content;
            (*epochs, dependencies.client_epochs.client_epochs(client, grant).await?)
        }
    };
    Ok(born.still_holds(current))
}
