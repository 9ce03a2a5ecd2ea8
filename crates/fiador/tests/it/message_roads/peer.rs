//! A gateway that takes JSON, signs its notices, and can fall silent.

use std::sync::Arc;

use aws_lc_rs::hmac;
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use fiador_kernel::Digest;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{
        Mutex,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    task::JoinHandle,
};

use crate::world::{Answer, Running};

/// What signs notices and seals references.
pub(super) const NOTICE_SECRET: &str = "a-secret-of-notices-in-32-bytes!";

/// It runs until it is dropped.
pub(super) struct Peer {
    port: u16,
    taken: Mutex<UnboundedReceiver<Value>>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Office {
    taken: UnboundedSender<Value>,
    is_silent: bool,
}

impl Peer {
    /// One that takes every message.
    pub(super) async fn start() -> Self {
        Self::start_as(false).await
    }

    /// One that takes every message and never says so.
    pub(super) async fn silent() -> Self {
        Self::start_as(true).await
    }

    async fn start_as(is_silent: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, taken) = unbounded_channel();
        let office = Arc::new(Office { taken: sender, is_silent });
        let router = Router::new().route("/messages", post(take)).with_state(office);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { port, taken: Mutex::new(taken), server }
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/messages", self.port)
    }

    /// The next message, as it was handed over.
    pub(super) async fn next(&self) -> Value {
        let next = async { self.taken.lock().await.recv().await };
        tokio::time::timeout(std::time::Duration::from_secs(30), next)
            .await
            .expect("a message within half a minute")
            .unwrap()
    }

    /// Tells what became of a message, signed with `secret`.
    pub(super) async fn notice(
        running: &Running,
        reference: &str,
        state: &str,
        secret: Option<&str>,
    ) -> Answer {
        let body = json!({ "Ref": reference, "State": state }).to_string();
        let url = format!("{}/message-gateways/peer/deliveries", running.listener("public"));
        let mut request = running.http.post(url).header("content-type", "application/json");
        if let Some(secret) = secret {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            let mac = hmac::sign(&key, body.as_bytes());
            let mac = Digest::from_bytes(mac.as_ref().try_into().unwrap()).to_hex();
            request = request.header("x-signature", format!("sha256={mac}"));
        }
        Answer::read(request.body(body).send().await.unwrap()).await
    }

    /// The same with the secret that was agreed on.
    pub(super) async fn signed_notice(running: &Running, reference: &str, state: &str) -> Answer {
        Self::notice(running, reference, state, Some(NOTICE_SECRET)).await
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn take(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Json(message): Json<Value>,
) -> StatusCode {
    if headers.get("authorization").is_none_or(|value| value != "Bearer a-token") {
        return StatusCode::UNAUTHORIZED;
    }
    office.taken.send(message).unwrap();
    if office.is_silent {
        std::future::pending::<()>().await;
    }
    StatusCode::ACCEPTED
}
