//! A Keycloak, as far as an authentication channel meets one: a realm's keys, its CIBA requests, its
//! callback.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use fiador_jose::{Algorithm, JwkSet, SigningKey};
use fiador_kernel::{Clock as _, SystemClock};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{Answer, Running, eventually};

/// What the callback heard: the token, and the outcome.
type Told = Arc<Mutex<Vec<(String, String)>>>;

/// The realm `bank`, whose client `till` is the application `portal` of the gateway.
pub(crate) struct Keycloak {
    pub(crate) issuer: String,
    pub(crate) key: SigningKey,
    told: Told,
    tokens: AtomicU32,
    server: JoinHandle<()>,
}

impl Keycloak {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/realms/bank", listener.local_addr().unwrap());
        let key = SigningKey::generate(Algorithm::Rs256).unwrap();
        let set = serde_json::to_value(JwkSet { keys: vec![key.public_jwk().clone()] }).unwrap();
        let told = Told::default();
        let at = "/realms/bank/protocol/openid-connect";
        let router = Router::new()
            .route(&format!("{at}/certs"), get(async move || Json(set)))
            .route(&format!("{at}/ext/ciba/auth/callback"), post(hear))
            .with_state(told.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, key, told, tokens: AtomicU32::new(0), server }
    }

    /// What the gateway's configuration says of the realm.
    pub(crate) fn configuration(&self) -> String {
        format!(
            "[[keycloak_channels]]\nid = \"bank\"\nissuer = \"{}\"\n\
             clients = [{{ keycloak_client_id = \"till\", client_id = \"portal\" }}]\n",
            self.issuer
        )
    }

    /// The claims of a new token.
    pub(crate) fn claims(&self) -> Value {
        let now = SystemClock.now().as_seconds();
        let id = self.tokens.fetch_add(1, Ordering::Relaxed);
        json!({
            "iss": self.issuer, "aud": self.issuer, "azp": "till", "typ": "Bearer", "sub": "u-1",
            "jti": format!("request-{id}"), "exp": now + 120,
        })
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.key.sign_compact(Some("JWT"), claims).unwrap()
    }

    /// Asks whether it is the holder of this number, while the till shows `shown`; the token.
    pub(crate) async fn ask(&self, running: &Running, msisdn: &str, shown: &str) -> String {
        let token = self.sign(&self.claims());
        let answer = self.ask_with(running, &token, &Self::body(msisdn, shown)).await;
        assert_eq!((answer.status, &*answer.text), (201, ""));
        token
    }

    /// Asks with any token and any body.
    pub(crate) async fn ask_with(&self, running: &Running, token: &str, body: &Value) -> Answer {
        let url = format!("{}/keycloak/bank/authenticate", running.listener("internal"));
        let request = running.http.post(url).bearer_auth(token).json(body);
        Answer::read(request.send().await.unwrap()).await
    }

    /// A request as Keycloak writes it.
    pub(crate) fn body(msisdn: &str, shown: &str) -> Value {
        json!({
            "login_hint": msisdn, "binding_message": shown, "scope": "openid profile email",
            "consent_required": false, "acr_values": null, "request_context": "till 4",
        })
    }

    /// Everything that the callback has heard.
    pub(crate) fn told(&self) -> Vec<(String, String)> {
        self.told.lock().clone()
    }

    /// The outcome of the request with this token.
    pub(crate) async fn outcome(&self, token: &str) -> String {
        eventually("Keycloak hears the outcome", async || {
            self.told().into_iter().find(|(with, _)| with == token).map(|(_, outcome)| outcome)
        })
        .await
    }
}

impl Drop for Keycloak {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn hear(State(told): State<Told>, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
    let token = headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
    told.lock().push((token.to_owned(), body["status"].as_str().unwrap().to_owned()));
    StatusCode::OK
}
