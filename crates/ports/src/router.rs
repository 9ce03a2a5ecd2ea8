//! Authenticators Routing, as the doors see it.

use async_trait::async_trait;
use fiador_domain::routing::{Need, Route, Unserved};
use fiador_kernel::AuthenticatorId;
use serde_json::Value;

use crate::{
    Answer, Answered, Challenge, Exhausted, PromptFragment, StartError, Started, StoreError,
};

/// Chooses an authenticator and passes events on to it.
#[async_trait]
pub trait AuthenticatorRouter: Send + Sync {
    /// Whether and by whom a request can be served, before anybody is asked for a number.
    fn plan(&self, need: Need<'_>) -> Result<Route, Unserved>;

    /// Reaches the phone by the first authenticator of the route that can; or again by the one
    /// that holds `previous`.
    async fn start(
        &self,
        challenge: Challenge<'_>,
        previous: Option<(&AuthenticatorId, &Value)>,
    ) -> Result<(AuthenticatorId, Started), StartError>;

    /// See [`crate::Authenticator::admit`].
    fn admit(&self, authenticator: &AuthenticatorId, state: &Value) -> Result<Value, Exhausted>;

    /// See [`crate::Authenticator::evaluate`].
    async fn evaluate(
        &self,
        authenticator: &AuthenticatorId,
        challenge: Challenge<'_>,
        state: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError>;

    /// See [`crate::Authenticator::prompt`]; `None` when the adaptor is no longer there.
    fn prompt(
        &self,
        authenticator: &AuthenticatorId,
        challenge: Challenge<'_>,
        state: &Value,
        wrong: bool,
    ) -> Option<PromptFragment>;
}
