//! The admin listener: keys, subscribers, applications and routing, behind one bearer token.
//!
//! Small on purpose: `fiador keys` needs it where one process holds an SQLite database, a gateway
//! without subscribers authenticates nobody, and tools that try out an OpenID provider bring
//! applications of their own. Bodies are JSON, errors RFC 9457 problems.

mod apps;
mod brands;
mod guard;
mod keys;
mod operators;
pub mod routing;
mod subscribers;

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, get, post, put},
};
use fiador_domain::numbering::NumberingPlan;
use fiador_http_kit::Pages;
use fiador_kernel::{Clock, Digest, Entropy, Region};
use fiador_keys::{KeyRing, OperatorKeyRing};
use fiador_ports::{AuditLog, Consents, Deactivations, Fetch, Revocations, Subscribers, Vault};

use crate::applications::KnownApplications;

pub use keys::{KeyBody, RotateBody, rotate_keys};

/// What the admin listener works with.
#[derive(Clone)]
pub struct Admin {
    /// SHA-256 of the bearer token.
    pub token: Digest,
    /// The keys.
    pub keys: Arc<KeyRing>,
    /// The keys that numbers are encrypted to.
    pub operator_keys: Arc<OperatorKeyRing>,
    /// The operators that there are.
    pub numbering: Arc<NumberingPlan>,
    /// The pages, for their logos.
    pub pages: Arc<Pages>,
    /// Applications, those included that are created here.
    pub applications: Arc<KnownApplications>,
    /// Applications may have plain http addresses: for development.
    pub allows_plain_http: bool,
    /// Reads lists of redirect URIs.
    pub fetch: Arc<dyn Fetch>,
    /// Makes ids and secrets.
    pub entropy: Arc<dyn Entropy>,
    /// The subscriptions.
    pub subscribers: Arc<dyn Subscribers>,
    /// Ends subscriptions.
    pub deactivations: Arc<dyn Deactivations>,
    /// Their consents.
    pub consents: Arc<dyn Consents>,
    /// Ends their tokens.
    pub revocations: Arc<dyn Revocations>,
    /// Where changes are written down.
    pub audit: Arc<dyn AuditLog>,
    /// The policy of routing, and what it decided.
    pub routing: routing::Routing,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Seals what is stored of them.
    pub vault: Arc<dyn Vault>,
    /// Country of numbers in national form.
    pub home_region: Option<Region>,
}

/// `GET /admin/v1/keys`, `POST /admin/v1/keys/rotate`; `GET` and `PUT`
/// `/admin/v1/operators/{id}/keys`; `GET` and `POST /admin/v1/apps`, `GET` and
/// `DELETE /admin/v1/apps/{client_id}`; `PUT` and `DELETE` `/admin/v1/brands/operator/logo` and
/// `/admin/v1/brands/clients/{client_id}/logo`; under `/admin/v1/subscribers/{id}`: `PUT`, `DELETE`,
/// `DELETE …/tokens` and `DELETE …/consents/{client_id}`; and those of [`routing`].
pub fn routes(admin: Admin) -> Router {
    let token = admin.token;
    Router::new()
        .route("/admin/v1/keys", get(keys::list))
        .route("/admin/v1/keys/rotate", post(keys::rotate))
        .route("/admin/v1/operators/{id}/keys", get(operators::get).put(operators::put))
        .route(
            "/admin/v1/brands/operator/logo",
            put(brands::put_operator).delete(brands::remove_operator),
        )
        .route(
            "/admin/v1/brands/clients/{client_id}/logo",
            put(brands::put_client).delete(brands::remove_client),
        )
        .route("/admin/v1/apps", get(apps::list).post(apps::create))
        .route("/admin/v1/apps/{client_id}", get(apps::get).delete(apps::remove))
        .route("/admin/v1/subscribers/{id}", put(subscribers::put).delete(subscribers::remove))
        .route("/admin/v1/subscribers/{id}/tokens", delete(subscribers::end))
        .route("/admin/v1/subscribers/{id}/consents/{client_id}", delete(subscribers::withdraw))
        // Routes that are added from here on take larger bodies.
        .layer(axum::middleware::from_fn(guard::keep_small))
        .merge(routing::routes())
        .with_state(admin)
        .layer(axum::middleware::from_fn(move |request, next| guard::check(token, request, next)))
}
