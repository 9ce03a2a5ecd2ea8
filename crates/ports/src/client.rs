//! Registered applications.

use std::sync::Arc;

use fiador_domain::client::{Client, ClientDirectory, DiscoveryApplication};
use fiador_kernel::ClientId;

/// Where clients are found: an in-memory snapshot, so look-ups neither wait nor fail.
pub trait Clients: Send + Sync {
    /// The client with this id, enabled or not.
    fn find(&self, id: &ClientId) -> Option<Arc<Client>>;

    /// The application with these discovery credentials' id.
    fn find_discovery(&self, id: &ClientId) -> Option<Arc<DiscoveryApplication>>;
}

impl Clients for ClientDirectory {
    fn find(&self, id: &ClientId) -> Option<Arc<Client>> {
        Self::find(self, id)
    }

    fn find_discovery(&self, id: &ClientId) -> Option<Arc<DiscoveryApplication>> {
        Self::find_discovery(self, id)
    }
}
