//! The database, the keys: gone (T-057, T-059, T-243).

use std::sync::atomic::Ordering;

use fiador_ports::{CodeError, StoreError};

use crate::world::{API, APP, BANK, ROBOT, World};

const DOWN: &str = "The service is temporarily unavailable";

#[tokio::test]
async fn without_the_database_every_endpoint_says_so_and_never_success() {
    let world = World::new();
    let (token, _) = world.tokens(BANK).await;
    let code = world.code(BANK);
    let (_, refresh_token) = world.offline_tokens(APP).await;
    let own = [("grant_type", "client_credentials")];

    world.store.is_down.store(true, Ordering::SeqCst);
    for reply in [
        world.refresh(APP, &refresh_token).await,
        world.revoke(APP, &refresh_token).await,
        world.token(ROBOT, &own).await,
        world.exchange(BANK, &code).await,
        world.introspect(BANK, &token).await,
        world.introspect(API, &token).await,
        world.revoke(BANK, &token).await,
    ] {
        reply.expect_error(503, "temporarily_unavailable", DOWN);
        assert_eq!(reply.header("retry-after"), Some("1"));
    }
    assert_eq!(world.access_tokens.introspect(&token).await, Err(StoreError::Unavailable));

    world.store.is_down.store(false, Ordering::SeqCst);
    assert_eq!(world.exchange(BANK, &code).await.status, 200, "nothing was spent");
    assert_eq!(world.refresh(APP, &refresh_token).await.status, 200, "nothing was replaced");
    assert!(world.is_active(&token).await, "nothing was ended");
}

#[tokio::test]
async fn without_the_database_cheap_refusals_stay_what_they_are() {
    let world = World::new();
    world.store.is_down.store(true, Ordering::SeqCst);
    assert_eq!(world.exchange(BANK, "unknown").await.status, 400);
    assert_eq!(world.introspect(BANK, "unknown").await.body, r#"{"active":false}"#);
    assert_eq!(world.revoke(BANK, "unknown").await.status, 200);
}

#[tokio::test]
async fn without_keys_no_code_is_made_and_the_exchange_is_our_error_but_spends_nothing() {
    let world = World::new();
    let code = world.code(BANK);
    for broken in [&world.keys.signing_is_broken, &world.keys.sealing_is_broken] {
        broken.store(true, Ordering::SeqCst);
        let reply = world.exchange(BANK, &code).await;
        reply.expect_error(500, "server_error", "Internal Server Error");
        assert!(world.store.redemptions().is_empty());
        broken.store(false, Ordering::SeqCst);
    }
    world.keys.sealing_is_broken.store(true, Ordering::SeqCst);
    assert_eq!(world.codes.issue_code(&world.login(BANK)), Err(CodeError::NoKey));
    world.keys.sealing_is_broken.store(false, Ordering::SeqCst);
    assert_eq!(world.exchange(BANK, &code).await.status, 200);
}
