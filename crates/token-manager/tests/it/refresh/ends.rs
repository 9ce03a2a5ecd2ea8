//! What ends a refresh token, and who cannot (T-036, T-050, T-053, T-054, T-056).

use std::time::Duration;

use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    refresh::{ABSOLUTE, IDLE},
    token::CodeContent,
};
use fiador_kernel::{Clock, Digest};
use fiador_ports::{Consents, LoginSessions, Revocations};

use super::{expect_refused, text, with_phone};
use crate::world::{APP, BANK, ROBOT, SHOP, TWIN, World};

fn event(world: &World, kind: AuditKind) -> AuditEvent {
    AuditEvent {
        at: world.clock.now(),
        kind,
        client: None,
        subscriber: None,
        grant: None,
        journey: None,
        detail: None,
    }
}

/// T-050: two parties hold tokens of one family, and one of them is a thief.
#[tokio::test]
async fn a_replaced_token_that_comes_back_ends_the_family_and_its_access_tokens() {
    let world = World::new();
    let (_, first) = world.offline_tokens(APP).await;
    let reply = world.refresh(APP, &first).await;
    let (access_token, second) = (text(&reply, "access_token"), text(&reply, "refresh_token"));
    world.clock.advance(Duration::from_secs(30));
    assert!(world.is_active(&access_token).await);
    expect_refused(&world.refresh(APP, &first).await);
    assert!(!world.is_active(&access_token).await);
    expect_refused(&world.refresh(APP, &second).await);
    assert_eq!(world.store.audit().last().unwrap().0, AuditKind::RefreshTokenReplayed);

    let (_, first) = world.offline_tokens(APP).await;
    let second = text(&world.refresh(APP, &first).await, "refresh_token");
    let third = text(&world.refresh(APP, &second).await, "refresh_token");
    expect_refused(&world.refresh(APP, &first).await);
    expect_refused(&world.refresh(APP, &third).await);
}

/// T-036, T-066: neither another client, nor one that shares key and sector, nor nobody at all can
/// use a token, or end it by trying.
#[tokio::test]
async fn a_wrong_holder_neither_uses_nor_ends_a_refresh_token() {
    let world = World::new();
    let (_, of_shop) = world.offline_tokens(SHOP).await;
    let (_, of_robot) = world.offline_tokens(ROBOT).await;
    let (_, of_app) = world.offline_tokens(APP).await;
    text(&world.refresh(APP, &of_app).await, "refresh_token");
    world.clock.advance(Duration::from_mins(1));
    for holder in [SHOP, ROBOT, TWIN] {
        expect_refused(&world.refresh(holder, &of_app).await);
    }
    for holder in [APP, TWIN, ROBOT] {
        expect_refused(&world.refresh(holder, &of_shop).await);
    }
    for holder in [APP, TWIN, SHOP] {
        expect_refused(&world.refresh(holder, &of_robot).await);
    }
    let form = [("grant_type", "refresh_token"), ("refresh_token", &*of_shop)];
    let reply = world.post("/token", None, &form).await;
    assert_eq!(reply.error(), (401, "invalid_client".to_owned()));
    assert_eq!(world.refresh(SHOP, &of_shop).await.status, 200);
    assert_eq!(world.refresh(ROBOT, &of_robot).await.status, 200);
}

/// T-054: whatever single character is changed, added or taken away.
#[tokio::test]
async fn an_altered_refresh_token_is_refused_and_leaves_the_true_one_good() {
    let world = World::new();
    let (_, token) = world.offline_tokens(APP).await;
    for at in 0..token.len() {
        let mut altered = token.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        expect_refused(&world.refresh(APP, std::str::from_utf8(&altered).unwrap()).await);
    }
    for altered in [&token[1..], &token[..63], &format!("{token}A"), &format!(" {token}"), "."] {
        expect_refused(&world.refresh(APP, altered).await);
    }
    assert_eq!(world.refresh(APP, &token).await.status, 200);
}

