//! After a logout nothing that belongs to the login session is good (T-056).

use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    token::CodeContent,
};
use fiador_kernel::{Clock, Digest};
use fiador_ports::LoginSessions;

use crate::world::{BANK, SHOP, World};

/// A login that begins a session, or one that a session answered for.
fn in_session(world: &World, cookie: &str, begins_session: bool) -> CodeContent {
    CodeContent { session: Some(Digest::of(cookie)), begins_session, ..world.login(SHOP) }
}

async fn token_of(world: &World, login: &CodeContent) -> String {
    let reply = world.exchange(SHOP, &world.issue(login)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["access_token"].as_str().unwrap().to_owned()
}

async fn log_out(world: &World, cookie: &str) {
    let event = AuditEvent {
        at: world.clock.now(),
        kind: AuditKind::SessionEnded,
        client: None,
        subscriber: None,
        grant: None,
        journey: None,
        detail: None,
    };
    world.store.end(Digest::of(cookie), event).await.unwrap();
}

async fn has_session(world: &World, cookie: &str) -> bool {
    LoginSessions::find(&*world.store, Digest::of(cookie), world.clock.now())
        .await
        .unwrap()
        .is_some()
}

#[tokio::test]
async fn after_a_logout_the_tokens_of_the_session_are_inactive_and_no_others() {
    let world = World::new();
    let first = token_of(&world, &in_session(&world, "one", true)).await;
    let resumed = token_of(&world, &in_session(&world, "one", false)).await;
    let elsewhere = token_of(&world, &in_session(&world, "two", true)).await;
    let (without, _) = world.tokens(BANK).await;
    log_out(&world, "one").await;
    for (token, active) in [(first, false), (resumed, false), (elsewhere, true), (without, true)] {
        assert_eq!(world.is_active(&token).await, active);
        let for_the_gateway = world.access_tokens.introspect(&token).await.unwrap();
        assert_eq!(for_the_gateway.is_some(), active);
    }
}

#[tokio::test]
async fn a_logout_between_code_and_exchange_refuses_the_code_and_begins_nothing() {
    let world = World::new();
    let login = in_session(&world, "cookie", true);
    let code = world.issue(&login);
    log_out(&world, "cookie").await;
    let reply = world.exchange(SHOP, &code).await;
    reply.expect_error(400, "invalid_grant", "The code is invalid, expired or already used");
    assert!(!has_session(&world, "cookie").await);
}

#[tokio::test]
async fn only_the_code_of_the_authentication_begins_the_session() {
    let world = World::new();
    token_of(&world, &in_session(&world, "cookie", false)).await;
    assert!(!has_session(&world, "cookie").await);
    token_of(&world, &in_session(&world, "cookie", true)).await;
    assert!(has_session(&world, "cookie").await);
}
