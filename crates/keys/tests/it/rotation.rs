use std::sync::Arc;
use std::time::Duration;

use fiador_keys::{KeyInfo, KeyPolicy, KeyRing, KeyState};
use fiador_ports::{KeyPurpose, SealKind, Sealer as _};

use super::{ISSUER, KINDS, World, root};

const CODE: KeyPurpose = KeyPurpose::Seal(SealKind::Code);

fn key(node: &KeyRing, id: &str) -> KeyInfo {
    node.list().into_iter().find(|key| key.id == id).unwrap()
}

fn of(node: &KeyRing, purpose: KeyPurpose) -> Vec<KeyInfo> {
    node.list().into_iter().filter(|key| key.purpose == purpose.as_str()).collect()
}

/// The key id inside a seal, as it stands in the list.
fn sealed_under(sealed: &str) -> String {
    use fiador_jose::base64url;
    base64url::encode(&base64url::decode(sealed).unwrap()[1..9])
}

#[tokio::test]
async fn a_key_is_published_then_active_then_retired_then_expired() {
    let world = World::default();
    let node = world.node().await;
    let first = of(&node, CODE).remove(0).id;
    let second = node.rotate(CODE).await.unwrap();
    let states = || [key(&node, &first).state, key(&node, &second).state];
    let active = || sealed_under(&node.seal(SealKind::Code, b"x").unwrap());

    assert_eq!(states(), [KeyState::Active, KeyState::Published]);
    assert_eq!(active(), first);
    world.clock.advance(Duration::from_mins(10));
    assert_eq!(states(), [KeyState::Retired, KeyState::Active]);
    assert_eq!(active(), second);
    world.clock.advance(Duration::from_hours(24));
    assert_eq!(states(), [KeyState::Expired, KeyState::Active]);
    assert_eq!(active(), second);
}

#[tokio::test]
async fn values_stay_openable_until_their_key_expires() {
    let world = World::default();
    let node = world.node().await;
    for kind in KINDS {
        let sealed = node.seal(kind, b"value").unwrap();
        node.rotate(KeyPurpose::Seal(kind)).await.unwrap();
        world.clock.advance(Duration::from_mins(10) + Duration::from_hours(24));
        assert_eq!(node.open(kind, &sealed), None, "{kind:?} after the end");
        world.clock.step_back(Duration::from_secs(1));
        assert!(node.open(kind, &sealed).is_some(), "{kind:?} until the end");
    }
}

#[tokio::test]
async fn a_published_key_is_accepted_from_a_node_whose_clock_is_ahead() {
    let world = World::default();
    let behind = world.node().await;
    behind.rotate(CODE).await.unwrap();
    let ahead = World { clock: fiador_testkit::TestClock::new(), ..world.clone() };
    ahead.clock.advance(Duration::from_mins(10));
    let sealed = ahead.node().await.seal(SealKind::Code, b"x").unwrap();
    assert!(behind.open(SealKind::Code, &sealed).is_some());
}

#[tokio::test]
async fn after_a_restore_all_old_seals_are_void_at_once() {
    // Design §4: a restored database has forgotten what was spent and revoked.
    let world = World::default();
    let node = world.node().await;
    let waiting = node.rotate(CODE).await.unwrap();
    let old = KINDS.map(|kind| (kind, node.seal(kind, b"old").unwrap()));
    let new = node.retire_all().await.unwrap();
    assert_eq!(new.len(), KINDS.len() + 1, "the sealing keys and the one of one-time codes");
    for (kind, sealed) in &old {
        assert_eq!(node.open(*kind, sealed), None);
        let fresh = node.seal(*kind, b"new").unwrap();
        assert!(new.contains(&sealed_under(&fresh)));
        assert!(node.open(*kind, &fresh).is_some());
    }
    // The key that was published for later may have been used in the lost time.
    world.clock.advance(Duration::from_mins(11));
    assert_eq!(key(&node, &waiting).state, KeyState::Expired);
    let code = node.seal(SealKind::Code, b"later").unwrap();
    assert!(new.contains(&sealed_under(&code)));
    assert_eq!(of(&node, KeyPurpose::SignRs256).len(), 1, "signing keys stay");
}

#[tokio::test]
async fn another_node_follows_with_its_next_reading() {
    let world = World::default();
    let (a, b) = (world.node().await, world.node().await);
    a.retire_all().await.unwrap();
    let sealed = a.seal(SealKind::Code, b"x").unwrap();
    assert_eq!(b.open(SealKind::Code, &sealed), None);
    b.refresh().await.unwrap();
    assert!(b.open(SealKind::Code, &sealed).is_some());
    assert_eq!(a.list(), b.list());
}