/// T-053.
#[tokio::test]
async fn an_idle_family_ends_and_a_busy_one_has_a_longest_life() {
    let world = World::new();
    let (_, idle) = world.offline_tokens(SHOP).await;
    world.clock.advance(IDLE.saturating_sub(Duration::from_micros(1)));
    assert_eq!(world.refresh(SHOP, &idle).await.status, 200);
    world.clock.advance(IDLE);
    expect_refused(&world.refresh(SHOP, &idle).await);

    let (_, busy) = world.offline_tokens(SHOP).await;
    let begun = world.clock.now();
    while world.clock.now().since(begun) + IDLE < ABSOLUTE {
        world.clock.advance(IDLE.saturating_sub(Duration::from_micros(1)));
        assert_eq!(world.refresh(SHOP, &busy).await.status, 200);
    }
    world.clock.set(begun + ABSOLUTE);
    expect_refused(&world.refresh(SHOP, &busy).await);
}

/// T-052, T-056.
#[tokio::test]
async fn whatever_ends_the_login_ends_its_refresh_tokens() {
    let world = World::new();
    let login = world.login(SHOP);

    let (access_token, token) = world.offline_tokens(SHOP).await;
    assert_eq!(world.revoke(SHOP, &access_token).await.status, 200);
    expect_refused(&world.refresh(SHOP, &token).await);

    let token = with_phone(&world, SHOP).await;
    world.store.withdraw(&login.subscriber, &login.client, world.clock.now()).await.unwrap();
    expect_refused(&world.refresh(SHOP, &token).await);

    let session = Some(Digest::of("cookie"));
    let in_session = CodeContent { session, ..world.offline_login(SHOP) };
    let mut in_session_epochs = in_session.clone();
    in_session_epochs.epochs.client = 1;
    let reply = world.exchange(SHOP, &world.issue(&in_session_epochs)).await;
    let token = text(&reply, "refresh_token");
    let ended = event(&world, AuditKind::SessionEnded);
    LoginSessions::end(&*world.store, Digest::of("cookie"), ended).await.unwrap();
    expect_refused(&world.refresh(SHOP, &token).await);
}

#[tokio::test]
async fn a_blocked_subscriber_or_client_refreshes_nothing() {
    for of_client in [false, true] {
        let world = World::new();
        let (_, token) = world.offline_tokens(SHOP).await;
        let (login, revoked) = (world.login(SHOP), event(&world, AuditKind::GrantRevoked));
        if of_client {
            world.store.end_client(&login.client, revoked).await.unwrap();
        } else {
            world.store.end_subscriber(&login.subscriber, revoked).await.unwrap();
        }
        expect_refused(&world.refresh(SHOP, &token).await);
    }
}

/// T-036: also long after the code's own life, while a family of it may live.
#[tokio::test]
async fn a_code_that_is_presented_again_ends_the_family_that_came_of_it() {
    for later in [Duration::from_secs(1), Duration::from_secs(61), Duration::from_hours(24 * 10)] {
        let world = World::new();
        let code = world.issue(&world.offline_login(SHOP));
        let token = text(&world.exchange(SHOP, &code).await, "refresh_token");
        world.clock.advance(later);
        assert_eq!(world.exchange(SHOP, &code).await.error().1, "invalid_grant");
        expect_refused(&world.refresh(SHOP, &token).await);
    }
}

#[tokio::test]
async fn a_revoked_refresh_token_takes_its_access_tokens_along() {
    let world = World::new();
    for holder in [SHOP, APP] {
        let (access_token, token) = world.offline_tokens(holder).await;
        for stranger in [BANK, ROBOT] {
            assert_eq!(world.revoke(stranger, &token).await.body, "{}");
        }
        assert!(world.is_active(&access_token).await);
        assert_eq!(world.revoke(holder, &token).await.body, "{}");
        assert!(!world.is_active(&access_token).await);
        expect_refused(&world.refresh(holder, &token).await);
    }
}

/// T-052. The family outlives the lock, because anybody who knows the number can cause one.
#[tokio::test]
async fn while_wrong_answers_lock_the_subscription_nothing_is_refreshed() {
    let world = World::new();
    for holder in [SHOP, APP] {
        let (_, token) = world.offline_tokens(holder).await;
        let subscriber = world.login(holder).subscriber;
        world.store.lock(&subscriber, world.clock.now() + Duration::from_mins(5));
        let refused = world.refresh(holder, &token).await;
        assert_eq!(refused.status, 503, "{refused:?}");
        assert_eq!(refused.error().1, "temporarily_unavailable");
        assert_eq!(refused.header("retry-after"), Some("301"));
        world.clock.advance(Duration::from_mins(5));
        assert_eq!(world.refresh(holder, &token).await.status, 200);
    }
}
