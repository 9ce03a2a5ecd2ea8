//! HTTP 200: the operator is known.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Link;
use crate::masked::{Masked, masked_option};

/// Where the operator's gateway is, and the application's credentials there. `Debug` masks the secret and
/// the sealed number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscoveryFound {
    /// `ttl`: when the answer lapses, in milliseconds since 1970-01-01 UTC. Always an integer: clients
    /// disagree about its meaning, and this reading works with all of them (mobile-connect.md §1.3).
    pub ttl: i64,
    /// `subscriber_id`: the MSISDN sealed to the operator; only when the request had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriber_id: Option<String>,
    /// `subscriber_id_token`: the same as a token for `login_hint_token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriber_id_token: Option<String>,
    /// `correlation_id` of the request; left out when it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// `response`.
    pub response: OperatorResponse,
}

/// The operator's part of the answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorResponse {
    /// `client_id` at the operator's gateway.
    pub client_id: String,
    /// `client_secret` there; left out when discovery was asked with an empty secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// `client_name`: the application's registered short name.
    pub client_name: String,
    /// `serving_operator`.
    pub serving_operator: String,
    /// `subscriber_operator`: the same under the name of v1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriber_operator: Option<String>,
    /// `subscriber_id`: repeated here, where some clients look for it (mobile-connect.md §1.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriber_id: Option<String>,
    /// `country`: ISO 3166-1 alpha-2.
    pub country: String,
    /// `currency`: ISO 4217.
    pub currency: String,
    /// `apis`.
    pub apis: Apis,
}

/// `apis`: always with the one member that clients read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apis {
    /// `operatorid`.
    pub operatorid: OperatorId,
}

/// `operatorid`: the addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorId {
    /// `link`: `authorization`, `token`, `premiuminfo`, `jwks` and `issuer` must be there for the Go
    /// client.
    pub link: Vec<Link>,
}

impl DiscoveryFound {
    /// An answer that names an operator; `ttl` in milliseconds.
    pub fn new(ttl: i64, response: OperatorResponse) -> Self {
        Self { ttl, subscriber_id: None, subscriber_id_token: None, correlation_id: None, response }
    }

    /// With the number sealed to the operator: `subscriber_id`, and the token where there is one.
    #[must_use]
    pub fn with_subscriber(self, id_and_token: Option<(String, Option<String>)>) -> Self {
        let (subscriber_id, subscriber_id_token) = id_and_token.unzip();
        let subscriber_id_token = subscriber_id_token.flatten();
        let response = OperatorResponse { subscriber_id: subscriber_id.clone(), ..self.response };
        Self { subscriber_id, subscriber_id_token, response, ..self }
    }

    /// With the `correlation_id` of the request, if it had one.
    #[must_use]
    pub fn with_correlation_id(self, correlation_id: Option<&impl ToString>) -> Self {
        Self { correlation_id: correlation_id.map(ToString::to_string), ..self }
    }
}

impl Apis {
    /// The member `operatorid` with these addresses.
    pub fn operatorid(link: Vec<Link>) -> Self {
        Self { operatorid: OperatorId { link } }
    }
}

impl fmt::Debug for DiscoveryFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiscoveryFound")
            .field("ttl", &self.ttl)
            .field("subscriber_id", &masked_option(self.subscriber_id.as_ref()))
            .field("subscriber_id_token", &masked_option(self.subscriber_id_token.as_ref()))
            .field("correlation_id", &self.correlation_id)
            .field("response", &self.response)
            .finish()
    }
}

impl fmt::Debug for OperatorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperatorResponse")
            .field("client_id", &self.client_id)
            .field("client_secret", &Masked)
            .field("client_name", &self.client_name)
            .field("serving_operator", &self.serving_operator)
            .field("subscriber_operator", &self.subscriber_operator)
            .field("subscriber_id", &masked_option(self.subscriber_id.as_ref()))
            .field("country", &self.country)
            .field("currency", &self.currency)
            .field("apis", &self.apis)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::rel;

    fn found() -> DiscoveryFound {
        let link = vec![
            Link::new(rel::ISSUER, "https://idgw.example.net"),
            Link::new(rel::APPLICATION_SHORT_NAME, "Acme Shop"),
        ];
        let response = OperatorResponse {
            client_id: "app".to_owned(),
            client_secret: Some("hunter2".to_owned()),
            client_name: "Acme Shop".to_owned(),
            serving_operator: "Example Operator A".to_owned(),
            subscriber_operator: None,
            subscriber_id: None,
            country: "GB".to_owned(),
            currency: "GBP".to_owned(),
            apis: Apis::operatorid(link),
        };
        DiscoveryFound::new(1_795_348_800_000, response)
            .with_subscriber(Some(("5f0c".to_owned(), Some("eyJh".to_owned()))))
    }

    /// mobile-connect.md §1.3.
    #[test]
    fn the_body_has_the_documented_shape_and_ttl_is_a_number() {
        let json = serde_json::to_string(&found()).unwrap();
        assert_eq!(
            json,
            r#"{"ttl":1795348800000,"subscriber_id":"5f0c","subscriber_id_token":"eyJh","response":{"client_id":"app","client_secret":"hunter2","client_name":"Acme Shop","serving_operator":"Example Operator A","subscriber_id":"5f0c","country":"GB","currency":"GBP","apis":{"operatorid":{"link":[{"rel":"issuer","href":"https://idgw.example.net"},{"rel":"applicationShortName","href":"Acme Shop"}]}}}}"#
        );
        assert_eq!(serde_json::from_str::<DiscoveryFound>(&json).unwrap(), found());
    }

    #[test]
    fn debug_shows_neither_secret_nor_sealed_number() {
        let shown = format!("{:?}", found());
        assert!(!shown.contains("hunter2") && !shown.contains("5f0c"), "{shown}");
    }
}
