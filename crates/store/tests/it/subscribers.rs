//! Subscriptions.

use fiador_domain::subscriber::{Subscriber, SubscriberStatus};
use fiador_kernel::Digest;
use fiador_ports::Subscribers as _;

use crate::sample::{stored_subscriber, subscriber};

fn same(found: &Subscriber, expected: &Subscriber) -> bool {
    format!("{found:?}") == format!("{expected:?}")
}

contract! {
    async fn a_subscription_is_found_by_its_number_and_its_id(fixture: &Fixture) {
        let store = fixture.open().await;
        let ana = stored_subscriber("ana", "one");
        assert_eq!(store.add(ana.clone()).await, Ok(true));
        let by_number = store.find_by_msisdn(Digest::of("one")).await.unwrap().unwrap();
        assert!(same(&by_number, &ana));
        let by_id = store.lookup(&subscriber("ana")).await.unwrap().unwrap();
        assert!(same(&by_id, &ana));
        assert!(store.find_by_msisdn(Digest::of("two")).await.unwrap().is_none());
        assert!(store.lookup(&subscriber("ben")).await.unwrap().is_none());
    }

    async fn adding_again_replaces(fixture: &Fixture) {
        let store = fixture.open().await;
        store.add(stored_subscriber("ana", "one")).await.unwrap();
        let mut moved = stored_subscriber("ana", "two");
        moved.status = SubscriberStatus::Blocked;
        moved.authenticators.clear();
        assert_eq!(store.add(moved.clone()).await, Ok(true));
        assert!(store.find_by_msisdn(Digest::of("one")).await.unwrap().is_none());
        let found = store.find_by_msisdn(Digest::of("two")).await.unwrap().unwrap();
        assert!(same(&found, &moved));
    }

    async fn a_number_belongs_to_one_subscription(fixture: &Fixture) {
        let store = fixture.open().await;
        store.add(stored_subscriber("ana", "one")).await.unwrap();
        assert_eq!(store.add(stored_subscriber("ben", "one")).await, Ok(false));
        assert!(store.lookup(&subscriber("ben")).await.unwrap().is_none());
        let holder = store.find_by_msisdn(Digest::of("one")).await.unwrap().unwrap();
        assert_eq!(holder.id, subscriber("ana"));
    }
}
