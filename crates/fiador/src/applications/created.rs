//! One application that was created while the gateway runs.

use std::sync::Arc;

use fiador_domain::client::Client;
use fiador_ports::StoredApplication;

use crate::{config::ClientSection, registration};

/// A created application: what was said about it, and what it became.
pub struct Created {
    /// As registered; the members are those of `[[clients]]`.
    pub section: ClientSection,
    /// As requests meet it.
    pub client: Arc<Client>,
}

impl Created {
    /// Checks a registration.
    pub fn new(section: ClientSection) -> anyhow::Result<Self> {
        let client = Arc::new(registration::client(&section)?);
        Ok(Self { section, client })
    }

    /// Reads back what was stored; the rules may have changed since.
    pub fn read(stored: &StoredApplication) -> anyhow::Result<Self> {
        Self::new(serde_json::from_str(&stored.registration)?)
    }

    /// As it is stored: digests of secrets, no secrets.
    pub fn to_json(&self) -> String {
        // Texts, lists and switches always serialise.
        serde_json::to_string(&self.section).unwrap_or_default()
    }
}
