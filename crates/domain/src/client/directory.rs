//! All applications together.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use fiador_kernel::{ClientId, OperatorId, Secret, Timestamp};

use super::{Client, ClientSecret, authentication::is_valid_secret};

/// Credentials of an application at Discovery (mobile-connect §1.2): not those of the operator.
#[derive(Clone, Debug)]
pub struct DiscoveryApplication {
    /// Discovery `client_id`.
    pub id: ClientId,
    /// Its secrets.
    pub secrets: Vec<ClientSecret>,
    /// URLs it may name as `Redirect_URL`.
    pub redirect_urls: Vec<String>,
    /// Whether `X-Source-IP` of its requests is believed: its server says whose browser it has in
    /// front of it.
    pub may_send_source_ip: bool,
    /// Whether v1 answers without its secret, and then hands out none (mobile-connect §1.2).
    pub may_omit_secret: bool,
    /// The operator credentials handed out with a 200 answer, per operator.
    pub operator_credentials: HashMap<OperatorId, OperatorCredentials>,
}

impl DiscoveryApplication {
    /// As [`Client::accepts_secret`].
    pub fn accepts_secret(&self, presented: &str, now: Timestamp) -> bool {
        is_valid_secret(&self.secrets, presented, now)
    }
}

/// What an application uses at one operator's gateway.
#[derive(Clone, Debug)]
pub struct OperatorCredentials {
    /// Operator `client_id`.
    pub client_id: ClientId,
    /// Operator `client_secret`: Discovery hands it to the application, so it is kept whole.
    pub client_secret: Secret<String>,
    /// Registered short name.
    pub client_name: String,
}

/// All registered applications, an immutable snapshot.
#[derive(Clone, Debug, Default)]
pub struct ClientDirectory {
    clients: HashMap<ClientId, Arc<Client>>,
    discovery: HashMap<ClientId, Arc<DiscoveryApplication>>,
}

impl ClientDirectory {
    /// Builds the snapshot; of two entries with one id the later wins (configuration refuses that
    /// before it comes here).
    pub fn new(
        clients: impl IntoIterator<Item = Client>,
        discovery: impl IntoIterator<Item = DiscoveryApplication>,
    ) -> Self {
        Self {
            clients: clients.into_iter().map(|c| (c.id.clone(), Arc::new(c))).collect(),
            discovery: discovery.into_iter().map(|a| (a.id.clone(), Arc::new(a))).collect(),
        }
    }

    /// This snapshot with more clients in it. Of two with one id its own stays.
    #[must_use]
    pub fn joined_by(&self, clients: impl IntoIterator<Item = Arc<Client>>) -> Self {
        let mut joined = self.clone();
        for client in clients {
            joined.clients.entry(client.id.clone()).or_insert(client);
        }
        joined
    }

    /// This snapshot with these clients locked out, as if registered with `enabled = false`.
    #[must_use]
    pub fn locking_out(&self, ids: &HashSet<ClientId>) -> Self {
        let mut left = self.clone();
        for id in ids {
            if let Some(client) = left.clients.get_mut(id) {
                Arc::make_mut(client).enabled = false;
            }
        }
        left
    }

    /// The client with this id.
    pub fn find(&self, id: &ClientId) -> Option<Arc<Client>> {
        self.clients.get(id).cloned()
    }

    /// The discovery application with this id.
    pub fn find_discovery(&self, id: &ClientId) -> Option<Arc<DiscoveryApplication>> {
        self.discovery.get(id).cloned()
    }

    /// All clients, in no particular order.
    pub fn clients(&self) -> impl Iterator<Item = &Arc<Client>> {
        self.clients.values()
    }
}
