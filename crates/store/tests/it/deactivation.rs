//! Numbers that are given to somebody else (mobile-connect §4).

use fiador_domain::audit::{AuditEvent, AuditKind};
use fiador_kernel::Clock as _;
use fiador_ports::{
    Consents, Deactivations as _, Grants as _, LoginSessions, Pcrs as _, Redeemed, Subscribers as _,
};

use crate::{
    fixture::Fixture,
    sample::{
        begins, client, consent, event, redemption, redemption_of, sector, session,
        stored_subscriber, subscriber,
    },
};

fn removal(fixture: &Fixture) -> AuditEvent {
    AuditEvent {
        subscriber: Some(subscriber("ana")),
        ..event(fixture, AuditKind::SubscriberRemoved)
    }
}

contract! {
    async fn a_subscription_leaves_with_all_that_hangs_on_it(fixture: &Fixture) {
        let store = fixture.open().await;
        let (ana, bank) = (subscriber("ana"), sector("bank.example"));
        store.add(stored_subscriber("ana", "one")).await.unwrap();
        let begun = session(fixture, "cookie");
        let mut first = begins(redemption(fixture, "g1"), begun.clone());
        first.consent = Some(consent(fixture, "openid phone"));
        let former = first.pcr_candidate.clone();
        store.redeem(first).await.unwrap();

        assert_eq!(store.deactivate(&ana, removal(fixture)).await, Ok(true));
        assert_eq!(store.deactivate(&ana, removal(fixture)).await, Ok(false));
        assert!(store.lookup(&ana).await.unwrap().is_none());
        assert_eq!(store.find_subscriber(&bank, &former).await, Ok(None));
        let session = LoginSessions::find(&*store, begun.id, fixture.clock.now()).await;
        assert!(session.unwrap().is_none());
        let consent = Consents::find(&*store, &ana, &client("bank")).await;
        assert!(consent.unwrap().is_none());
        assert_eq!(store.redeem(redemption(fixture, "g2")).await, Ok(Redeemed::Ended));
        let lines = "SELECT COUNT(*) FROM audit WHERE kind = 'subscriber_removed'";
        assert_eq!(fixture.number(lines).await, 1, "T-245");
    }

    async fn whoever_gets_the_number_next_gets_another_pseudonym(fixture: &Fixture) {
        let store = fixture.open().await;
        store.add(stored_subscriber("ana", "one")).await.unwrap();
        let first = redemption(fixture, "g1");
        let former = first.pcr_candidate.clone();
        store.redeem(first).await.unwrap();
        assert_eq!(store.add(stored_subscriber("ben", "one")).await, Ok(false));
        store.deactivate(&subscriber("ana"), removal(fixture)).await.unwrap();

        assert_eq!(store.add(stored_subscriber("ben", "one")).await, Ok(true));
        let code = redemption_of(fixture, "g2", "ben");
        let Redeemed::Fresh { pcr, .. } = store.redeem(code).await.unwrap() else {
            panic!("the code is fresh")
        };
        assert_ne!(pcr, former);
    }

    async fn a_pseudonym_survives_a_change_of_number(fixture: &Fixture) {
        let store = fixture.open().await;
        store.add(stored_subscriber("ana", "one")).await.unwrap();
        let first = redemption(fixture, "g1");
        let former = first.pcr_candidate.clone();
        store.redeem(first).await.unwrap();
        assert_eq!(store.add(stored_subscriber("ana", "two")).await, Ok(true));
        let again = store.redeem(redemption(fixture, "g2")).await.unwrap();
        assert!(matches!(again, Redeemed::Fresh { pcr, .. } if pcr == former));
    }
}
