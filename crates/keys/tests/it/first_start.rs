use std::sync::Arc;

use fiador_jose::{Algorithm, SigningKey};
use fiador_keys::{KeyPolicy, KeyRing, KeyRingError, KeyRingSettings, KeyState, RootKeyError};
use fiador_ports::{KeyPurpose, SealKind, Sealer as _, Signer as _, StoreError};

use super::{ISSUER, World, root};

#[tokio::test]
async fn the_first_start_makes_one_active_key_of_each_purpose() {
    let world = World::default();
    let node = world.node().await;
    let keys = node.list();
    assert_eq!(keys.len(), KeyPurpose::ALL.len());
    for purpose in KeyPurpose::ALL {
        let key = keys.iter().find(|key| key.purpose == purpose.as_str()).unwrap();
        assert_eq!(key.state, KeyState::Active, "{purpose:?}");
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        assert!(key.id.len() <= 64 && key.id.chars().all(fits), "{}", key.id);
    }
}

#[tokio::test]
async fn nodes_that_start_together_end_with_one_key_set() {
    let world = World::default();
    let (a, b, c) = tokio::join!(world.node(), world.node(), world.node());
    assert_eq!(world.store.rows.lock().len(), KeyPurpose::ALL.len());
    assert_eq!(a.list(), b.list());
    assert_eq!(b.list(), c.list());
    assert_eq!(a.public_keys(), c.public_keys());
    let sealed = a.seal(SealKind::Code, b"code").unwrap();
    assert_eq!(b.open(SealKind::Code, &sealed).as_deref(), Some(&b"code"[..]));
}

#[tokio::test]
async fn a_node_whose_clock_is_behind_can_start_on_the_first_keys() {
    let world = World::default();
    let first = world.node().await;
    world.clock.step_back(std::time::Duration::from_secs(50));
    let behind = world.node().await;
    let sealed = behind.seal(SealKind::Journey, b"journey").unwrap();
    assert!(first.open(SealKind::Journey, &sealed).is_some());
}

#[tokio::test]
async fn a_later_start_uses_the_stored_keys() {
    let world = World::default();
    let sealed = world.node().await.seal(SealKind::AccessToken, b"token").unwrap();
    let restarted = world.node().await;
    assert_eq!(restarted.open(SealKind::AccessToken, &sealed).as_deref(), Some(&b"token"[..]));
    assert_eq!(world.store.rows.lock().len(), KeyPurpose::ALL.len());
}

#[tokio::test]
async fn a_purpose_that_a_new_version_brings_gets_its_key_at_the_next_start() {
    let world = World::default();
    world.node().await;
    world.store.rows.lock().retain(|row| row.purpose != KeyPurpose::OneTimeCode.as_str());
    assert_eq!(world.node().await.list().len(), KeyPurpose::ALL.len());
}

#[tokio::test]
async fn a_purpose_of_a_newer_version_is_left_alone() {
    // T-249: old and new nodes run side by side.
    let world = World::default();
    world.node().await;
    let mut future = world.store.rows.lock()[0].clone();
    future.id = "later".to_owned();
    future.purpose = "seal_something_new".to_owned();
    future.wrapped = vec![9; 40];
    world.store.rows.lock().push(future);
    assert_eq!(world.node().await.list().len(), KeyPurpose::ALL.len());
}

#[tokio::test]
async fn another_root_key_is_named_as_the_reason_and_changes_nothing() {
    let world = World::default();
    world.node().await;
    // Also when a key is missing, which would otherwise be wrapped under the wrong root key.
    world.store.rows.lock().pop();
    let before = world.store.rows.lock().clone();
    let error = world.try_node(root(2), ISSUER).await.unwrap_err();
    assert!(matches!(error, KeyRingError::Root(RootKeyError::DoesNotOpen { .. })), "{error}");
    assert!(error.to_string().contains("configure the root key"), "{error}");
    assert_eq!(*world.store.rows.lock(), before);
}

#[tokio::test]
async fn wrapped_material_cannot_be_moved_or_changed() {
    // T-075: key id and purpose are bound to the material.
    let world = World::default();
    world.node().await;
    let rows = world.store.rows.lock().clone();
    let place =
        |purpose: KeyPurpose| rows.iter().position(|row| row.purpose == purpose.as_str()).unwrap();
    let code = place(KeyPurpose::Seal(SealKind::Code));
    let token = place(KeyPurpose::Seal(SealKind::AccessToken));

    let mut moved = rows.clone();
    moved[code].wrapped = rows[token].wrapped.clone();
    let mut renamed = rows.clone();
    renamed[code].id = "AAAAAAAAAAA".to_owned();
    let mut relabelled = rows.clone();
    relabelled[code].purpose = rows[token].purpose.clone();
    for changed in [moved, renamed, relabelled] {
        *world.store.rows.lock() = changed;
        assert!(world.try_node(root(1), ISSUER).await.is_err());
    }
    for byte in 0..rows[code].wrapped.len() {
        let mut changed = rows.clone();
        changed[code].wrapped[byte] ^= 1;
        *world.store.rows.lock() = changed;
        assert!(world.try_node(root(1), ISSUER).await.is_err(), "byte {byte}");
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_reported_as_such() {
    let world = World::default();
    *world.store.down.lock() = true;
    let error = world.try_node(root(1), ISSUER).await.unwrap_err();
    assert!(matches!(error, KeyRingError::Store(StoreError::Unavailable)));
}

#[tokio::test]
async fn given_signing_keys_are_used_where_there_are_none_and_only_there() {
    // The labelled test keys of a sandbox.
    let world = World::default();
    let open = |keys| {
        KeyRing::open(KeyRingSettings {
            store: world.store.clone(),
            clock: Arc::new(world.clock.clone()),
            root: root(1),
            issuer: ISSUER.to_owned(),
            policy: KeyPolicy::default(),
            first_signing_keys: keys,
            first_number_keys: None,
        })
    };
    let [given, other] = [(); 2].map(|()| SigningKey::generate(Algorithm::Es256).unwrap());
    let kid = given.kid().to_owned();
    assert!(open(vec![given]).await.unwrap().public_keys().contains(&kid));
    let restarted = open(vec![other]).await.unwrap();
    assert!(restarted.public_keys().contains(&kid));
    assert_eq!(restarted.list().len(), KeyPurpose::ALL.len());
}
