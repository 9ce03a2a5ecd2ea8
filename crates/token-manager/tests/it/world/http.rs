//! Requests and replies.

use axum::{Router, body::Body, extract::Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use fiador_wire_oauth::client_assertion::JWT_BEARER;
use http::{
    HeaderMap,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::Holder;

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status and `error`, for tables.
    pub(crate) fn error(&self) -> (u16, String) {
        (self.status, self.json()["error"].as_str().unwrap_or_default().to_owned())
    }

    /// The full shape of an OAuth error (RFC 6749 §5.2).
    #[track_caller]
    pub(crate) fn expect_error(&self, status: u16, error: &str, description: &str) {
        let json = self.json();
        assert_eq!(
            (self.status, json["error"].as_str(), json["error_description"].as_str()),
            (status, Some(error), Some(description))
        );
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("pragma"), Some("no-cache"));
        assert_eq!(self.header("retry-after").is_some(), status == 503);
        let challenge = self.header("www-authenticate").unwrap_or_default();
        assert_eq!(challenge.starts_with("Basic realm="), status == 401, "{challenge}");
    }
}

pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

pub(crate) fn encoded(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

pub(crate) async fn post(
    router: Router,
    path: &str,
    holder: Option<Holder>,
    assertion: &str,
    form: &[(&str, &str)],
) -> Reply {
    let mut form = form.to_vec();
    let mut request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    match holder {
        Some(Holder { id, secret: Some(secret), .. }) => {
            request = request.header(AUTHORIZATION, basic(id, secret));
        }
        Some(Holder { signs: true, .. }) => {
            form.extend([("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)]);
        }
        Some(Holder { id, secret: None, .. }) => form.push(("client_id", id)),
        None => {}
    }
    send(router, request.body(Body::from(encoded(&form))).unwrap()).await
}

pub(crate) async fn send(router: Router, request: Request) -> Reply {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Reply {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}
