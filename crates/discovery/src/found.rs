//! The answer for a known operator (mobile-connect §1.3).

use std::sync::Arc;

use fiador_domain::{
    client::{Client, OperatorCredentials},
    numbering::Operator,
};
use fiador_kernel::{CorrelationId, Timestamp};
use fiador_wire_oauth::discovery::{Apis, DiscoveryFound, Link, OperatorResponse, rel};

/// What the body is made of.
pub(crate) struct Answer<'a> {
    pub(crate) operator: &'a Operator,
    pub(crate) credentials: &'a OperatorCredentials,
    /// The client behind the credentials, when the operator is ours.
    pub(crate) own_client: Option<Arc<Client>>,
    pub(crate) expires_at: Timestamp,
    pub(crate) correlation_id: Option<&'a CorrelationId>,
}

impl Answer<'_> {
    /// The body. `subscriber_id` is left out: see the crate's text.
    pub(crate) fn body(&self) -> DiscoveryFound {
        DiscoveryFound {
            ttl: self.expires_at.as_millis(),
            subscriber_id: None,
            subscriber_id_token: None,
            correlation_id: self.correlation_id.map(ToString::to_string),
            response: OperatorResponse {
                client_id: self.credentials.client_id.to_string(),
                client_secret: Some(self.credentials.client_secret.expose().clone()),
                client_name: self.credentials.client_name.clone(),
                serving_operator: self.operator.name.clone(),
                country: self.operator.country.clone(),
                currency: self.operator.currency.clone(),
                apis: Apis::operatorid(self.links()),
            },
        }
    }

    /// Every relation of §1.3; case-sensitive clients need `authorization`, `token`, `premiuminfo`,
    /// `jwks` and `issuer`.
    fn links(&self) -> Vec<Link> {
        let issuer = self.operator.issuer.trim_end_matches('/');
        let at = |path: &str| format!("{issuer}{path}");
        let mut links = vec![
            Link::new(rel::ISSUER, self.operator.issuer.clone()),
            Link::new(rel::OPENID_CONFIGURATION, at("/.well-known/openid-configuration")),
            Link::new(rel::AUTHORIZATION, at("/authorize")),
            Link::new(rel::TOKEN, at("/token")),
            Link::new(rel::USERINFO, at("/userinfo")),
            Link::new(rel::PREMIUMINFO, at("/premiuminfo")),
            Link::new(rel::JWKS, at("/jwks")),
            Link::new(rel::TOKENREVOKE, at("/revoke")),
            Link::new(rel::TOKENREFRESH, at("/token")),
        ];
        if let Some(client) = &self.own_client {
            links.push(Link::new(rel::SCOPE, client.scopes.to_string()));
        }
        links.push(Link::new(rel::APPLICATION_SHORT_NAME, self.credentials.client_name.clone()));
        links
    }
}
