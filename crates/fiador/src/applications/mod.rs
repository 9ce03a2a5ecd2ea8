//! All applications that requests may come from: those of the configuration, and those that were
//! created while the gateway runs.
//!
//! Requests are answered from a snapshot in memory, which is replaced as a whole; a look-up neither
//! waits nor fails. A node knows its own changes at once and those of other nodes after
//! [`FOLLOW_EVERY`].

mod created;

use std::{collections::HashMap, sync::Arc, time::Duration};

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
    /// The created ones; held while the snapshot is replaced, never by a look-up.
    created: Mutex<HashMap<ClientId, Arc<Created>>>,
    snapshot: ArcSwap<ClientDirectory>,
}

impl KnownApplications {
    /// Reads what was created before.
    pub async fn open(
        configured: ClientDirectory,
        stored: Arc<dyn Applications>,
    ) -> Result<Arc<Self>, StoreError> {
        let snapshot = ArcSwap::from_pointee(configured.clone());
        let created = Mutex::default();
        let known = Self { configured, stored, created, snapshot };
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
        let mut all = self.created.lock().await;
        if !self.stored.add(stored, event(AuditKind::ApplicationCreated, &id, at)).await? {
            return Ok(false);
        }
        all.insert(id, Arc::new(created));
        self.publish(&all);
        Ok(true)
    }

    /// Removes an application and ends its tokens; `false` when no such one was created. Durable,
    /// and known to this node, before it returns.
    pub async fn remove(&self, id: &ClientId, at: Timestamp) -> Result<bool, StoreError> {
        let mut all = self.created.lock().await;
        if !self.stored.remove(id, event(AuditKind::ApplicationRemoved, id, at)).await? {
            return Ok(false);
        }
        all.remove(id);
        self.publish(&all);
        Ok(true)
    }

    /// The created ones, by id.
    pub async fn created(&self) -> Vec<Arc<Created>> {
        let mut all: Vec<_> = self.created.lock().await.values().cloned().collect();
        all.sort_by(|a, b| a.client.id.cmp(&b.client.id));
        all
    }

    /// The created one with this id.
    pub async fn find_created(&self, id: &ClientId) -> Option<Arc<Created>> {
        self.created.lock().await.get(id).cloned()
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
        let mut all = self.created.lock().await;
        let ids = self.stored.ids().await?;
        let before = all.len();
        all.retain(|id, _| ids.binary_search(id).is_ok());
        let mut changed = all.len() != before;
        for id in ids {
            if all.contains_key(&id) {
                continue;
            }
            let Some(stored) = self.stored.find(&id).await? else { continue };
            match Created::read(&stored) {
                Ok(created) => {
                    all.insert(id, Arc::new(created));
                    changed = true;
                }
                // Such as a scope that this version does not offer.
                Err(error) => tracing::error!(
                    client_id = %id, error = %format_args!("{error:#}"),
                    "an application is locked out: this version refuses its registration; remove it"
                ),
            }
        }
        if changed {
            self.publish(&all);
        }
        Ok(())
    }

    fn publish(&self, created: &HashMap<ClientId, Arc<Created>>) {
        let clients = created.values().map(|created| created.client.clone());
        self.snapshot.store(Arc::new(self.configured.joined_by(clients)));
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
