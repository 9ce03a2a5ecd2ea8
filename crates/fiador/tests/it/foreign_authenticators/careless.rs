//! An authenticator that verifies nothing: it believes every request and answers it well.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
    routing::get,
};
use fiador_jose::{Algorithm, JwkSet, SigningKey, base64url};
use fiador_kernel::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// It runs until it is dropped.
pub(crate) struct Careless {
    pub(crate) issuer: String,
    server: JoinHandle<()>,
}

struct Office {
    issuer: String,
    key: SigningKey,
}

impl Careless {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let metadata = json!({
            "issuer": issuer, "versions_supported": [1], "forms_supported": ["browser"],
            "jwks_uri": format!("{issuer}/jwks"), "result_signing_alg_values_supported": ["ES256"],
            "authorization_endpoint": format!("{issuer}/authorize"), "test_mode": true,
        });
        let keys = JwkSet { keys: vec![key.public_jwk().clone()] };
        let keys = serde_json::to_value(keys).unwrap();
        let router = Router::new()
            .route("/.well-known/fiador-authenticator", get(async move || Json(metadata)))
            .route("/jwks", get(async move || Json(keys)))
            .route("/authorize", get(believe))
            .with_state(Arc::new(Office { issuer: issuer.clone(), key }));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, server }
    }
}

impl Drop for Careless {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn believe(
    State(office): State<Arc<Office>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let payload = query["request"].split('.').nth(1).and_then(|part| base64url::decode(part).ok());
    let request = payload.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    let Some(request) = request else { return StatusCode::BAD_REQUEST.into_response() };
    let now = SystemClock.now().as_seconds();
    let result = json!({
        "version": 1, "iss": office.issuer, "aud": request["iss"], "iat": now, "exp": now + 60,
        "jti": request["jti"], "transaction": request["transaction"], "nonce": request["nonce"],
        "sub": request["sub"], "outcome": request["test_outcome"], "evidence": ["user_presence"],
    });
    let result = office.key.sign_compact(Some("fiador-authn-result+jwt"), &result).unwrap();
    let location =
        format!("{}?result={result}", request["return_uri"].as_str().unwrap_or_default());
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}
