//! All applications that requests may come from: those of the configuration, and those that were
//! created while the gateway runs.
//!
//! Requests are answered from a snapshot in memory, which is replaced as a whole; a look-up neither
//! waits nor fails. A node knows its own changes at once and those of other nodes after
//! [`FOLLOW_EVERY`].

mod created;
mod sectors;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwap;
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    client::{Client, ClientDirectory, DiscoveryApplication},
};
use fiador_kernel::{ClientId, Timestamp};
use fiador_ports::{Applications, Clients, StoreError, StoredApplication};
use tokio::sync::Mutex;

pub use created::Created;

/// How often a node looks for what other nodes have created or removed.
const FOLLOW_EVERY: Duration = Duration::from_secs(2);

/// Both kinds of applications.
pub struct KnownApplications {
    configured: ClientDirectory,
    stored: Arc<dyn Applications>,
    /// Held while the snapshot is replaced, never by a look-up.
    sources: Mutex<Sources>,
    snapshot: ArcSwap<ClientDirectory>,
}

/// What changes the snapshot.
#[derive(Default)]
struct Sources {
    /// The created ones.
    created: HashMap<ClientId, Arc<Created>>,
    /// Stored ones that this version cannot read. They never change, so they are told once and not
    /// fetched again.
    unreadable: HashSet<ClientId>,
    /// Configured ones that are not in the list of their sector.
    unlisted: HashSet<ClientId>,
}

impl KnownApplications {
    /// Reads what was created before.
    pub async fn open(
        configured: ClientDirectory,
        stored: Arc<dyn Applications>,
    ) -> Result<Arc<Self>, StoreError> {
        let snapshot = ArcSwap::from_pointee(configured.clone());
        let known = Self { configured, stored, sources: Mutex::default(), snapshot };
        known.follow().await?;
        Ok(Arc::new(known))
    }

    /// Adds an application; `false` when its id is taken. Durable, and known to this node, before it
    /// returns.
    pub async fn create(&self, created: Created, at: Timestamp) -> Result<bool, StoreError> {
        let id = created.client.id.clone();
        if self.configured.find(&id).is_some() {
            return Ok(false);
        }
        let stored = StoredApplication {
            client_id: id.clone(),
            registration: created.to_json(),
            created_at: at,
        };
        let mut sources = self.sources.lock().await;
        if !self.stored.add(stored, event(AuditKind::ApplicationCreated, &id, at)).await? {
            return Ok(false);
        }
        sources.created.insert(id, Arc::new(created));
        self.publish(&sources);
        Ok(true)
    }

    /// Removes an application and ends its tokens; `false` when no such one was created. Durable,
    /// and known to this node, before it returns.
    pub async fn remove(&self, id: &ClientId, at: Timestamp) -> Result<bool, StoreError> {
        let mut sources = self.sources.lock().await;
        if !self.stored.remove(id, event(AuditKind::ApplicationRemoved, id, at)).await? {
            return Ok(false);
        }
        sources.created.remove(id);
        self.publish(&sources);
        Ok(true)
    }

    /// The ids of all, configured and created.
    pub fn ids(&self) -> BTreeSet<ClientId> {
        self.snapshot.load().clients().map(|client| client.id.clone()).collect()
    }

    /// The created ones, by id.
    pub async fn created(&self) -> Vec<Arc<Created>> {
        let mut all: Vec<_> = self.sources.lock().await.created.values().cloned().collect();
        all.sort_by(|a, b| a.client.id.cmp(&b.client.id));
        all
    }

    /// The created one with this id.
    pub async fn find_created(&self, id: &ClientId) -> Option<Arc<Created>> {
        self.sources.lock().await.created.get(id).cloned()
    }

    /// Learns what other nodes have created and removed, from time to time, until it is dropped. An
    /// outage is told once.
    pub async fn keep_current(&self) {
        let mut is_told = false;
        loop {
            tokio::time::sleep(FOLLOW_EVERY).await;
            match self.follow().await {
                Ok(()) => is_told = false,
                Err(_) if is_told => {}
                Err(error) => {
                    is_told = true;
                    tracing::warn!(%error, "created applications cannot be looked up; trying on");
                }
            }
        }
    }

    /// Learns what other nodes have created and removed.
    async fn follow(&self) -> Result<(), StoreError> {
        let mut sources = self.sources.lock().await;
        let ids = self.stored.ids().await?;
        let before = sources.created.len();
        sources.created.retain(|id, _| ids.binary_search(id).is_ok());
        sources.unreadable.retain(|id| ids.binary_search(id).is_ok());
        let mut changed = sources.created.len() != before;
        for id in ids {
            if sources.created.contains_key(&id) || sources.unreadable.contains(&id) {
                continue;
            }
            let Some(stored) = self.stored.find(&id).await? else { continue };
            match Created::read(&stored) {
                Ok(created) => {
                    sources.created.insert(id, Arc::new(created));
                    changed = true;
                }
                // Such as a scope that this version does not offer.
                Err(error) => {
                    tracing::error!(
                        client_id = %id, error = %format_args!("{error:#}"),
                        "an application is locked out: this version refuses its registration; \
                         remove it"
                    );
                    sources.unreadable.insert(id);
                }
            }
        }
        if changed {
            self.publish(&sources);
        }
        Ok(())
    }

    fn publish(&self, sources: &Sources) {
        let created = sources.created.values().map(|created| created.client.clone());
        let configured = self.configured.locking_out(&sources.unlisted);
        self.snapshot.store(Arc::new(configured.joined_by(created)));
    }
}

impl Clients for KnownApplications {
    fn find(&self, id: &ClientId) -> Option<Arc<Client>> {
        self.snapshot.load().find(id)
    }

    fn find_discovery(&self, id: &ClientId) -> Option<Arc<DiscoveryApplication>> {
        self.configured.find_discovery(id)
    }
}

fn event(kind: AuditKind, id: &ClientId, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        kind,
        client: Some(id.clone()),
        subscriber: None,
        grant: None,
        journey: None,
        detail: None,
    }
}

#[cfg(test)]
mod tests;
