//! The answer for a known operator (mobile-connect §1.3).

use std::sync::Arc;

use fiador_domain::{
    client::{Client, OperatorCredentials},
    numbering::Operator,
};
use fiador_kernel::{Msisdn, Timestamp};
use fiador_ports::SubscriberIds;
use fiador_wire_oauth::discovery::{Apis, DiscoveryFound, Link, OperatorResponse, rel};

use crate::{Dialect, Service, refusal::Refusal};

impl Service {
    /// The body, without what belongs to one request alone.
    pub(crate) fn found(
        &self,
        dialect: Dialect,
        operator: &Operator,
        credentials: &OperatorCredentials,
        now: Timestamp,
    ) -> Result<DiscoveryFound, Refusal> {
        let own_client = self.own_client(operator, credentials)?;
        let response = OperatorResponse {
            client_id: credentials.client_id.to_string(),
            client_secret: Some(credentials.client_secret.expose().clone()),
            client_name: credentials.client_name.clone(),
            serving_operator: operator.name.clone(),
            subscriber_operator: (dialect == Dialect::V1).then(|| operator.name.clone()),
            subscriber_id: None,
            country: operator.country.clone(),
            currency: operator.currency.clone(),
            apis: Apis::operatorid(links(operator, credentials, own_client.as_deref())),
        };
        let lapses_at = now + self.settings.answer_lifetime;
        Ok(DiscoveryFound::new(lapses_at.as_millis(), response))
    }

    /// The number, encrypted to the operator; `None` when it has no key. An answer without it is
    /// still of use, so a failure is ours alone to know.
    pub(crate) async fn encrypted(
        &self,
        operator: &Operator,
        number: &Msisdn,
        now: Timestamp,
    ) -> Option<SubscriberIds> {
        let expires_at = now + self.settings.answer_lifetime;
        let ids = self.operator_keys.encrypt(operator, number, expires_at).await;
        ids.unwrap_or_else(|error| {
            tracing::error!(%error, "an answer of Discovery goes without subscriber_id");
            None
        })
    }

    /// The application's client at our own operator, which must be one that may log users in.
    fn own_client(
        &self,
        operator: &Operator,
        credentials: &OperatorCredentials,
    ) -> Result<Option<Arc<Client>>, Refusal> {
        if !operator.own {
            return Ok(None);
        }
        let client = self.clients.find(&credentials.client_id).filter(|client| client.enabled);
        client.map(Some).ok_or(Refusal::InactiveApplication)
    }
}

/// Every relation of §1.3; case-sensitive clients need `authorization`, `token`, `premiuminfo`,
/// `jwks` and `issuer`.
fn links(
    operator: &Operator,
    credentials: &OperatorCredentials,
    own_client: Option<&Client>,
) -> Vec<Link> {
    let issuer = operator.issuer.trim_end_matches('/');
    let at = |elsewhere: &Option<String>, path: &str| {
        elsewhere.clone().unwrap_or_else(|| format!("{issuer}{path}"))
    };
    let named = &operator.links;
    let metadata = at(&named.openid_configuration, "/.well-known/openid-configuration");
    let mut links = vec![
        Link::new(rel::ISSUER, operator.issuer.clone()),
        Link::new(rel::OPENID_CONFIGURATION, metadata),
        Link::new(rel::AUTHORIZATION, at(&named.authorization, "/authorize")),
        Link::new(rel::TOKEN, at(&named.token, "/token")),
        Link::new(rel::USERINFO, at(&named.userinfo, "/userinfo")),
        Link::new(rel::PREMIUMINFO, at(&named.premiuminfo, "/premiuminfo")),
        Link::new(rel::JWKS, at(&named.jwks, "/jwks")),
        Link::new(rel::TOKENREVOKE, at(&named.tokenrevoke, "/revoke")),
        Link::new(rel::TOKENREFRESH, at(&named.token, "/token")),
    ];
    if let Some(client) = own_client {
        links.push(Link::new(rel::SCOPE, client.scopes.to_string()));
    }
    links.push(Link::new(rel::APPLICATION_SHORT_NAME, credentials.client_name.clone()));
    links
}
