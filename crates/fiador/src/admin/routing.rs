//! `/admin/v1/routing`: which policy is in force, what it decided and why, and what another would.

mod decisions;
mod dry_run;
mod explain;
mod hypothesis;
mod policy;

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use fiador_domain::routing::{Candidate, Known, Policy, TEXT_LIMIT};
use fiador_http_kit::Problem;
use fiador_kernel::ClientId;
use fiador_ports::{RoutingPolicies, RoutingPolicy, RoutingRecords, StoreError};
use serde::de::DeserializeOwned;

use super::Admin;

pub use decisions::{DecisionBody, StepBody};
pub use dry_run::{DryRun, DryRunBody};
pub use explain::ExplainBody;
pub use hypothesis::{Hypothesis, HypotheticalRisk};
pub use policy::PolicyBody;

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

/// `GET` and `PUT …/policy`, `POST …/policy/check`, `GET …/policy/versions` and
/// `…/policy/versions/{revision}`, `GET …/decisions` and `…/decisions/{journey}`, `POST …/explain`
/// and `…/dry-run`.
pub fn routes() -> Router<Admin> {
    Router::new()
        .route("/admin/v1/routing/policy", get(policy::current).put(policy::put))
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
    fn policy_of(&self, text: &str) -> Result<Policy, Response> {
        let (authenticators, clients) = self.known_names();
        let known = Known { authenticators: Some(&authenticators), clients: Some(&clients) };
        Policy::read(text, known).map_err(|error| {
            // The words may quote the policy: whoever reads them wrote it.
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "routing.policy", "Not a usable policy")
                .detail(error.to_string())
                .into_response()
        })
    }

    fn known_names(&self) -> (Vec<Candidate>, BTreeSet<ClientId>) {
        (self.routing.router.candidates(), self.applications.ids())
    }
}

/// A JSON body of one of these routes.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Response> {
    serde_json::from_slice(body).map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "routing.request", "Not a usable request")
            .detail(error.to_string())
            .into_response()
    })
}

fn unavailable(error: StoreError) -> Response {
    tracing::error!(%error, "routing was not looked up or stored");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store.unavailable", "Not stored or looked up")
        .detail(error.to_string())
        .into_response()
}
