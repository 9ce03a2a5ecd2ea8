//! What leaves: attributes, or an error in both of its places.

use axum::{body::Body, response::Response};
use fiador_domain::catalog::Resource;
use fiador_http_kit::no_store;
use fiador_wire_oauth::error::{ErrorBody, www_authenticate_bearer};
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};

use crate::{envelope::Envelope, refusal::Refusal};

/// Marks an answer for which a source did not answer: what is missing may exist (T-202). A boolean
/// structured field (RFC 9651 §3.3.6), absent when the answer is complete. The status stays 200:
/// clients that do not know the header get what there is, never a guess.
pub(crate) const PARTIAL: HeaderName = HeaderName::from_static("fiador-partial");

/// 200 with what is known.
pub(crate) fn success(resource: Resource, envelope: Envelope, partial: bool) -> Response {
    count(resource, if partial { "partial" } else { "served" });
    let mut response = written(StatusCode::OK, envelope);
    if partial {
        response.headers_mut().insert(PARTIAL, HeaderValue::from_static("?1"));
    }
    response
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

fn json(status: StatusCode, body: &ErrorBody) -> Response {
    // Texts always serialise; without a body the status still holds.
    let body = serde_json::to_vec(body).unwrap_or_default();
    written(status, Envelope { content_type: "application/json", body })
}

fn written(status: StatusCode, envelope: Envelope) -> Response {
    let mut response = Response::new(Body::from(envelope.body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(envelope.content_type));
    no_store(headers);
    response
}

/// Both labels come from the code, so they are bounded (T-281).
fn count(resource: Resource, outcome: &'static str) {
    let endpoint = match resource {
        Resource::UserInfo => "userinfo",
        Resource::PremiumInfo => "premiuminfo",
        Resource::VerifiedNumber => "mc_vm",
        Resource::RiskSignals => "risk_signals",
        Resource::None | Resource::Token => "none",
    };
    metrics::counter!("fiador_access_gateway_requests_total", "endpoint" => endpoint, "outcome" => outcome)
        .increment(1);
}
