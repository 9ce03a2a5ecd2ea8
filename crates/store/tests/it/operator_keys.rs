//! Public keys of foreign operators (mobile-connect §1.7).

use std::time::Duration;

use fiador_kernel::{Clock as _, OperatorId, Timestamp};
use fiador_ports::{OperatorKeyStore as _, StoredOperatorKeys};

fn keys(operator: &str, key_set: &str, registered_at: Timestamp) -> StoredOperatorKeys {
    let operator = OperatorId::new(operator).unwrap();
    StoredOperatorKeys { operator, key_set: key_set.to_owned(), registered_at }
}

contract! {
    async fn a_set_of_keys_is_replaced_as_a_whole_and_outlives_a_restart(fixture: &Fixture) {
        let store = fixture.open().await;
        assert_eq!(store.all_operator_keys().await, Ok(Vec::new()));
        let now = fixture.clock.now();
        let a = keys("a", r#"{"keys":[{"kty":"RSA","kid":"ñ"}]}"#, now);
        let b = keys("b", "{}", now);
        store.put_operator_keys(b.clone()).await.unwrap();
        store.put_operator_keys(a.clone()).await.unwrap();
        assert_eq!(store.all_operator_keys().await, Ok(vec![a.clone(), b]));

        let b = keys("b", &"x".repeat(16 * 1024), now + Duration::from_secs(1));
        store.put_operator_keys(b.clone()).await.unwrap();
        store.close().await;
        let store = fixture.open().await;
        assert_eq!(store.all_operator_keys().await, Ok(vec![a, b]));
    }
}
