//! Applications that are created while the gateway runs.

use async_trait::async_trait;
use fiador_domain::audit::AuditEvent;
use fiador_kernel::{ClientId, Timestamp};

use crate::StoreError;

/// A created application. It never changes: another registration is another application.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredApplication {
    /// Its `client_id`; no two applications have the same, removed ones included.
    pub client_id: ClientId,
    /// What it is registered for: a JSON object with the members of `[[clients]]`. Of secrets it
    /// holds digests alone (T-060).
    pub registration: String,
    /// When it was created.
    pub created_at: Timestamp,
}

/// Where created applications are kept.
///
/// Look-ups of requests are answered from memory ([`crate::Clients`]); every node compares
/// [`ids`](Self::ids) with what it knows from time to time, and reads what is new.
#[async_trait]
pub trait Applications: Send + Sync {
    /// The ids of all of them, in their order.
    async fn ids(&self) -> Result<Vec<ClientId>, StoreError>;

    /// The one with this id.
    async fn find(&self, id: &ClientId) -> Result<Option<StoredApplication>, StoreError>;

    /// Adds one; `false` when there is one with this id. Durable before it returns, together with
    /// its line in the audit log.
    async fn add(
        &self,
        application: StoredApplication,
        audit: AuditEvent,
    ) -> Result<bool, StoreError>;

    /// Removes the one with this id and ends its tokens, as by
    /// [`crate::Revocations::end_client`], in one commit; `false` when there is none. Durable before
    /// it returns, with its line in the audit log.
    async fn remove(&self, id: &ClientId, audit: AuditEvent) -> Result<bool, StoreError>;
}
