//! What logins asked for one by one.

use std::time::Duration;

use fiador_kernel::Clock as _;
use fiador_ports::{Maintenance as _, RequestedClaims as _};

use crate::sample::{TOKENS_LIVE, grant};

contract! {
    async fn what_was_kept_is_found_under_its_grant_alone(fixture: &Fixture) {
        let store = fixture.open().await;
        let (now, dead) = (fixture.clock.now(), fixture.clock.now() + TOKENS_LIVE);
        store.keep(&grant("g1"), b"first".to_vec(), dead).await.unwrap();
        store.keep(&grant("g2"), b"other".to_vec(), dead).await.unwrap();
        store.keep(&grant("g1"), b"again".to_vec(), dead).await.unwrap();
        let store = fixture.reopen(store).await;
        assert_eq!(store.find(&grant("g1"), now).await, Ok(Some(b"again".to_vec())));
        assert_eq!(store.find(&grant("g3"), now).await, Ok(None));
    }

    async fn it_is_gone_with_the_last_token_reaped_or_not(fixture: &Fixture) {
        let store = fixture.open().await;
        let dead = fixture.clock.now() + TOKENS_LIVE;
        store.keep(&grant("g1"), b"sealed".to_vec(), dead).await.unwrap();
        fixture.clock.advance(TOKENS_LIVE.saturating_sub(Duration::from_micros(1)));
        store.reap(fixture.clock.now()).await.unwrap();
        assert!(store.find(&grant("g1"), fixture.clock.now()).await.unwrap().is_some());
        fixture.clock.advance(Duration::from_micros(1));
        assert_eq!(store.find(&grant("g1"), fixture.clock.now()).await, Ok(None));
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(fixture.number("SELECT COUNT(*) FROM requested_claims").await, 0);
    }
}
