//! A client ends what it holds (RFC 7009, T-056).

use std::time::Duration;

use fiador_domain::audit::AuditKind;

use crate::world::{APP, BANK, SHOP, World};

#[tokio::test]
async fn a_revoked_token_is_dead_everywhere_when_the_answer_is_there() {
    let world = World::new();
    for holder in [BANK, APP] {
        let (token, _) = world.tokens(holder).await;
        let reply = world.revoke(holder, &token).await;
        assert_eq!((reply.status, &*reply.body), (200, "{}"), "the Java SDK needs a body");
        assert!(!world.is_active(&token).await);
        assert_eq!(world.access_tokens.introspect(&token).await, Ok(None));
        assert_eq!(world.store.audit().last().unwrap().0, AuditKind::GrantRevoked);
    }
}

/// RFC 7009 §2.1: whatever the hint says.
#[tokio::test]
async fn the_hint_makes_no_difference() {
    let world = World::new();
    for hint in ["access_token", "refresh_token", "nonsense"] {
        let (token, _) = world.tokens(BANK).await;
        let form = [("token", &*token), ("token_type_hint", hint)];
        assert_eq!(world.post("/revoke", Some(BANK), &form).await.status, 200);
        assert!(!world.is_active(&token).await);
    }
}

#[tokio::test]
async fn what_is_unknown_foreign_or_expired_is_answered_alike_and_left_alone() {
    let world = World::new();
    let (foreign, _) = world.tokens(SHOP).await;
    let (expired, _) = world.tokens(BANK).await;
    let before = world.store.audit().len();
    for token in [&*foreign, "unknown"] {
        let reply = world.revoke(BANK, token).await;
        assert_eq!((reply.status, &*reply.body), (200, "{}"));
    }
    assert!(world.is_active(&foreign).await);
    world.clock.advance(Duration::from_mins(10));
    assert_eq!(world.revoke(BANK, &expired).await.body, "{}");
    assert_eq!(world.store.audit().len(), before, "nothing was written");
}

#[tokio::test]
async fn revoking_twice_is_no_error() {
    let world = World::new();
    let (token, _) = world.tokens(BANK).await;
    for _ in 0..2 {
        assert_eq!(world.revoke(BANK, &token).await.status, 200);
    }
}
