//! Response headers that protect pages and answers (T-039, T-040).

use axum::response::{IntoResponse, Response};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, PRAGMA, REFERRER_POLICY,
        X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};

use crate::ContentSecurity;

/// Nothing may keep this answer (RFC 6749 §5.1 wants both headers).
pub fn no_store(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
}

/// Anybody may keep this answer for ten minutes: provider metadata and keys.
pub fn public_for_ten_minutes(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=600"));
}

/// The headers of a page for people: content security, no sniffing, no framing, no referrer, not
/// stored (T-040).
pub fn for_page(headers: &mut HeaderMap, security: &ContentSecurity) {
    const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
    no_store(headers);
    headers.insert(CONTENT_SECURITY_POLICY, security.header_value());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // For browsers of old phones, which do not know `frame-ancestors`.
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        PERMISSIONS,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
    );
}

/// A redirect after `method`: 302 after GET and HEAD, 303 after anything else, never 307, which
/// would send the body on (T-039). `location` is the caller's: a registered or own address, never
/// one taken from the request. An address that cannot stand in a header gives 500.
pub fn see_other(method: &Method, location: &str) -> Response {
    let status = if matches!(*method, Method::GET | Method::HEAD) {
        StatusCode::FOUND
    } else {
        StatusCode::SEE_OTHER
    };
    let Ok(location) = HeaderValue::from_str(location) else {
        return crate::Problem::internal().into_response();
    };
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, location);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    no_store(headers);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_never_repeats_a_post() {
        // T-039
        assert_eq!(see_other(&Method::GET, "/next").status(), 302);
        assert_eq!(see_other(&Method::POST, "/next").status(), 303);
    }

    #[test]
    fn a_line_break_cannot_enter_the_location() {
        let response = see_other(&Method::GET, "/next\r\nSet-Cookie: a=b");
        assert_eq!(response.status(), 500);
        assert!(response.headers().get(LOCATION).is_none());
    }
}
