//! What the crate promises, seen from outside, on a key store in memory.
#![cfg(test)]

mod first_start;
mod forgeries;
mod memory_store;
mod operators;
mod personal_data;
mod root_keys;
mod rotation;
mod seals;
mod signatures;

use std::sync::Arc;

use fiador_keys::{KeyPolicy, KeyRing, KeyRingError, KeyRingSettings, RootKey};
use fiador_ports::SealKind;
use fiador_testkit::TestClock;
use memory_store::MemoryStore;

/// The three kinds of sealed values.
const KINDS: [SealKind; 3] = [SealKind::Code, SealKind::AccessToken, SealKind::Journey];

const ISSUER: &str = "https://id.operator.example";

/// A cluster: one key table, one clock, one root key, any number of nodes.
#[derive(Clone, Default)]
struct World {
    store: Arc<MemoryStore>,
    clock: TestClock,
}

impl World {
    /// Starts a node.
    async fn node(&self) -> KeyRing {
        self.try_node(root(1), ISSUER).await.unwrap()
    }

    async fn try_node(&self, root: RootKey, issuer: &str) -> Result<KeyRing, KeyRingError> {
        self.node_with_policy(root, issuer, KeyPolicy::default()).await
    }

    async fn node_with_policy(
        &self,
        root: RootKey,
        issuer: &str,
        policy: KeyPolicy,
    ) -> Result<KeyRing, KeyRingError> {
        KeyRing::open(KeyRingSettings {
            store: self.store.clone(),
            clock: Arc::new(self.clock.clone()),
            root,
            issuer: issuer.to_owned(),
            policy,
            first_signing_keys: vec![],
            first_number_keys: None,
        })
        .await
    }
}

/// Root keys that differ by one number.
fn root(number: u8) -> RootKey {
    let mut bytes = [0x5a; 32];
    bytes[31] = number;
    RootKey::from_bytes(&bytes).unwrap()
}
