//! Access Gateway: the door to a user's attributes.
//!
//! `GET|POST /userinfo` (OpenID Connect Core §5.3) and `/premiuminfo` (mobile-connect §2.9) are one
//! road, in `attributes.rs`: token, client, scope, request limit, consent, Data Gateway, answer.
//! Two products leave it: `POST /mc_vm` compares a number (`number.rs`), and a client by itself asks
//! for signs of a takeover (`takeover.rs`). Every road is in that order, so that the costly steps come
//! behind the cheap ones (T-262), and nothing leaves that scopes, registration and consent do not
//! all allow at this moment (T-200, T-206).

mod access;
mod answer;
mod attributes;
mod clean;
mod envelope;
mod limit;
mod number;
mod permission;
mod presented;
mod refusal;
mod resource;
mod scan;
mod takeover;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use fiador_domain::{kyc, quota::Limit};
use fiador_kernel::{ClientId, Clock, GrantId, Issuer};
use fiador_ports::{
    AccessTokens, AuditLog, ClientKeys, ClientTokens, Clients, Consents, DataGateway, OperatorKeys,
    RequestedClaims, RiskSource, Signer, Subscribers, Vault,
};

pub use limit::RequestLimit;

use crate::{limit::Limiter, scan::ScanGuard};

/// What the Access Gateway stands on.
#[derive(Clone)]
pub struct Dependencies {
    /// Token checks of the Token Manager.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Checks of the tokens that clients hold for themselves.
    pub client_tokens: Arc<dyn ClientTokens>,
    /// Registered applications.
    pub clients: Arc<dyn Clients>,
    /// What users agreed to share.
    pub consents: Arc<dyn Consents>,
    /// What was asked for one by one at the login.
    pub requested_claims: Arc<dyn RequestedClaims>,
    /// Where attributes come from.
    pub data_gateway: Arc<dyn DataGateway>,
    /// Where signs of a takeover come from.
    pub risk_signals: Arc<dyn RiskSource>,
    /// Whose number it is.
    pub subscribers: Arc<dyn Subscribers>,
    /// Opens what is sealed, and knows the index of a number.
    pub vault: Arc<dyn Vault>,
    /// Opens numbers that were encrypted to this operator.
    pub operator_keys: Arc<dyn OperatorKeys>,
    /// Signs answers.
    pub signer: Arc<dyn Signer>,
    /// Encrypts answers to clients.
    pub client_keys: Arc<dyn ClientKeys>,
    /// Where answers about takeover signs are written down.
    pub audit: Arc<dyn AuditLog>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// What the operator decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `iss` of signed answers.
    pub issuer: Issuer,
    /// Requests of each client, to all resources together.
    pub limit: RequestLimit,
    /// Numbers that one client may ask takeover signs of and be told nothing. Beyond, the alarm is
    /// raised and no number is looked up for it until the window is over (T-048, T-173). Counted by
    /// each node for itself.
    pub answers_without_data: Limit,
    /// How values are compared in this market.
    pub kyc: kyc::Normalisation,
}

/// The Access Gateway. Cheap to clone.
#[derive(Clone)]
pub struct AccessGateway {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) dependencies: Dependencies,
    pub(crate) settings: Settings,
    pub(crate) limiter: Limiter<ClientId>,
    pub(crate) guesses: Limiter<GrantId>,
    pub(crate) scans: ScanGuard,
}

impl AccessGateway {
    /// Puts the parts together; nothing runs yet.
    pub fn new(dependencies: Dependencies, settings: Settings) -> Self {
        let clock = || Arc::clone(&dependencies.clock);
        let limiter = Limiter::of_requests(settings.limit, clock());
        let guesses = Limiter::of_guesses(clock());
        let scans = ScanGuard::new(settings.answers_without_data);
        Self { inner: Arc::new(Inner { dependencies, settings, limiter, guesses, scans }) }
    }

    /// The resources, for the public listener. Other methods than GET, HEAD and POST are 405, and
    /// for `/mc_vm` all but POST.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/userinfo", get(resource::userinfo).post(resource::userinfo))
            .route("/premiuminfo", get(resource::premiuminfo).post(resource::premiuminfo))
            .route("/mc_vm", post(resource::verified_number))
            .with_state(Arc::clone(&self.inner))
    }
}
