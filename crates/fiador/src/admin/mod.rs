//! The admin listener: keys and subscribers, behind one bearer token.
//!
//! Small on purpose: `fiador keys` needs it where one process holds an SQLite database, and a
//! gateway without subscribers authenticates nobody. Bodies are JSON, errors RFC 9457 problems.

mod guard;
mod keys;
mod subscribers;

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, get, post, put},
};
use fiador_kernel::{Clock, Digest, Region};
use fiador_keys::KeyRing;
use fiador_ports::{AuditLog, Consents, Revocations, Subscribers, Vault};

pub use keys::{KeyBody, RotateBody, rotate_keys};

/// What the admin listener works with.
#[derive(Clone)]
pub struct Admin {
    /// SHA-256 of the bearer token.
    pub token: Digest,
    /// The keys.
    pub keys: Arc<KeyRing>,
    /// The subscriptions.
    pub subscribers: Arc<dyn Subscribers>,
    /// Their consents.
    pub consents: Arc<dyn Consents>,
    /// Ends their tokens.
    pub revocations: Arc<dyn Revocations>,
    /// Where changes are written down.
    pub audit: Arc<dyn AuditLog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Seals what is stored of them.
    pub vault: Arc<dyn Vault>,
    /// Country of numbers in national form.
    pub home_region: Option<Region>,
}

/// `GET /admin/v1/keys`, `POST /admin/v1/keys/rotate`; under `/admin/v1/subscribers/{id}`: `PUT`,
/// `DELETE …/tokens` and `DELETE …/consents/{client_id}`.
pub fn routes(admin: Admin) -> Router {
    let token = admin.token;
    Router::new()
        .route("/admin/v1/keys", get(keys::list))
        .route("/admin/v1/keys/rotate", post(keys::rotate))
        .route("/admin/v1/subscribers/{id}", put(subscribers::put))
        .route("/admin/v1/subscribers/{id}/tokens", delete(subscribers::end))
        .route("/admin/v1/subscribers/{id}/consents/{client_id}", delete(subscribers::withdraw))
        .with_state(admin)
        .layer(axum::middleware::from_fn(move |request, next| guard::check(token, request, next)))
}
