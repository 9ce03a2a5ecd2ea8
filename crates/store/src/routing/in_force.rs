//! The policy in force, compiled.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use fiador_domain::routing::{Known, Policy, PolicyError};
use fiador_ports::{RoutingPolicies as _, RoutingPolicy, StoreError, StoredPolicy};
use parking_lot::RwLock;
use tokio::sync::watch;

use crate::Store;

/// A policy that another node put in force is looked for so often; one that this node put in force
/// is there at once.
const LOOKED_FOR_EVERY: Duration = Duration::from_secs(1);

/// The newest revision in the database, or the built-in policy while there is none.
///
/// Names of authenticators and clients were checked before the revision was put in force; here they
/// are not, since one that has gone from the configuration since hurts nobody. A revision that cannot
/// be read at all (a newer version wrote it) leaves the one before it in force.
pub struct PolicyInForce {
    store: Weak<Store>,
    state: RwLock<State>,
}

struct State {
    policy: Arc<Policy>,
    /// The revision that was looked at last, readable or not.
    seen: u64,
}

/// A gateway must not begin to decide by another policy than the operator's.
#[derive(Debug, thiserror::Error)]
pub enum PolicyUnusable {
    /// The database does not tell which policy is in force.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The newest revision cannot be read.
    #[error(
        "revision {revision} of the routing policy cannot be read by this version: {source}; put a \
         policy in force that it can read, or run the version that wrote it"
    )]
    Unreadable {
        /// Which.
        revision: u64,
        /// Everything that is wrong with it.
        source: PolicyError,
    },
}

impl PolicyInForce {
    /// Reads the policy, and follows it as long as somebody uses this.
    pub(crate) async fn open(store: &Arc<Store>) -> Result<Arc<Self>, PolicyUnusable> {
        let put_here = store.routing.policies.subscribe();
        let policy = match store.current().await? {
            None => Policy::default(),
            Some(stored) => compile(&stored).map_err(|source| PolicyUnusable::Unreadable {
                revision: stored.revision,
                source,
            })?,
        };
        let state = State { seen: policy.revision(), policy: Arc::new(policy) };
        let in_force = Arc::new(Self { store: Arc::downgrade(store), state: RwLock::new(state) });
        tokio::spawn(follow(Arc::downgrade(&in_force), put_here));
        Ok(in_force)
    }

    /// Puts the newest revision in force, if there is one that was not looked at. A look that fails
    /// changes nothing.
    pub async fn look(&self) {
        let Some(store) = self.store.upgrade() else { return };
        let seen = self.state.read().seen;
        match store.newest_routing_policy().await {
            Ok(newest) if newest != seen => {}
            _ => return,
        }
        let Ok(Some(stored)) = store.current().await else { return };
        let compiled = compile(&stored);
        let mut state = self.state.write();
        if stored.revision <= state.seen {
            return;
        }
        state.seen = stored.revision;
        match compiled {
            Ok(policy) => {
                state.policy = Arc::new(policy);
                tracing::info!(revision = stored.revision, "a routing policy is in force");
            }
            Err(error) => {
                metrics::counter!("fiador_routing_policies_unreadable_total").increment(1);
                tracing::error!(
                    revision = stored.revision,
                    %error,
                    "a routing policy cannot be read by this version; the one before it stays in force"
                );
            }
        }
    }
}

impl RoutingPolicy for PolicyInForce {
    fn in_force(&self) -> Arc<Policy> {
        Arc::clone(&self.state.read().policy)
    }
}

/// Looks until nobody uses the policy or the store any more.
async fn follow(in_force: Weak<PolicyInForce>, mut put_here: watch::Receiver<()>) {
    while let Ok(Ok(())) | Err(_) = tokio::time::timeout(LOOKED_FOR_EVERY, put_here.changed()).await
    {
        let Some(in_force) = in_force.upgrade() else { return };
        in_force.look().await;
    }
}

fn compile(stored: &StoredPolicy) -> Result<Policy, PolicyError> {
    Ok(Policy::read(&stored.text, Known::default())?.as_revision(stored.revision))
}
