//! Applications that are created while the gateway runs.

use fiador_domain::audit::AuditKind;
use fiador_kernel::Clock as _;
use fiador_ports::{Applications as _, StoredApplication};

use crate::{
    fixture::Fixture,
    sample::{client, event},
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
