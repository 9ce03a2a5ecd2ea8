//! The demo service provider: an ordinary client of the gateway, over HTTP, as any company would
//! write it. The `mobile_connect` application goes through Discovery first.

mod callback;
mod flow;
mod outcome;
mod start;

use std::sync::Arc;

use axum::{Router, routing::get};
use fiador_http_kit::Assets;
use parking_lot::Mutex;
use tokio::sync::watch;

pub use outcome::Outcome;

use crate::{Application, Seed};
use flow::Flows;

/// Where the gateway is, as the demo service provider was told.
#[derive(Clone, Debug)]
pub struct GatewayAddress {
    /// Issuer.
    pub issuer: String,
    /// Full URL of Discovery v2.
    pub discovery: String,
    /// PEM of the throw-away authority, with `--tls`.
    pub authority: Option<Vec<u8>>,
}

/// The demo service provider.
#[derive(Clone)]
pub struct Demo {
    inner: Arc<Inner>,
}

struct Inner {
    applications: Vec<Application>,
    gateway: GatewayAddress,
    base: String,
    seed: Seed,
    http: reqwest::Client,
    flows: Mutex<Flows>,
    outcome: Mutex<Option<Outcome>>,
    changes: watch::Sender<u64>,
    assets: Assets,
}

impl Demo {
    /// Builds it. `base` is its own base URL, the one its redirect URIs are registered under.
    pub fn new(
        applications: Vec<Application>,
        gateway: GatewayAddress,
        base: String,
        seed: Seed,
    ) -> Result<Self, reqwest::Error> {
        let mut http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(10));
        if let Some(pem) = &gateway.authority {
            http = http.tls_certs_only([reqwest::Certificate::from_pem(pem)?]);
        }
        let inner = Inner {
            applications,
            gateway,
            base,
            seed,
            http: http.build()?,
            flows: Mutex::default(),
            outcome: Mutex::default(),
            changes: watch::Sender::new(0),
            assets: crate::page::assets(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// `/demo/start`, `/demo/callback`.
    pub fn routes(&self) -> Router {
        Router::new()
            .route("/demo/start", get(start::start))
            .route("/demo/callback", get(callback::callback))
            .with_state(self.clone())
    }

    /// How the last login ended.
    pub fn outcome(&self) -> Option<Outcome> {
        self.inner.outcome.lock().clone()
    }

    /// The files of its pages, served by [`crate::page_routes`].
    pub fn assets(&self) -> &Assets {
        &self.inner.assets
    }

    /// Tells when a login has ended.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changes.subscribe()
    }

    fn finish(&self, outcome: Outcome) {
        *self.inner.outcome.lock() = Some(outcome);
        self.inner.changes.send_modify(|change| *change += 1);
    }
}
