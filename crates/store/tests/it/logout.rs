//! Nothing that belongs to an ended login session is good any more (T-056).

use std::time::Duration;

use fiador_domain::{
    audit::AuditKind,
    session::LoginSession,
    token::{Epochs, LONGEST_LIFE, REMEMBERED_AFTER_EXPIRY},
};
use fiador_kernel::{Clock as _, Digest};
use fiador_ports::{
    Grants as _, LoginSessions as _, Maintenance as _, Redeemed, Redemption, Revocations as _,
};
use fiador_store::Store;

use crate::{
    fixture::Fixture,
    sample::{begins, event, redemption, session},
};

/// Redeems a code with which a session begins.
async fn log_in(fixture: &Fixture, store: &Store, cookie: &str) -> LoginSession {
    let begun = session(fixture, cookie);
    let code = begins(redemption(fixture, cookie), begun.clone());
    assert!(matches!(store.redeem(code).await, Ok(Redeemed::Fresh { .. })));
    begun
}

/// A code that an existing session answered for.
fn resumed(fixture: &Fixture, id: &str, session: Digest) -> Redemption {
    Redemption { session: Some(session), ..redemption(fixture, id) }
}

async fn log_out(fixture: &Fixture, store: &Store, session: Digest) {
    store.end(session, event(fixture, AuditKind::SessionEnded)).await.unwrap();
}

/// Whether tokens of this redemption are good.
async fn holds(store: &Store, code: &Redemption, born: Epochs) -> bool {
    let Redemption { subscriber, client, grant, session, .. } = code;
    born.still_holds(store.epochs(subscriber, client, grant, *session).await.unwrap())
}

contract! {
    async fn tokens_of_the_session_end_with_it_and_no_others(fixture: &Fixture) {
        let store = fixture.open().await;
        let [one, two] = [log_in(fixture, &store, "one").await, log_in(fixture, &store, "two").await];
        let in_one = begins(redemption(fixture, "one"), one.clone());
        let later_in_one = resumed(fixture, "later", one.id);
        let in_two = begins(redemption(fixture, "two"), two.clone());
        let outside = redemption(fixture, "none");
        let all = [&in_one, &later_in_one, &in_two, &outside];
        for code in all {
            assert!(holds(&store, code, Epochs::default()).await);
        }
        log_out(fixture, &store, one.id).await;
        let mut alive = Vec::new();
        for code in all {
            alive.push(holds(&store, code, Epochs::default()).await);
        }
        assert_eq!(alive, [false, false, true, true]);
    }

    async fn a_code_on_its_way_ends_with_the_session_that_answered_for_it(fixture: &Fixture) {
        let store = fixture.open().await;
        let begun = log_in(fixture, &store, "cookie").await;
        let (before, after) = (resumed(fixture, "g1", begun.id), resumed(fixture, "g2", begun.id));
        assert!(matches!(store.redeem(before).await, Ok(Redeemed::Fresh { .. })));
        log_out(fixture, &store, begun.id).await;
        assert_eq!(store.redeem(after).await, Ok(Redeemed::Ended));
        let another = redemption(fixture, "g3");
        assert!(matches!(store.redeem(another).await, Ok(Redeemed::Fresh { .. })));
    }

    async fn a_session_that_was_ended_before_its_code_was_redeemed_never_begins(fixture: &Fixture) {
        let store = fixture.open().await;
        let begun = session(fixture, "cookie");
        log_out(fixture, &store, begun.id).await;
        let code = begins(redemption(fixture, "g1"), begun.clone());
        assert_eq!(store.redeem(code).await, Ok(Redeemed::Ended));
        assert_eq!(store.find(begun.id, fixture.clock.now()).await, Ok(None));
        assert_eq!(fixture.number("SELECT COUNT(*) FROM login_sessions").await, 0);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM spent_codes").await, 0);
    }

    async fn a_session_written_while_it_was_ended_does_not_count(fixture: &Fixture) {
        let store = fixture.open().await;
        let begun = session(fixture, "cookie");
        log_out(fixture, &store, begun.id).await;
        // As if the row had been inserted by another node just after the end.
        let mut code = begins(redemption(fixture, "g1"), begun.clone());
        code.epochs.grant = 1;
        assert!(matches!(store.redeem(code).await, Ok(Redeemed::Fresh { .. })));
        assert_eq!(fixture.number("SELECT COUNT(*) FROM login_sessions").await, 1);
        assert_eq!(store.find(begun.id, fixture.clock.now()).await, Ok(None));
    }

    async fn ending_a_session_again_changes_nothing(fixture: &Fixture) {
        let store = fixture.open().await;
        let begun = log_in(fixture, &store, "cookie").await;
        for _ in 0..3 {
            log_out(fixture, &store, begun.id).await;
        }
        let code = resumed(fixture, "g1", begun.id);
        let epochs = store.epochs(&code.subscriber, &code.client, &code.grant, code.session).await;
        assert_eq!(epochs, Ok(Epochs { grant: 1, ..Epochs::default() }));
        let events = fixture.number("SELECT COUNT(*) FROM audit WHERE kind = 'session_ended'").await;
        assert_eq!(events, 1);
    }

    async fn revoking_a_grant_in_a_session_leaves_the_rest_of_the_session_alone(fixture: &Fixture) {
        let store = fixture.open().await;
        let begun = log_in(fixture, &store, "cookie").await;
        let (one, two) = (resumed(fixture, "g1", begun.id), resumed(fixture, "g2", begun.id));
        let revoked = event(fixture, AuditKind::GrantRevoked);
        store.end_grant(&one.grant, one.tokens_expire_at, revoked).await.unwrap();
        assert!(!holds(&store, &one, Epochs::default()).await);
        assert!(holds(&store, &two, Epochs::default()).await);
        assert!(store.find(begun.id, fixture.clock.now()).await.unwrap().is_some());
    }

    /// T-246, and growth: the end outlives whatever hung on the session, and no longer.
    async fn an_ended_session_is_remembered_as_long_as_it_matters(fixture: &Fixture) {
        let store = fixture.open().await;
        let begun = log_in(fixture, &store, "cookie").await;
        let code = resumed(fixture, "g1", begun.id);
        log_out(fixture, &store, begun.id).await;
        let store = fixture.reopen(store).await;
        let forgotten_at = fixture.clock.now() + LONGEST_LIFE + REMEMBERED_AFTER_EXPIRY;
        fixture.clock.set(forgotten_at.before(Duration::from_secs(1)));
        store.reap(fixture.clock.now()).await.unwrap();
        assert!(!holds(&store, &code, Epochs::default()).await);
        fixture.clock.set(forgotten_at);
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(fixture.number("SELECT COUNT(*) FROM epochs").await, 0);
        assert!(holds(&store, &code, Epochs::default()).await, "memory forgets with the table");
    }
}

/// No node answers for a session that was ended on another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_logout_is_seen_by_every_node_at_once() {
    let fixture = Fixture::postgresql();
    let (one, two) = (fixture.open().await, fixture.open().await);
    for number in 0..10 {
        let begun = log_in(&fixture, &one, &format!("cookie{number}")).await;
        let code = resumed(&fixture, &format!("g{number}"), begun.id);
        assert!(holds(&two, &code, Epochs::default()).await);
        log_out(&fixture, &one, begun.id).await;
        assert!(!holds(&two, &code, Epochs::default()).await);
        assert_eq!(two.redeem(code).await, Ok(Redeemed::Ended));
        assert_eq!(two.find(begun.id, fixture.clock.now()).await, Ok(None));
    }
}
