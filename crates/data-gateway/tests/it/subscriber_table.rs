//! The gateway's own table as a source.

use std::sync::Arc;

use fiador_data_gateway::SubscriberTable;
use fiador_domain::subscriber::{Subscriber, SubscriberStatus};
use fiador_kernel::Msisdn;
use fiador_ports::{AttributeSource, SourceError, StoreError, Vault};
use fiador_testkit::doubles::{MemorySubscribers, OpenVault, active_subscriber};
use serde_json::{Value, json};

use crate::world::{attributes, subscriber};

pub(crate) fn stored(members: Value) -> Subscriber {
    let number = Msisdn::from_digits("447700900907").unwrap();
    Subscriber {
        attributes_sealed: OpenVault.seal_attributes(&attributes(members)),
        ..active_subscriber(subscriber(), &number)
    }
}

async fn fetch(row: Option<Subscriber>, claims: &[&'static str]) -> Result<Value, SourceError> {
    fetch_from(MemorySubscribers::of(row), claims).await
}

async fn fetch_from(
    rows: MemorySubscribers,
    claims: &[&'static str],
) -> Result<Value, SourceError> {
    let source = SubscriberTable::new(Arc::new(rows), Arc::new(OpenVault));
    assert!(claims.iter().all(|claim| source.claims().contains(claim)), "it offers them all");
    let attributes = source.fetch(&subscriber(), claims).await?;
    Ok(serde_json::to_value(attributes).unwrap())
}

const NUMBER: [&str; 2] = ["phone_number", "phone_number_verified"];

#[tokio::test]
async fn it_gives_the_stored_attributes_that_are_asked_for() {
    let row = stored(json!({"name": "Ann Lee", "email": "ann@example.org", "secret": "x"}));
    assert_eq!(fetch(Some(row), &["name", "gender"]).await, Ok(json!({"name": "Ann Lee"})));
}

#[tokio::test]
async fn the_number_is_the_sealed_one_in_international_form_whatever_is_stored_beside_it() {
    let row = stored(json!({"phone_number": "+15550100", "phone_number_verified": false}));
    let number = json!({"phone_number": "+447700900907", "phone_number_verified": true});
    assert_eq!(fetch(Some(row.clone()), &NUMBER).await, Ok(number));
    assert_eq!(fetch(Some(row), &["name"]).await, Ok(json!({})));
}

/// T-048, T-206.
#[tokio::test]
async fn a_suspended_subscriber_is_as_unknown_as_one_who_never_was() {
    let blocked = Subscriber { status: SubscriberStatus::Blocked, ..stored(json!({"name": "A"})) };
    for row in [None, Some(blocked)] {
        let fetched = fetch(row, &["name"]).await;
        assert_eq!(fetched, Err(SourceError::UnknownSubscriber));
    }
}

#[tokio::test]
async fn personal_data_that_cannot_be_opened_is_a_failure_and_not_an_absence() {
    let damaged = Subscriber {
        msisdn_sealed: b"?".to_vec(),
        attributes_sealed: b"?".to_vec(),
        ..stored(json!({}))
    };
    for claim in ["phone_number", "name"] {
        assert_eq!(fetch(Some(damaged.clone()), &[claim]).await, Err(SourceError::Failed));
    }
    let number_only = Subscriber { attributes_sealed: b"?".to_vec(), ..stored(json!({})) };
    assert!(fetch(Some(number_only), &NUMBER).await.is_ok(), "what is not asked stays closed");
}

#[tokio::test]
async fn nothing_stored_is_nothing_known() {
    let row = Subscriber { attributes_sealed: Vec::new(), ..stored(json!({})) };
    assert_eq!(fetch(Some(row), &["name"]).await, Ok(json!({})));
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_as_such() {
    let rows = MemorySubscribers::default();
    rows.take_down();
    let gone = SourceError::Store(StoreError::Unavailable);
    assert_eq!(fetch_from(rows, &["name"]).await, Err(gone));
}
