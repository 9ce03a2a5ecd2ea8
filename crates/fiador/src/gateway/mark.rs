//! Development shows on every response (T-286).

use axum::http::{HeaderName, HeaderValue};
use fiador_http_kit::listener::Bound;

const HEADER: HeaderName = HeaderName::from_static("x-fiador-development");

/// Marks every response of a gateway that runs with a named development exception.
pub fn marked(bound: Bound) -> Bound {
    bound.with_mark(HEADER, HeaderValue::from_static("true"))
}
