//! The other streets and the store, as this one sees them.

use std::collections::HashMap;

use async_trait::async_trait;
use fiador_domain::{
    audit::AuditEvent,
    client_token::ClientTokenContent,
    consent::{Consent, TEXT_VERSION},
    risk::RiskSignals,
    subscriber::Attributes,
    token::AccessTokenContent,
};
use fiador_kernel::{ClientId, GrantId, ScopeSet, SubscriberId, Timestamp};
use fiador_ports::{
    AccessTokens, ActiveToken, AttributeRequest, Attribution, AuditLog, ClientTokens, Consents,
    DataError, DataGateway, RequestedClaims, RiskSource, StoreError,
};
use parking_lot::Mutex;
use serde_json::Value;

#[derive(Default)]
pub(crate) struct Ports {
    tokens: Mutex<HashMap<String, AccessTokenContent>>,
    /// By client.
    pub(crate) consents: Mutex<HashMap<String, Consent>>,
    pub(crate) questions: Mutex<Vec<AttributeRequest>>,
    own_tokens: Mutex<HashMap<String, ClientTokenContent>>,
    /// What was asked one by one, sealed.
    pub(crate) kept: Mutex<Option<Vec<u8>>>,
    /// Signs of a takeover.
    pub(crate) signals: Mutex<Option<Result<RiskSignals, DataError>>>,
    /// How often they were asked for.
    pub(crate) signals_asked: Mutex<usize>,
    pub(crate) audit: Mutex<Vec<AuditEvent>>,
    /// Nothing can be written down.
    pub(crate) audit_fails: Mutex<bool>,
    answer: Mutex<Option<Result<Attribution, DataError>>>,
    /// The token check fails, or the look-up of consents.
    pub(crate) tokens_fail: Mutex<bool>,
    pub(crate) consents_fail: Mutex<bool>,
}

pub(crate) fn attributes(members: Value) -> Attributes {
    serde_json::from_value(members).unwrap()
}

impl Ports {
    pub(crate) fn add_token(&self, content: AccessTokenContent) -> String {
        let mut tokens = self.tokens.lock();
        let token = format!("token-{}", tokens.len());
        tokens.insert(token.clone(), content);
        token
    }

    pub(crate) fn add_own_token(&self, content: ClientTokenContent) -> String {
        let token = format!("own-token-{}", self.own_tokens.lock().len());
        self.own_tokens.lock().insert(token.clone(), content);
        token
    }

    pub(crate) fn end(&self, token: &str) {
        self.tokens.lock().remove(token);
    }

    pub(crate) fn agree(&self, client: &str, scopes: ScopeSet) {
        let consent = Consent {
            subscriber: SubscriberId::new("subscriber").unwrap(),
            client: ClientId::new(client).unwrap(),
            scopes,
            text_version: TEXT_VERSION,
            given_at: Timestamp::default(),
        };
        self.consents.lock().insert(client.to_owned(), consent);
    }

    pub(crate) fn know(&self, members: Value) {
        self.answer_with(Ok(Attribution { attributes: attributes(members), partial: false }));
    }

    pub(crate) fn answer_with(&self, answer: Result<Attribution, DataError>) {
        *self.answer.lock() = Some(answer);
    }
}

#[async_trait]
impl AccessTokens for Ports {
    async fn introspect(&self, token: &str) -> Result<Option<ActiveToken>, StoreError> {
        if *self.tokens_fail.lock() {
            return Err(StoreError::Unavailable);
        }
        Ok(self.tokens.lock().get(token).cloned())
    }
}

#[async_trait]
impl ClientTokens for Ports {
    async fn introspect_client(
        &self,
        token: &str,
    ) -> Result<Option<ClientTokenContent>, StoreError> {
        Ok(self.own_tokens.lock().get(token).cloned())
    }
}

#[async_trait]
impl RequestedClaims for Ports {
    async fn keep(&self, _: &GrantId, sealed: Vec<u8>, _: Timestamp) -> Result<(), StoreError> {
        *self.kept.lock() = Some(sealed);
        Ok(())
    }

    async fn find(&self, grant: &GrantId, _: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        assert_eq!(grant.as_str(), "grant");
        Ok(self.kept.lock().clone())
    }
}

#[async_trait]
impl RiskSource for Ports {
    async fn signals(&self, subscriber: &SubscriberId) -> Result<RiskSignals, DataError> {
        assert_eq!(subscriber.as_str(), "subscriber");
        *self.signals_asked.lock() += 1;
        self.signals.lock().clone().unwrap_or_else(|| Ok(RiskSignals::default()))
    }
}

#[async_trait]
impl AuditLog for Ports {
    async fn append(&self, event: AuditEvent) -> Result<(), StoreError> {
        if *self.audit_fails.lock() {
            return Err(StoreError::Unavailable);
        }
        self.audit.lock().push(event);
        Ok(())
    }
}

#[async_trait]
impl Consents for Ports {
    async fn find(
        &self,
        _: &SubscriberId,
        client: &ClientId,
    ) -> Result<Option<Consent>, StoreError> {
        if *self.consents_fail.lock() {
            return Err(StoreError::Unavailable);
        }
        Ok(self.consents.lock().get(client.as_str()).cloned())
    }

    async fn withdraw(
        &self,
        _: &SubscriberId,
        client: &ClientId,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        self.consents.lock().remove(client.as_str());
        Ok(())
    }
}

#[async_trait]
impl DataGateway for Ports {
    async fn attributes(&self, request: AttributeRequest) -> Result<Attribution, DataError> {
        self.questions.lock().push(request);
        self.answer.lock().clone().unwrap_or(Ok(Attribution::default()))
    }
}
