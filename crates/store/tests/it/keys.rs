//! Wrapped keys.

use std::time::Duration;

use fiador_kernel::{Clock as _, Timestamp};
use fiador_ports::{KeyStore as _, Maintenance as _, StoredKey};

pub(crate) fn key(id: &str, purpose: &str, created_at: Timestamp) -> StoredKey {
    StoredKey {
        id: id.to_owned(),
        purpose: purpose.to_owned(),
        wrapped: vec![0, 255, 7],
        created_at,
        activates_at: created_at + Duration::from_mins(5),
        retires_at: None,
        expires_at: None,
    }
}

contract! {
    async fn keys_are_listed_oldest_first_as_they_were_added(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        let (older, newer) = (key("b", "seal_code", now), key("a", "seal_code", now + Duration::from_secs(1)));
        store.add(newer.clone()).await.unwrap();
        store.add(older.clone()).await.unwrap();
        assert_eq!(store.list().await, Ok(vec![older, newer]));
    }

    async fn only_purposes_without_a_key_get_one(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        store.add_missing(vec![key("a", "seal_code", now)]).await.unwrap();
        let second = vec![key("b", "seal_code", now), key("c", "sign_rs256", now)];
        store.add_missing(second).await.unwrap();
        let ids: Vec<_> = store.list().await.unwrap().into_iter().map(|key| key.id).collect();
        assert_eq!(ids, ["a", "c"]);
    }

    async fn a_retired_key_stays_until_it_expires(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        store.add(key("a", "seal_code", now)).await.unwrap();
        store.add(key("b", "seal_code", now)).await.unwrap();
        let (retires_at, expires_at) = (now + Duration::from_secs(1), now + Duration::from_secs(9));
        store.retire("a", retires_at, expires_at).await.unwrap();
        let retired = store.list().await.unwrap().remove(0);
        assert_eq!((retired.retires_at, retired.expires_at), (Some(retires_at), Some(expires_at)));
        fixture.clock.advance(Duration::from_secs(8));
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(store.list().await.unwrap().len(), 2);
        fixture.clock.advance(Duration::from_secs(1));
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(store.list().await.unwrap(), [key("b", "seal_code", now)]);
    }
}
