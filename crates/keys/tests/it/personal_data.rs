use std::time::Duration;

use fiador_domain::subscriber::Attributes;
use fiador_kernel::Msisdn;
use fiador_keys::KeyRingError;
use fiador_ports::{KeyPurpose, Vault as _};
use serde_json::json;

use super::{World, root};

fn number(digits: &str) -> Msisdn {
    Msisdn::from_digits(digits).unwrap()
}

fn attributes() -> Attributes {
    let names = [("given_name", json!("Ann")), ("address", json!({"country": "ES"}))];
    Attributes(names.map(|(name, value)| (name.to_owned(), value)).into())
}

#[tokio::test]
async fn numbers_and_attributes_survive_the_vault() {
    let node = World::default().node().await;
    let ann = number("34600000001");
    assert_eq!(node.open_msisdn(&node.seal_msisdn(&ann)), Some(ann));
    assert_eq!(node.open_attributes(&node.seal_attributes(&attributes())), Some(attributes()));
}

#[tokio::test]
async fn a_dump_without_the_keys_tells_no_number() {
    // T-247: neither equal seals nor a plain hash give a number away.
    let node = World::default().node().await;
    let ann = number("34600000001");
    let (one, two) = (node.seal_msisdn(&ann), node.seal_msisdn(&ann));
    assert_ne!(one, two);
    assert!(!one.windows(6).any(|window| window == b"346000"));
    assert_ne!(node.msisdn_index(&ann), fiador_kernel::Digest::of(ann.digits()));
    let other_cluster = World::default().try_node(root(2), "https://other.example").await.unwrap();
    assert_ne!(node.msisdn_index(&ann), other_cluster.msisdn_index(&ann));
    assert_eq!(other_cluster.open_msisdn(&one), None);
}

#[tokio::test]
async fn the_index_is_the_same_on_all_nodes_and_differs_between_numbers() {
    let world = World::default();
    let (a, b) = (world.node().await, world.node().await);
    let (ann, ben) = (number("34600000001"), number("34600000002"));
    assert_eq!(a.msisdn_index(&ann), b.msisdn_index(&ann));
    assert_ne!(a.msisdn_index(&ann), a.msisdn_index(&ben));
}

#[tokio::test]
async fn changed_values_and_values_of_the_other_sort_do_not_open() {
    let node = World::default().node().await;
    let sealed = node.seal_msisdn(&number("34600000001"));
    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert_eq!(node.open_msisdn(&changed), None, "byte {place}");
        assert_eq!(node.open_msisdn(&sealed[..place]), None);
    }
    assert_eq!(node.open_attributes(&sealed), None);
    assert_eq!(node.open_msisdn(&node.seal_attributes(&attributes())), None);
}

#[tokio::test]
async fn personal_data_outlives_rotation_restores_and_a_change_of_issuer() {
    // T-247: keys can be rotated online.
    let world = World::default();
    let node = world.node().await;
    let ann = number("34600000001");
    let (sealed, index) = (node.seal_msisdn(&ann), node.msisdn_index(&ann));
    let new = node.rotate(KeyPurpose::PersonalData).await.unwrap();
    node.retire_all().await.unwrap();
    world.clock.advance(Duration::from_hours(24 * 365 * 10));
    assert_eq!(node.open_msisdn(&sealed), Some(ann.clone()));
    assert_eq!(node.msisdn_index(&ann), index);

    let sealed_later = node.seal_msisdn(&ann);
    let key_id = fiador_jose::base64url::decode(&new).unwrap();
    assert_eq!(sealed_later[1..9], key_id);
    let moved = world.try_node(root(1), "https://new.operator.example").await.unwrap();
    assert_eq!(moved.open_msisdn(&sealed), Some(ann.clone()));
    assert_eq!(moved.open_msisdn(&sealed_later), Some(ann));
}

#[tokio::test]
async fn the_key_that_numbers_are_found_by_is_not_rotated() {
    let world = World::default();
    let node = world.node().await;
    let error = node.rotate(KeyPurpose::MsisdnIndex).await.unwrap_err();
    assert!(matches!(error, KeyRingError::Permanent(KeyPurpose::MsisdnIndex)));
    assert_eq!(world.store.rows.lock().len(), KeyPurpose::ALL.len());
}

#[tokio::test]
async fn code_hashes_depend_on_transaction_code_and_cluster() {
    // T-120.
    let world = World::default();
    let node = world.node().await;
    let hash = node.one_time_code_hash("journey-1", "123456");
    assert_eq!(world.node().await.one_time_code_hash("journey-1", "123456"), hash);
    assert_ne!(node.one_time_code_hash("journey-1", "123457"), hash);
    assert_ne!(node.one_time_code_hash("journey-2", "123456"), hash);
    assert_ne!(node.one_time_code_hash("journey-", "1123456"), hash);
    let other = World::default().node().await;
    assert_ne!(other.one_time_code_hash("journey-1", "123456"), hash);
}
