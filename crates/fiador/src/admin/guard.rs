//! Only with the token (T-220), and no larger than needed (T-001).

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use fiador_http_kit::{BODY_LIMIT, Problem, read_body};
use fiador_kernel::Digest;
use fiador_wire_oauth::authorization_header::AuthorizationHeader;

/// Passes the request on if it carries the bearer token; compared in constant time.
pub async fn check(token: Digest, request: Request, next: Next) -> Response {
    let presented = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| AuthorizationHeader::parse(value.as_bytes()).ok());
    match presented {
        Some(AuthorizationHeader::Bearer(bearer)) if Digest::of(bearer.as_str()) == token => {
            next.run(request).await
        }
        _ => Problem::new(StatusCode::UNAUTHORIZED, "admin.unauthorized", "Unauthorized")
            .detail("send the token of listeners.admin_token_file as Authorization: Bearer")
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            .into_response(),
    }
}

/// Passes the request on if its body is within the limit of every other listener. The admin listener
/// itself lets more through, for policies.
pub async fn keep_small(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    match read_body(body, BODY_LIMIT).await {
        Ok(body) => next.run(Request::from_parts(head, Body::from(body))).await,
        Err(rejection) => rejection.into_response(),
    }
}
