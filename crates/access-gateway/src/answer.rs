//! What leaves: attributes, or an error in both of its places.

use std::sync::Arc;

use axum::{body::Body, response::Response};
use fiador_domain::{catalog::Resource, client::Client};
use fiador_http_kit::no_store;
use fiador_ports::{ActiveToken, Attribution};
use fiador_wire_oauth::error::{ErrorBody, www_authenticate_bearer};
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{clean::clean, refusal::Refusal};

/// Marks an answer for which a source did not answer: what is missing may exist (T-202). A boolean
/// structured field (RFC 9651 §3.3.6), absent when the answer is complete. The status stays 200:
/// clients that do not know the header get what there is, never a guess.
pub(crate) const PARTIAL: HeaderName = HeaderName::from_static("fiador-partial");

/// Everything an answer is made of.
pub(crate) struct Facts {
    pub(crate) token: ActiveToken,
    pub(crate) client: Arc<Client>,
    /// The claims that may leave.
    pub(crate) claims: Vec<&'static str>,
    pub(crate) attribution: Attribution,
}

/// 200 with the claims that are known.
pub(crate) fn success(resource: Resource, facts: Facts) -> Response {
    let partial = facts.attribution.partial;
    count(resource, if partial { "partial" } else { "served" });
    let mut response = json(StatusCode::OK, &body(resource, facts));
    if partial {
        response.headers_mut().insert(PARTIAL, HeaderValue::from_static("?1"));
    }
    response
}

/// `sub` comes from the token and only claims that were asked for join it, so no source can name
/// another subject or issuer (T-201).
fn body(resource: Resource, facts: Facts) -> Map<String, Value> {
    let attributes = facts.attribution.attributes.only(&facts.claims);
    let known = attributes.0.into_iter().filter_map(|(name, value)| Some((name, clean(value)?)));
    let mut body: Map<_, _> = known.collect();
    match resource {
        // Mandatory in UserInfo (mobile-connect §2.9). Where no source tells when the attributes
        // were changed, it is the moment at which the gateway last vouched for the subject.
        Resource::UserInfo => {
            body.entry("updated_at").or_insert(facts.token.issued_at.as_seconds().into());
        }
        Resource::PremiumInfo if !facts.client.phone_number_with_plus => without_plus(&mut body),
        Resource::PremiumInfo | Resource::None => {}
    }
    body.insert("sub".to_owned(), facts.token.pcr.as_str().into());
    body
}

/// PremiumInfo writes `447700900907`, as the profile's samples do, unless the client is registered
/// for the `+` (mobile-connect §2.9).
fn without_plus(body: &mut Map<String, Value>) {
    if let Some(Value::String(number)) = body.get_mut("phone_number")
        && number.starts_with('+')
    {
        number.remove(0);
    }
}

/// The error as JSON and as `WWW-Authenticate`: the GSMA Java SDK reads the header alone
/// (mobile-connect §2.9).
pub(crate) fn failure(resource: Resource, refusal: &Refusal) -> Response {
    let (status, code, description) = refusal.on_the_wire();
    count(resource, refusal.outcome());
    if status.is_server_error() {
        tracing::warn!(error = %refusal, "A request for attributes could not be served.");
    }
    let challenge = www_authenticate_bearer(code, description);
    let mut response = json(status, &ErrorBody::new(code, description));
    let headers = response.headers_mut();
    if let Ok(challenge) = HeaderValue::try_from(challenge) {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    if let Some(seconds) = refusal.retry_after() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // A map of JSON values always serializes; without a body the status still holds.
    let mut response = Response::new(Body::from(serde_json::to_vec(body).unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    no_store(headers);
    response
}

/// Both labels come from the code, so they are bounded (T-281).
fn count(resource: Resource, outcome: &'static str) {
    let endpoint = match resource {
        Resource::UserInfo => "userinfo",
        Resource::PremiumInfo => "premiuminfo",
        Resource::None => "none",
    };
    metrics::counter!("fiador_access_gateway_requests_total", "endpoint" => endpoint, "outcome" => outcome)
        .increment(1);
}