#[tokio::test]
async fn keys_are_replaced_by_age() {
    let world = World::default();
    let node = world.node().await;
    let policy = KeyPolicy::default();
    node.tend().await.unwrap();
    assert_eq!(node.list().len(), KeyPurpose::ALL.len(), "nothing is due yet");

    world.clock.advance(policy.rotate_sealing_keys_after);
    node.tend().await.unwrap();
    node.tend().await.unwrap();
    for kind in KINDS {
        assert_eq!(of(&node, KeyPurpose::Seal(kind)).len(), 2, "once, not at every round");
    }
    assert_eq!(of(&node, KeyPurpose::SignRs256).len(), 1);

    world.clock.advance(policy.rotate_signing_keys_after);
    node.tend().await.unwrap();
    assert_eq!(of(&node, KeyPurpose::SignRs256).len(), 2);
    assert_eq!(of(&node, KeyPurpose::SignEs256).len(), 2);
    for permanent in [KeyPurpose::MsisdnIndex, KeyPurpose::PersonalData, KeyPurpose::OneTimeCode] {
        assert_eq!(of(&node, permanent).len(), 1, "{permanent:?}");
    }
}

#[tokio::test]
async fn sealing_keys_are_replaced_by_count() {
    let world = World::default();
    let policy = KeyPolicy { rotate_sealing_keys_after_seals: 100, ..KeyPolicy::default() };
    let node = world.node_with_policy(root(1), ISSUER, policy).await.unwrap();
    for _ in 0..99 {
        node.seal(SealKind::Code, b"x").unwrap();
    }
    node.tend().await.unwrap();
    assert_eq!(of(&node, CODE).len(), 1);
    node.seal(SealKind::Code, b"x").unwrap();
    node.tend().await.unwrap();
    assert_eq!(of(&node, CODE).len(), 2);
    assert_eq!(of(&node, KeyPurpose::Seal(SealKind::AccessToken)).len(), 1);
}

#[tokio::test]
async fn nodes_that_rotate_together_agree_on_the_key_in_use() {
    let world = World::default();
    let (a, b) = (world.node().await, world.node().await);
    let (one, two) = tokio::join!(a.rotate(CODE), b.rotate(CODE));
    assert_ne!(one.unwrap(), two.unwrap());
    a.tend().await.unwrap();
    b.tend().await.unwrap();
    for _ in 0..3 {
        let sealed = [&a, &b].map(|node| node.seal(SealKind::Code, b"x").unwrap());
        assert_eq!(sealed_under(&sealed[0]), sealed_under(&sealed[1]));
        assert!(b.open(SealKind::Code, &sealed[0]).is_some());
        world.clock.advance(Duration::from_hours(13));
    }
    assert_eq!(a.list(), b.list());
    let alive = of(&a, CODE).into_iter().filter(|key| key.state == KeyState::Active);
    assert_eq!(alive.count(), 1);
}

#[tokio::test]
async fn retiring_all_on_two_nodes_together_leaves_a_key_in_use() {
    let world = World::default();
    let (a, b) = (world.node().await, world.node().await);
    let old = a.seal(SealKind::Code, b"x").unwrap();
    let (one, two) = tokio::join!(a.retire_all(), b.retire_all());
    one.and(two).unwrap();
    a.refresh().await.unwrap();
    b.refresh().await.unwrap();
    for kind in KINDS {
        let sealed = a.seal(kind, b"x").unwrap();
        assert!(b.open(kind, &sealed).is_some());
    }
    assert_eq!(a.open(SealKind::Code, &old), None);
}

#[tokio::test]
async fn a_rotation_cut_short_is_finished_by_the_next_round() {
    let world = World::default();
    let node = world.node().await;
    let first = of(&node, CODE).remove(0).id;
    node.rotate(CODE).await.unwrap();
    for row in world.store.rows.lock().iter_mut().filter(|row| row.id == first) {
        (row.retires_at, row.expires_at) = (None, None);
    }
    node.tend().await.unwrap();
    world.clock.advance(Duration::from_hours(25));
    assert_eq!(key(&node, &first).state, KeyState::Expired);
}

#[tokio::test]
async fn a_failed_reading_leaves_the_ring_as_it_was() {
    let world = World::default();
    let node = world.node().await;
    let sealed = node.seal(SealKind::Code, b"x").unwrap();
    *world.store.down.lock() = true;
    node.refresh().await.unwrap_err();
    node.rotate(CODE).await.unwrap_err();
    assert!(node.open(SealKind::Code, &sealed).is_some());
    assert_eq!(node.list().len(), KeyPurpose::ALL.len());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_key_id_leads_to_an_early_reading_but_made_up_ids_to_no_flood() {
    let world = World::default();
    let node = Arc::new(world.node().await);
    let task = tokio::spawn({
        let node = node.clone();
        async move { node.keep_current().await }
    });
    tokio::time::sleep(Duration::from_secs(20)).await;
    let (other, quiet) = (world.node().await, *world.store.reads.lock());
    other.retire_all().await.unwrap();
    let sealed = other.seal(SealKind::Code, b"x").unwrap();
    assert_eq!(node.open(SealKind::Code, &sealed), None);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(node.open(SealKind::Code, &sealed).is_some(), "long before the minute is over");

    let before = *world.store.reads.lock();
    assert!(before > quiet);
    let forged = World::default().node().await.seal(SealKind::Code, b"x").unwrap();
    for _ in 0..6000 {
        assert_eq!(node.open(SealKind::Code, &forged), None);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let reads = *world.store.reads.lock() - before;
    assert!((2..=13).contains(&reads), "{reads} readings in a minute");
    task.abort();
}
