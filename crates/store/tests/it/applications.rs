//! Applications that are created while the gateway runs.

use fiador_domain::{audit::AuditKind, token::Epochs};
use fiador_kernel::Clock as _;
use fiador_ports::{
    Applications as _, ClientEpochs as _, Grants as _, Redeemed, Revocations as _,
    StoredApplication,
};

use crate::{
    fixture::Fixture,
    sample::{client, event, grant, redemption, subscriber},
};

fn application(fixture: &Fixture, id: &str) -> StoredApplication {
    StoredApplication {
        client_id: client(id),
        registration: format!(r#"{{"client_id":"{id}"}}"#),
        created_at: fixture.clock.now(),
    }
}

contract! {
    async fn what_is_created_is_found_until_it_is_removed(fixture: &Fixture) {
        let store = fixture.open().await;
        let created = || event(fixture, AuditKind::ApplicationCreated);
        let removed = || event(fixture, AuditKind::ApplicationRemoved);
        let (shop, bank) = (application(fixture, "shop"), application(fixture, "bank"));
        assert_eq!(store.add(shop.clone(), created()).await, Ok(true));
        assert_eq!(store.add(bank.clone(), created()).await, Ok(true));
        let store = fixture.reopen(store).await;
        assert_eq!(store.ids().await.unwrap(), [client("bank"), client("shop")]);
        assert!(store.find(&client("shop")).await.unwrap() == Some(shop));
        assert_eq!(store.remove(&client("shop"), removed()).await, Ok(true));
        assert_eq!(store.remove(&client("shop"), removed()).await, Ok(false));
        assert!(store.find(&client("shop")).await.unwrap().is_none());
        assert_eq!(store.ids().await.unwrap(), [client("bank")]);
    }

    async fn its_tokens_end_in_the_commit_that_removes_it(fixture: &Fixture) {
        let store = fixture.open().await;
        let (bank, shop) = (client("bank"), client("shop"));
        store.add(application(fixture, "bank"), event(fixture, AuditKind::ApplicationCreated)).await.unwrap();
        let before = fixture.number("SELECT COUNT(*) FROM audit").await;
        let removed = || event(fixture, AuditKind::ApplicationRemoved);
        for (id, was_there) in [(&bank, true), (&bank, false), (&shop, false)] {
            assert_eq!(store.remove(id, removed()).await, Ok(was_there));
        }
        let store = fixture.reopen(store).await;
        let ended = store.client_epochs(&bank, &grant("g")).await;
        assert_eq!(ended, Ok(Epochs { client: 1, ..Epochs::default() }), "T-246");
        assert_eq!(store.client_epochs(&shop, &grant("g")).await, Ok(Epochs::default()));
        let of_subscriber = store.epochs(&subscriber("ana"), &bank, &grant("g"), None).await;
        assert_eq!(of_subscriber, Ok(Epochs { client: 1, ..Epochs::default() }));
        let code = redemption(fixture, "g1");
        assert_eq!(store.redeem(code).await, Ok(Redeemed::Ended), "a code on its way");
        assert_eq!(fixture.number("SELECT COUNT(*) FROM audit").await, before + 1, "T-245");
    }

    async fn a_removal_that_cannot_end_the_tokens_removes_nothing(fixture: &Fixture) {
        let store = fixture.open().await;
        store.add(application(fixture, "bank"), event(fixture, AuditKind::ApplicationCreated)).await.unwrap();
        let removed = || event(fixture, AuditKind::ApplicationRemoved);
        fixture.execute("ALTER TABLE epochs RENAME TO epochs_away").await;
        assert!(store.remove(&client("bank"), removed()).await.is_err());
        fixture.execute("ALTER TABLE epochs_away RENAME TO epochs").await;
        assert_eq!(store.ids().await.unwrap(), [client("bank")]);
        assert_eq!(store.remove(&client("bank"), removed()).await, Ok(true));
        let ended = store.client_epochs(&client("bank"), &grant("g")).await;
        assert_eq!(ended, Ok(Epochs { client: 1, ..Epochs::default() }));
    }

    async fn a_second_one_with_the_same_id_changes_nothing(fixture: &Fixture) {
        let store = fixture.open().await;
        let created = || event(fixture, AuditKind::ApplicationCreated);
        let first = application(fixture, "shop");
        store.add(first.clone(), created()).await.unwrap();
        let second = StoredApplication { registration: "{}".to_owned(), ..first.clone() };
        assert_eq!(store.add(second, created()).await, Ok(false));
        assert!(store.find(&client("shop")).await.unwrap() == Some(first));
        let lines = "SELECT COUNT(*) FROM audit WHERE kind = 'application_created'";
        assert_eq!(fixture.number(lines).await, 1, "T-245");
    }
}
