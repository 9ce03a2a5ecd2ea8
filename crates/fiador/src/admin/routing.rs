//! `/admin/v1/routing`: which policy is in force, what it decided and why, and what another would.

mod decisions;
mod dry_run;
mod explain;
mod hypothesis;
mod policy;
mod refusal;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use fiador_domain::routing::{Known, Policy, TEXT_LIMIT};
use fiador_ports::{RoutingPolicies, RoutingPolicy, RoutingRecords};
use serde::de::DeserializeOwned;

use super::Admin;

pub use decisions::{DecisionBody, StepBody};
pub use dry_run::{DryRun, DryRunBody};
pub use explain::ExplainBody;
pub use hypothesis::{Hypothesis, HypotheticalRisk};
pub use policy::PolicyBody;
use refusal::Refusal;

/// Largest body here: a policy as a JSON text among other members.
pub const BODY_LIMIT: usize = 3 * TEXT_LIMIT;

/// What stands behind these routes.
#[derive(Clone)]
pub struct Routing {
    /// Every revision.
    pub policies: Arc<dyn RoutingPolicies>,
    /// Past decisions.
    pub records: Arc<dyn RoutingRecords>,
    /// The policy that decides.
    pub in_force: Arc<dyn RoutingPolicy>,
    /// The authenticators that there are, and how they stand.
    pub router: Arc<fiador_authn_routing::Router>,
}

/// `GET`, `PUT` and `DELETE …/policy`, `POST …/policy/check`, `GET …/policy/versions` and
/// `…/policy/versions/{revision}`, `GET …/decisions` and `…/decisions/{journey}`, `POST …/explain`
/// and `…/dry-run`.
pub fn routes() -> Router<Admin> {
    Router::new()
        .route(
            "/admin/v1/routing/policy",
            get(policy::current).put(policy::put).delete(policy::reset),
        )
        .route("/admin/v1/routing/policy/check", post(policy::check))
        .route("/admin/v1/routing/policy/versions", get(policy::versions))
        .route("/admin/v1/routing/policy/versions/{revision}", get(policy::version))
        .route("/admin/v1/routing/decisions", get(decisions::recent))
        .route("/admin/v1/routing/decisions/{journey}", get(decisions::find))
        .route("/admin/v1/routing/explain", post(explain::explain))
        .route("/admin/v1/routing/dry-run", post(dry_run::dry_run))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

impl Admin {
    /// Reads a policy whose names must all be known here.
    fn policy_of(&self, text: &str) -> Result<Policy, Refusal> {
        let (authenticators, clients) = (self.routing.router.candidates(), self.applications.ids());
        let known = Known { authenticators: Some(&authenticators), clients: Some(&clients) };
        Policy::read(text, known).map_err(|error| Refusal::Policy(error.to_string()))
    }
}

/// A JSON body of one of these routes.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Request(error.to_string()))
}
