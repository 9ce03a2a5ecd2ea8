//! Problem details for our own interfaces (RFC 9457). OAuth endpoints have their own shape.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde::Serialize;

use crate::{RequestId, no_store};

/// An error as `application/problem+json`.
///
/// `code` is the stable part: dotted words (`request.body_too_large`) that programs compare and
/// the documentation lists. Nothing of the request is echoed (T-011): `title` is the same for
/// every occurrence, `detail` is written by us.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<Cow<'static, str>>,
    headers: HeaderMap,
}

impl Problem {
    /// A problem with its HTTP status, stable code and one-sentence title.
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title, detail: None, headers: HeaderMap::new() }
    }

    /// What only the operator can look into, found by its correlation id: 500, `server.internal`.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server.internal",
            "The server could not answer",
        )
    }

    /// Says what this occurrence is about. Never put text of the request in here.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds a response header, such as `Retry-After` or `WWW-Authenticate`.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

/// RFC 9457 §3; `type` is left out, which means `about:blank`: `code` tells the kinds apart.
#[derive(Serialize)]
struct Document<'a> {
    title: &'a str,
    status: u16,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<String>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = Document {
            title: self.title,
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail.as_deref(),
            correlation_id: RequestId::current().map(|id| id.to_string()),
        };
        // A struct of strings and a number always serializes; an empty body still has its status.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (self.status, self.headers, body).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        no_store(response.headers_mut());
        response
    }
}
