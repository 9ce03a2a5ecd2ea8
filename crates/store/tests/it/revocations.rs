//! What was ended stays ended (T-056, T-057, T-246).

use fiador_domain::{audit::AuditKind, token::Epochs};
use fiador_ports::{Maintenance as _, Revocations as _};

use crate::sample::{TOKENS_LIVE, client, event, grant, subscriber};
use fiador_kernel::Clock as _;

contract! {
    async fn what_was_never_ended_counts_zero(fixture: &Fixture) {
        let store = fixture.open().await;
        let epochs = store.epochs(&subscriber("ana"), &client("bank"), &grant("g"), None).await;
        assert_eq!(epochs, Ok(Epochs::default()));
    }

    async fn each_end_counts_for_what_it_ended_and_for_nothing_else(fixture: &Fixture) {
        let store = fixture.open().await;
        let (ana, ben) = (subscriber("ana"), subscriber("ben"));
        let (bank, shop) = (client("bank"), client("shop"));
        let (g, other) = (grant("g"), grant("other"));
        let revoked = || event(fixture, AuditKind::GrantRevoked);
        store.end_subscriber(&ana, revoked()).await.unwrap();
        store.end_subscriber(&ana, revoked()).await.unwrap();
        store.end_client(&bank, revoked()).await.unwrap();
        store.end_grant(&g, fixture.clock.now() + TOKENS_LIVE, revoked()).await.unwrap();
        assert_eq!(
            store.epochs(&ana, &bank, &g, None).await,
            Ok(Epochs { subscriber: 2, client: 1, grant: 1 })
        );
        assert_eq!(store.epochs(&ben, &shop, &other, None).await, Ok(Epochs::default()));
    }

    async fn ending_a_grant_again_changes_nothing(fixture: &Fixture) {
        let store = fixture.open().await;
        let expires = fixture.clock.now() + TOKENS_LIVE;
        for _ in 0..3 {
            store.end_grant(&grant("g"), expires, event(fixture, AuditKind::GrantRevoked)).await.unwrap();
        }
        let epochs = store.epochs(&subscriber("ana"), &client("bank"), &grant("g"), None).await.unwrap();
        assert_eq!(epochs.grant, 1);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM audit").await, 1);
    }

    async fn ends_survive_a_restart_t_246(fixture: &Fixture) {
        let store = fixture.open().await;
        let (ana, bank, g) = (subscriber("ana"), client("bank"), grant("g"));
        store.end_subscriber(&ana, event(fixture, AuditKind::GrantRevoked)).await.unwrap();
        store.end_grant(&g, fixture.clock.now(), event(fixture, AuditKind::GrantRevoked)).await.unwrap();
        let before = store.epochs(&ana, &bank, &g, None).await.unwrap();
        let store = fixture.reopen(store).await;
        assert_eq!(store.epochs(&ana, &bank, &g, None).await, Ok(before));
    }

    async fn an_end_is_remembered_for_a_day_past_expiry_and_then_forgotten(fixture: &Fixture) {
        let store = fixture.open().await;
        let (ana, bank, g) = (subscriber("ana"), client("bank"), grant("g"));
        let expires = fixture.clock.now() + TOKENS_LIVE;
        store.end_grant(&g, expires, event(fixture, AuditKind::GrantRevoked)).await.unwrap();
        store.end_subscriber(&ana, event(fixture, AuditKind::GrantRevoked)).await.unwrap();

        fixture.clock.set(expires + std::time::Duration::from_hours(23));
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(store.epochs(&ana, &bank, &g, None).await.unwrap().grant, 1);

        fixture.clock.advance(std::time::Duration::from_hours(2));
        store.reap(fixture.clock.now()).await.unwrap();
        let epochs = store.epochs(&ana, &bank, &g, None).await.unwrap();
        assert_eq!((epochs.grant, epochs.subscriber), (0, 1), "a subscriber's count never starts anew");
    }
}
