//! The authenticators that are there.

use std::sync::Arc;

use fiador_domain::routing::Candidate;
use fiador_kernel::AuthenticatorId;
use fiador_ports::Authenticator;
use parking_lot::RwLock;

/// Adaptors in order of preference, each with its name, which never changes.
#[derive(Default)]
pub(crate) struct Adaptors {
    installed: RwLock<Arc<[Installed]>>,
}

type Installed = (AuthenticatorId, Arc<dyn Authenticator>);

impl Adaptors {
    pub(crate) fn install(&self, authenticators: Vec<Arc<dyn Authenticator>>) {
        let named = authenticators.into_iter().map(|adaptor| (adaptor.candidate().id, adaptor));
        *self.installed.write() = named.collect();
    }

    pub(crate) fn find(&self, id: &AuthenticatorId) -> Option<Arc<dyn Authenticator>> {
        let installed = self.installed.read();
        installed.iter().find(|(name, _)| name == id).map(|(_, adaptor)| Arc::clone(adaptor))
    }

    /// How every adaptor stands at this moment.
    pub(crate) fn candidates(&self) -> Vec<Candidate> {
        let installed = Arc::clone(&self.installed.read());
        installed.iter().map(|(_, adaptor)| adaptor.candidate()).collect()
    }
}
