//! The gateway's own table as a source.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_data_gateway::SubscriberTable;
use fiador_domain::subscriber::{Attributes, Subscriber, SubscriberStatus};
use fiador_kernel::{Digest, Msisdn, SubscriberId};
use fiador_ports::{AttributeSource, NewSubscriber, SourceError, StoreError, Subscribers, Vault};
use serde_json::{Value, json};

use crate::world::{attributes, subscriber};

/// One subscriber, or a database that is gone.
pub(crate) struct Table(pub(crate) Result<Option<Subscriber>, StoreError>);

#[async_trait]
impl Subscribers for Table {
    async fn find_by_msisdn(&self, _: Digest) -> Result<Option<Subscriber>, StoreError> {
        self.0.clone()
    }

    async fn lookup(&self, id: &SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.0.clone()?.filter(|subscriber| subscriber.id == *id))
    }

    async fn add(&self, _: NewSubscriber) -> Result<bool, StoreError> {
        Ok(false)
    }
}

/// Seals by writing a letter in front.
pub(crate) struct Letters;

impl Vault for Letters {
    fn msisdn_index(&self, number: &Msisdn) -> Digest {
        Digest::of(number.digits())
    }

    fn seal_msisdn(&self, number: &Msisdn) -> Vec<u8> {
        format!("m{}", number.digits()).into_bytes()
    }

    fn open_msisdn(&self, sealed: &[u8]) -> Option<Msisdn> {
        Msisdn::from_digits(std::str::from_utf8(sealed.strip_prefix(b"m")?).ok()?).ok()
    }

    fn seal_attributes(&self, attributes: &Attributes) -> Vec<u8> {
        [b"a".to_vec(), serde_json::to_vec(attributes).unwrap()].concat()
    }

    fn open_attributes(&self, sealed: &[u8]) -> Option<Attributes> {
        serde_json::from_slice(sealed.strip_prefix(b"a")?).ok()
    }

    fn one_time_code_hash(&self, context: &str, code: &str) -> Digest {
        Digest::of(format!("{context}{code}"))
    }
}

pub(crate) fn stored(members: Value) -> Subscriber {
    let number = Msisdn::from_digits("447700900907").unwrap();
    Subscriber {
        id: subscriber(),
        msisdn_index: Letters.msisdn_index(&number),
        msisdn_sealed: Letters.seal_msisdn(&number),
        status: SubscriberStatus::Active,
        authenticators: Vec::new(),
        attributes_sealed: Letters.seal_attributes(&attributes(members)),
    }
}

async fn fetch(
    row: Result<Option<Subscriber>, StoreError>,
    claims: &[&'static str],
) -> Result<Value, SourceError> {
    let source = SubscriberTable::new(Arc::new(Table(row)), Arc::new(Letters));
    assert!(claims.iter().all(|claim| source.claims().contains(claim)), "it offers them all");
    let attributes = source.fetch(&subscriber(), claims).await?;
    Ok(serde_json::to_value(attributes).unwrap())
}

const NUMBER: [&str; 2] = ["phone_number", "phone_number_verified"];

#[tokio::test]
async fn it_gives_the_stored_attributes_that_are_asked_for() {
    let row = stored(json!({"name": "Ann Lee", "email": "ann@example.org", "secret": "x"}));
    assert_eq!(fetch(Ok(Some(row)), &["name", "gender"]).await, Ok(json!({"name": "Ann Lee"})));
}

#[tokio::test]
async fn the_number_is_the_sealed_one_in_international_form_whatever_is_stored_beside_it() {
    let row = stored(json!({"phone_number": "+15550100", "phone_number_verified": false}));
    let number = json!({"phone_number": "+447700900907", "phone_number_verified": true});
    assert_eq!(fetch(Ok(Some(row.clone())), &NUMBER).await, Ok(number));
    assert_eq!(fetch(Ok(Some(row)), &["name"]).await, Ok(json!({})));
}

/// T-048, T-206.
#[tokio::test]
async fn a_suspended_subscriber_is_as_unknown_as_one_who_never_was() {
    let blocked = Subscriber { status: SubscriberStatus::Blocked, ..stored(json!({"name": "A"})) };
    for row in [None, Some(blocked)] {
        let fetched = fetch(Ok(row), &["name"]).await;
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
        assert_eq!(fetch(Ok(Some(damaged.clone())), &[claim]).await, Err(SourceError::Failed));
    }
    let number_only = Subscriber { attributes_sealed: b"?".to_vec(), ..stored(json!({})) };
    assert!(fetch(Ok(Some(number_only)), &NUMBER).await.is_ok(), "what is not asked stays closed");
}

#[tokio::test]
async fn nothing_stored_is_nothing_known() {
    let row = Subscriber { attributes_sealed: Vec::new(), ..stored(json!({})) };
    assert_eq!(fetch(Ok(Some(row)), &["name"]).await, Ok(json!({})));
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_as_such() {
    let gone = StoreError::Unavailable;
    assert_eq!(fetch(Err(gone), &["name"]).await, Err(SourceError::Store(gone)));
}
