//! Development shows on every response (T-286).

use axum::{
    Router,
    http::{HeaderName, HeaderValue},
    response::Response,
};

const HEADER: HeaderName = HeaderName::from_static("x-fiador-development");

/// Marks every response of a gateway that runs with a named development exception.
pub fn marked(router: Router) -> Router {
    router.layer(axum::middleware::map_response(async |mut response: Response| {
        response.headers_mut().insert(HEADER, HeaderValue::from_static("true"));
        response
    }))
}
