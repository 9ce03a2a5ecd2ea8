//! Answers of all three endpoints.

use axum::{body::Body, response::Response};
use fiador_http_kit::no_store;
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde::Serialize;

/// `body` as compact JSON that nobody may keep (RFC 6749 §5.1).
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // A structure of texts and numbers always serializes; without a body the status still holds.
    let body = serde_json::to_vec(body).unwrap_or_default();
    let mut response = of_type("application/json", Body::from(body));
    *response.status_mut() = status;
    response
}

/// A success in another media type, which nobody may keep either.
pub(crate) fn text(media_type: &'static str, body: String) -> Response {
    of_type(media_type, Body::from(body))
}

fn of_type(media_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    no_store(headers);
    response
}

/// Counts one answered request. Both labels come from the code, so they are bounded (T-281).
pub(crate) fn count(endpoint: &'static str, outcome: &'static str) {
    metrics::counter!("fiador_token_manager_requests_total", "endpoint" => endpoint, "outcome" => outcome)
        .increment(1);
}
