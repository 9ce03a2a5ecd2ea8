//! Who asks, and on whose behalf.

use std::sync::Arc;

use fiador_domain::{
    catalog::{self, Resource},
    client::Client,
    client_token::ClientTokenContent,
};
use fiador_kernel::{ClientId, ScopeSet};
use fiador_ports::ActiveToken;

use crate::{Inner, refusal::Refusal};

/// A token that is good now, with the client it was given to.
pub(crate) enum Access {
    /// About a subscriber.
    OfSubscriber(SubscriberAccess),
    /// Held by a client for itself (`client_credentials`).
    OfClient(ClientAccess),
}

/// A token about a subscriber.
pub(crate) struct SubscriberAccess {
    pub(crate) token: ActiveToken,
    pub(crate) client: Arc<Client>,
}

/// A token that a client holds for itself. A type of its own, so that nothing about a user can be
/// asked with it by mistake (T-068).
pub(crate) struct ClientAccess {
    pub(crate) token: ClientTokenContent,
    pub(crate) client: Arc<Client>,
}

impl Inner {
    /// Checks the token. The two kinds are sealed differently, so each is told apart without the
    /// database.
    pub(crate) async fn access(&self, token: &str) -> Result<Access, Refusal> {
        if let Some(token) = self.dependencies.access_tokens.introspect(token).await? {
            let client = self.enabled(&token.client)?;
            return Ok(Access::OfSubscriber(SubscriberAccess { token, client }));
        }
        let token = self.dependencies.client_tokens.introspect_client(token).await?;
        let token = token.ok_or(Refusal::InvalidToken)?;
        let client = self.enabled(&token.client)?;
        Ok(Access::OfClient(ClientAccess { token, client }))
    }

    fn enabled(&self, client: &ClientId) -> Result<Arc<Client>, Refusal> {
        let client = self.dependencies.clients.find(client).filter(|client| client.enabled);
        client.ok_or(Refusal::InvalidToken)
    }

    /// Counts one request, after it is clear that the token opens `resource`.
    pub(crate) fn admit(
        &self,
        resource: Resource,
        client: &ClientId,
        scopes: &ScopeSet,
    ) -> Result<(), Refusal> {
        if opens(resource, scopes) {
            self.limiter.admit(client)
        } else {
            Err(Refusal::InsufficientScope)
        }
    }
}

/// UserInfo belongs to every OpenID Connect login, everything else to the products that name it.
fn opens(resource: Resource, scopes: &ScopeSet) -> bool {
    match resource {
        Resource::UserInfo => scopes.contains("openid"),
        Resource::PremiumInfo | Resource::VerifiedNumber | Resource::RiskSignals => {
            catalog::reaches(scopes, resource)
        }
        Resource::None | Resource::Token => false,
    }
}
