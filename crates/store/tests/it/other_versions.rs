//! Rows that another version of the gateway wrote while the nodes are changed one by one (T-249).

use std::{sync::Arc, time::Duration};

use fiador_domain::prompting::Ledger;
use fiador_kernel::{Clock as _, Digest};
use tokio::task::JoinSet;

use crate::{
    fixture::Fixture,
    journeys::Reversed,
    sample::{challenged, journey},
};

/// What a version before prompts came in chains wrote, and what no version wrote.
const WRITTEN: [&str; 3] = [
    "UPDATE journeys SET sealed = reverse('{\"id\":\"j\",\"browser\":\"00\",\"stage\":{\"challenged\":\
     {\"authenticator\":\"sms_otp\",\"state\":null,\"at\":0}}}')",
    "UPDATE journeys SET sealed = 'not even JSON'",
    "UPDATE journeys SET sealed = ''",
];

#[tokio::test]
async fn a_journey_that_cannot_be_read_is_over_as_an_expired_one() {
    let fixture = Fixture::postgresql();
    let store = fixture.open().await;
    let journeys = store.journeys(10, Arc::new(Reversed));
    let (handle, now) = (Digest::of("handle"), fixture.clock.now());
    for written in WRITTEN {
        journeys.open(handle, challenged(&fixture, &["link"])).await.unwrap();
        assert!(journeys.read(handle, now).await.unwrap().is_some());
        fixture.execute(written).await;
        assert!(journeys.read(handle, now).await.unwrap().is_none());
        let found = journeys.find_by_reference(Digest::of("link"), now).await.unwrap();
        assert!(found.is_none());
        assert_eq!(journeys.changed(handle, 7, Duration::from_hours(1)).await, Ok(()));
    }
    journeys.open(handle, journey(&fixture)).await.unwrap();
    assert!(journeys.read(handle, now).await.unwrap().is_some(), "whoever begins again can go on");
}

#[tokio::test]
async fn a_ledger_that_cannot_be_read_is_empty_and_is_replaced_once() {
    let fixture = Fixture::postgresql();
    let store = fixture.open().await;
    let ledgers = store.prompt_ledgers(10, Arc::new(Reversed));
    let (number, now) = (Digest::of("number"), fixture.clock.now());
    let expires_at = now + Duration::from_mins(10);
    assert!(ledgers.replace(number, 0, Ledger::default(), expires_at).await.unwrap());
    fixture.execute("UPDATE prompt_ledgers SET sealed = reverse('[\"another form\"]')").await;
    let read = ledgers.read(number, now).await.unwrap();
    assert_eq!(read.ledger, Ledger::default());
    let mut replacements = JoinSet::new();
    for _ in 0..8 {
        let ledgers = ledgers.clone();
        replacements.spawn(async move {
            ledgers.replace(number, read.version, Ledger::default(), expires_at).await.unwrap()
        });
    }
    assert_eq!(replacements.join_all().await.into_iter().filter(|won| *won).count(), 1);
}
