//! `GET /jwks`: the public keys (RFC 7517 §5).

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use fiador_http_kit::public_for_ten_minutes;
use http::header::CONTENT_TYPE;

use crate::AuthServer;

/// The active RS256 key comes first (mobile-connect §2.8). A new key is published long before it
/// signs (T-074), so ten minutes in a cache lose nothing.
pub(crate) async fn jwks(State(server): State<Arc<AuthServer>>) -> Response {
    let keys = server.signer.public_keys().to_string();
    let mut response = ([(CONTENT_TYPE, "application/json")], keys).into_response();
    public_for_ten_minutes(response.headers_mut());
    response
}
