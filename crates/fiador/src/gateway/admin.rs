//! The admin listener with what stands behind it.

use axum::Router;
use fiador_kernel::Digest;

use super::{Gateway, Parts};
use crate::admin::{self, Admin, routing::Routing};

impl Parts {
    /// Routes of the admin listener, for whoever has the token of this digest. `allows_plain_http`:
    /// applications may have plain http addresses, for development.
    pub fn admin(&self, gateway: &Gateway, token: Digest, allows_plain_http: bool) -> Router {
        admin::routes(Admin {
            token,
            allows_plain_http,
            keys: self.keys.clone(),
            operator_keys: self.operator_keys.clone(),
            numbering: self.numbering.clone(),
            pages: self.pages.clone(),
            applications: self.applications.clone(),
            fetch: self.fetch.clone(),
            entropy: self.entropy.clone(),
            subscribers: self.store.clone(),
            deactivations: self.store.clone(),
            consents: self.store.clone(),
            revocations: self.store.clone(),
            audit: self.store.clone(),
            routing: Routing {
                policies: self.store.clone(),
                records: self.routing_records.clone(),
                in_force: self.routing_policy.clone(),
                router: gateway.routing.clone(),
            },
            clock: self.clock.clone(),
            vault: self.keys.clone(),
            home_region: self.home_region,
        })
    }
}
