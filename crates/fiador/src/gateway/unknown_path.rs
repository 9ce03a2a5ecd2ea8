//! The answer to a path that nobody serves.

use std::sync::Arc;

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use fiador_http_kit::{Pages, Problem, prefers_html};

/// A page for people, a problem for programs.
pub fn answer(pages: &Arc<Pages>, headers: &HeaderMap) -> Response {
    if prefers_html(headers) {
        return pages.not_found(pages.messages().negotiate(None, headers));
    }
    Problem::new(StatusCode::NOT_FOUND, "path.unknown", "Nothing is served at this path")
        .into_response()
}
