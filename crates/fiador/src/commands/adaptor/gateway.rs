//! The gateway that the checker pretends to be: metadata, keys, and a place for results.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context as _;
use axum::{
    Json, Router,
    extract::{Request, State},
    http::StatusCode,
    routing::{get, post},
};
use fiador_http_kit::read_form;
use fiador_jose::{Algorithm, JwkSet, SigningKey};
use parking_lot::Mutex;
use serde_json::{Value, json};

/// Results that are kept; an authenticator under test sends few.
const MOST_RESULTS: usize = 1_000;

/// Our half of the conversation.
pub(super) struct Gateway {
    pub(super) issuer: String,
    pub(super) key: SigningKey,
    /// A key that is not published.
    pub(super) other_key: SigningKey,
    results: Arc<Mutex<Vec<String>>>,
    server: tokio::task::JoinHandle<()>,
}

impl Gateway {
    /// Begins to serve.
    pub(super) async fn serve(listen: SocketAddr, issuer: String) -> anyhow::Result<Self> {
        let (key, other_key) =
            (SigningKey::generate(Algorithm::Es256)?, SigningKey::generate(Algorithm::Es256)?);
        let results = Arc::new(Mutex::new(Vec::new()));
        let metadata = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/jwks") });
        let keys = serde_json::to_value(JwkSet { keys: vec![key.public_jwk().clone()] })?;
        let serve = |document: Value| get(move || async move { Json(document) });
        let router = Router::new()
            .route("/.well-known/openid-configuration", serve(metadata))
            .route("/jwks", serve(keys))
            .route("/authenticators/check/result", post(take))
            .with_state(Arc::clone(&results));
        let listener = tokio::net::TcpListener::bind(listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {listen}"))?;
        let server = tokio::spawn(async move {
            // It ends with the process.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { issuer, key, other_key, results, server })
    }

    pub(super) fn return_uri(&self) -> String {
        format!("{}/authenticators/check/return", self.issuer)
    }

    pub(super) fn result_uri(&self) -> String {
        format!("{}/authenticators/check/result", self.issuer)
    }

    /// Results that were posted since the last call.
    pub(super) fn take_results(&self) -> Vec<String> {
        std::mem::take(&mut self.results.lock())
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn take(State(results): State<Arc<Mutex<Vec<String>>>>, request: Request) -> StatusCode {
    let form = read_form(request).await;
    let result = form.as_ref().ok().and_then(|form| form.get_non_empty("result"));
    let mut results = results.lock();
    match result {
        Some(result) if results.len() < MOST_RESULTS => {
            results.push(result.to_owned());
            StatusCode::NO_CONTENT
        }
        _ => StatusCode::BAD_REQUEST,
    }
}
