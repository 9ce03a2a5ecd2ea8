//! Access Gateway: the door to a user's attributes.
//!
//! `GET|POST /userinfo` (OpenID Connect Core §5.3) and `/premiuminfo` (mobile-connect §2.9) differ
//! in the scopes they need and in how a number is written; everything else is one road, to be read
//! in `resource.rs`: token, client, scope, request limit, consent, Data Gateway, answer. The
//! road is in that order so that the costly steps come behind the cheap ones (T-262), and nothing
//! leaves that scopes, registration and consent do not all allow at this moment (T-200, T-206).

mod answer;
mod bearer;
mod clean;
mod limit;
mod refusal;
mod resource;

use std::sync::Arc;

use axum::{Router, routing::get};
use fiador_kernel::Clock;
use fiador_ports::{AccessTokens, Clients, Consents, DataGateway};

pub use limit::RequestLimit;

use crate::limit::Limiter;

/// What the Access Gateway stands on.
#[derive(Clone)]
pub struct Dependencies {
    /// Token checks of the Token Manager.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Registered applications.
    pub clients: Arc<dyn Clients>,
    /// What users agreed to share.
    pub consents: Arc<dyn Consents>,
    /// Where attributes come from.
    pub data_gateway: Arc<dyn DataGateway>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// The Access Gateway. Cheap to clone.
#[derive(Clone)]
pub struct AccessGateway {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) dependencies: Dependencies,
    pub(crate) limiter: Limiter,
}

impl AccessGateway {
    /// Puts the parts together; nothing runs yet. `limit` holds for each client and both resources
    /// together.
    pub fn new(dependencies: Dependencies, limit: RequestLimit) -> Self {
        let limiter = Limiter::new(limit, Arc::clone(&dependencies.clock));
        Self { inner: Arc::new(Inner { dependencies, limiter }) }
    }

    /// The resources, for the public listener. Other methods than GET, HEAD and POST are 405.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/userinfo", get(resource::userinfo).post(resource::userinfo))
            .route("/premiuminfo", get(resource::premiuminfo).post(resource::premiuminfo))
            .with_state(Arc::clone(&self.inner))
    }
}
