//! Login sessions.

use std::time::Duration;

use fiador_domain::{
    audit::AuditKind,
    session::{ABSOLUTE, IDLE},
};
use fiador_kernel::{Clock as _, Digest};
use fiador_ports::{Grants as _, LoginSessions as _, Revocations as _};
use fiador_store::Store;

use crate::{
    fixture::Fixture,
    sample::{begins, event, redemption, session, subscriber},
};

async fn begin(fixture: &Fixture, store: &Store, cookie: &str) -> Digest {
    let mut code = begins(redemption(fixture, cookie), session(fixture, cookie));
    code.epochs = store.epochs(&code.subscriber, &code.client, &code.grant, None).await.unwrap();
    store.redeem(code).await.unwrap();
    Digest::of(cookie)
}

async fn is_there(fixture: &Fixture, store: &Store, id: Digest) -> bool {
    store.find(id, fixture.clock.now()).await.unwrap().is_some()
}

contract! {
    async fn a_session_is_found_as_it_was_begun(fixture: &Fixture) {
        let store = fixture.open().await;
        let begun = session(fixture, "cookie");
        let id = begin(fixture, &store, "cookie").await;
        assert_eq!(store.find(id, fixture.clock.now()).await, Ok(Some(begun)));
        assert!(!is_there(fixture, &store, Digest::of("another")).await);
    }

    async fn a_session_that_nobody_uses_is_over_after_its_idle_time(fixture: &Fixture) {
        let store = fixture.open().await;
        let id = begin(fixture, &store, "cookie").await;
        fixture.clock.set((fixture.clock.now() + IDLE).before(Duration::from_secs(1)));
        assert!(is_there(fixture, &store, id).await);
        fixture.clock.advance(Duration::from_secs(1));
        assert!(!is_there(fixture, &store, id).await);
        store.touch(id, fixture.clock.now()).await.unwrap();
        assert!(!is_there(fixture, &store, id).await, "what is over is not revived by its use");
    }

    async fn use_postpones_the_idle_end_but_not_the_absolute_one(fixture: &Fixture) {
        let store = fixture.open().await;
        let id = begin(fixture, &store, "cookie").await;
        let begun_at = fixture.clock.now();
        while fixture.clock.now().since(begun_at) < Duration::from_mins(11 * 60 + 40) {
            fixture.clock.advance(Duration::from_mins(20));
            assert!(is_there(fixture, &store, id).await);
            store.touch(id, fixture.clock.now()).await.unwrap();
        }
        fixture.clock.set((begun_at + ABSOLUTE).before(Duration::from_secs(1)));
        assert!(is_there(fixture, &store, id).await);
        fixture.clock.advance(Duration::from_secs(1));
        assert!(!is_there(fixture, &store, id).await);
    }

    async fn an_ended_session_is_gone(fixture: &Fixture) {
        let store = fixture.open().await;
        let id = begin(fixture, &store, "one").await;
        let other = begin(fixture, &store, "two").await;
        store.end(id, event(fixture, AuditKind::SessionEnded)).await.unwrap();
        assert!(!is_there(fixture, &store, id).await);
        assert!(is_there(fixture, &store, other).await);
    }

    async fn ending_a_subscriber_ends_every_session_and_new_ones_hold(fixture: &Fixture) {
        let store = fixture.open().await;
        let one = begin(fixture, &store, "one").await;
        let two = begin(fixture, &store, "two").await;
        let ended = event(fixture, AuditKind::SessionEnded);
        store.end_subscriber(&subscriber("ana"), ended).await.unwrap();
        assert!(!is_there(fixture, &store, one).await);
        assert!(!is_there(fixture, &store, two).await);
        let three = begin(fixture, &store, "three").await;
        assert!(is_there(fixture, &store, three).await);
    }

    async fn a_session_written_while_its_subscriber_was_ended_does_not_count(fixture: &Fixture) {
        let store = fixture.open().await;
        let id = begin(fixture, &store, "cookie").await;
        // As if the row had been inserted just after the others were deleted.
        fixture.execute("INSERT INTO epochs (kind, id, epoch) VALUES ('subscriber', 'ana', 1)").await;
        assert!(!is_there(fixture, &store, id).await);
    }
}
