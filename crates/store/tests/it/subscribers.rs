//! Subscriptions.

use fiador_domain::subscriber::{Subscriber, SubscriberStatus};
use fiador_kernel::{Clock as _, Digest};
use fiador_ports::{Grants as _, LoginSessions as _, Redeemed, Revocations as _, Subscribers as _};

use crate::sample::{
    begins, client, redemption, redemption_of, session, stored_subscriber, subscriber,
};

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

    async fn blocking_ends_tokens_codes_and_sessions_in_one_commit_t_223(fixture: &Fixture) {
        let store = fixture.open().await;
        let (ana, bank) = (subscriber("ana"), client("bank"));
        store.add(stored_subscriber("ana", "one")).await.unwrap();
        let begun = session(fixture, "cookie");
        let code = begins(redemption(fixture, "g1"), begun.clone());
        let Redeemed::Fresh { epochs: born, .. } = store.redeem(code.clone()).await.unwrap() else {
            panic!("the code is fresh")
        };
        // What changes nothing about the status ends nothing.
        store.add(stored_subscriber("ana", "one")).await.unwrap();
        let now = store.epochs(&ana, &bank, &code.grant, code.session).await.unwrap();
        assert!(born.still_holds(now));
        assert!(store.find(begun.id, fixture.clock.now()).await.unwrap().is_some());

        let mut blocked = stored_subscriber("ana", "one");
        blocked.status = SubscriberStatus::Blocked;
        store.add(blocked).await.unwrap();
        let now = store.epochs(&ana, &bank, &code.grant, code.session).await.unwrap();
        assert!(!born.still_holds(now));
        assert!(store.find(begun.id, fixture.clock.now()).await.unwrap().is_none());
        assert_eq!(store.redeem(redemption(fixture, "g2")).await, Ok(Redeemed::Ended));
        let of_ben = redemption_of(fixture, "g3", "ben");
        assert!(matches!(store.redeem(of_ben).await, Ok(Redeemed::Fresh { .. })));
        let events = "SELECT COUNT(*) FROM audit WHERE detail = 'blocked' AND subscriber = 'ana'";
        assert_eq!(fixture.number(events).await, 1);

        // Whoever is let in again begins anew.
        store.add(stored_subscriber("ana", "one")).await.unwrap();
        let now = store.epochs(&ana, &bank, &code.grant, code.session).await.unwrap();
        assert!(!born.still_holds(now));
    }

    async fn a_refused_block_ends_nothing(fixture: &Fixture) {
        let store = fixture.open().await;
        store.add(stored_subscriber("ana", "one")).await.unwrap();
        let mut ben = stored_subscriber("ben", "one");
        ben.status = SubscriberStatus::Blocked;
        assert_eq!(store.add(ben).await, Ok(false));
        assert_eq!(fixture.number("SELECT COUNT(*) FROM epochs").await, 0);
    }
}
