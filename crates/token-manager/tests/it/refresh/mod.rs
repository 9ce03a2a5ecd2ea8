//! Refresh tokens (RFC 6749 §6, OpenID Connect Core §12, T-050 to T-056).

mod ends;

use std::time::Duration;

use fiador_domain::{audit::AuditKind, token::CodeContent};
use fiador_jose::Algorithm;
use fiador_kernel::{Clock, ScopeSet};
use serde_json::json;

use crate::world::{API, APP, BANK, Holder, ISSUER, ROBOT, Reply, SHOP, World, verified_claims};

const BAD_TOKEN: &str = "The refresh_token is invalid, expired or already used";

#[track_caller]
fn expect_refused(reply: &Reply) {
    reply.expect_error(400, "invalid_grant", BAD_TOKEN);
}

#[track_caller]
fn text(reply: &Reply, name: &str) -> String {
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()[name].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_refresh_gives_a_new_access_token_about_the_same_subscriber() {
    let world = World::new();
    for holder in [SHOP, APP, ROBOT] {
        let (first, refresh_token) = world.offline_tokens(holder).await;
        world.clock.advance(Duration::from_mins(30));
        let reply = world.refresh(holder, &refresh_token).await;
        let second = text(&reply, "access_token");
        let json = reply.json();
        assert_eq!((&json["token_type"], &json["expires_in"]), (&json!("Bearer"), &json!(600)));
        assert_eq!(json["scope"], "offline_access openid");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert!(!world.is_active(&first).await && world.is_active(&second).await);
        let about = world.access_tokens.introspect(&second).await.unwrap().unwrap();
        assert_eq!(about.subscriber, world.login(holder).subscriber);
        assert!(about.amr.is_empty(), "the login is no longer fresh");
    }
}

/// OpenID Connect Core §12.2.
#[tokio::test]
async fn the_id_token_of_a_refresh_tells_of_the_same_login_and_carries_no_nonce() {
    let world = World::new();
    let login = world.offline_login(ROBOT);
    let first = world.exchange(ROBOT, &world.issue(&login)).await;
    let before = verified_claims(&text(&first, "id_token"), Algorithm::Rs256);
    world.clock.advance(Duration::from_hours(5));
    let reply = world.refresh(ROBOT, &text(&first, "refresh_token")).await;
    let after = verified_claims(&text(&reply, "id_token"), Algorithm::Rs256);
    for same in ["iss", "sub", "aud", "azp", "auth_time", "acr", "amr"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert_eq!(
        (&after["iss"], &after["iat"]),
        (&json!(ISSUER), &json!(world.clock.now().as_seconds()))
    );
    assert_ne!(after["at_hash"], before["at_hash"]);
    assert!(before.get("nonce").is_some() && after.get("nonce").is_none());
}

#[tokio::test]
async fn a_refresh_token_needs_the_scope_and_the_grant_type() {
    let world = World::new();
    let without_scope = world.exchange(SHOP, &world.code(SHOP)).await;
    assert!(without_scope.json().get("refresh_token").is_none());
    let without_grant = world.exchange(BANK, &world.issue(&world.offline_login(BANK))).await;
    assert_eq!(without_grant.status, 200);
    assert!(without_grant.json().get("refresh_token").is_none());
    assert!(world.store.redemptions().iter().all(|redemption| redemption.refresh.is_none()));
}

/// T-050.
#[tokio::test]
async fn the_token_of_a_confidential_client_stays_and_that_of_a_public_one_is_replaced() {
    let world = World::new();
    for holder in [SHOP, ROBOT] {
        let (_, refresh_token) = world.offline_tokens(holder).await;
        for _ in 0..3 {
            let again = text(&world.refresh(holder, &refresh_token).await, "refresh_token");
            assert_eq!(again, refresh_token);
        }
    }
    let (_, mut refresh_token) = world.offline_tokens(APP).await;
    for _ in 0..3 {
        let next = text(&world.refresh(APP, &refresh_token).await, "refresh_token");
        assert_ne!(next, refresh_token);
        refresh_token = next;
    }
}

/// T-051.
#[tokio::test]
async fn a_retry_within_thirty_seconds_gets_the_same_successor_and_there_is_never_a_second() {
    let world = World::new();
    let (_, first) = world.offline_tokens(APP).await;
    let second = text(&world.refresh(APP, &first).await, "refresh_token");
    world.clock.advance(Duration::from_micros(29_999_999));
    assert_eq!(text(&world.refresh(APP, &first).await, "refresh_token"), second);
    let third = text(&world.refresh(APP, &second).await, "refresh_token");
    assert_ne!(third, second);
    assert_eq!(text(&world.refresh(APP, &second).await, "refresh_token"), third);
}

/// T-051: whoever sends the same token at the same time gets the same successor.
#[tokio::test]
async fn parallel_refreshes_agree_on_one_successor() {
    let world = World::new();
    let (_, first) = world.offline_tokens(APP).await;
    let (a, b, c, d) = tokio::join!(
        world.refresh(APP, &first),
        world.refresh(APP, &first),
        world.refresh(APP, &first),
        world.refresh(APP, &first),
    );
    let successors: Vec<String> = [a, b, c, d].iter().map(|r| text(r, "refresh_token")).collect();
    assert!(successors.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(world.refresh(APP, &successors[0]).await.status, 200);
}

async fn with_phone(world: &World, holder: Holder) -> String {
    let login = CodeContent {
        scopes: ScopeSet::parse("openid phone offline_access").unwrap(),
        consented: Some(ScopeSet::parse("phone offline_access").unwrap()),
        ..world.login(holder)
    };
    text(&world.exchange(holder, &world.issue(&login)).await, "refresh_token")
}

/// T-053, RFC 6749 §6.
#[tokio::test]
async fn scopes_can_shrink_for_one_access_token_and_never_grow() {
    let world = World::new();
    let token = with_phone(&world, SHOP).await;
    let narrow =
        |scope| [("grant_type", "refresh_token"), ("refresh_token", &*token), ("scope", scope)];
    let reply = world.token(SHOP, &narrow("phone")).await;
    assert_eq!(text(&reply, "scope"), "phone");
    assert!(reply.json().get("id_token").is_none(), "without openid");
    for wider in ["phone email", "openid phone offline_access mc_authn", "\"", "unknown"] {
        let reply = world.token(SHOP, &narrow(wider)).await;
        reply.expect_error(400, "invalid_scope", "The scope value is invalid");
    }
    assert_eq!(text(&world.refresh(SHOP, &token).await, "scope"), "offline_access openid phone");
}

/// T-052: a consent to an older text, or a scope that the client has lost, takes only itself away.
#[tokio::test]
async fn a_scope_without_consent_is_left_out() {
    let world = World::new();
    let login = CodeContent {
        scopes: ScopeSet::parse("openid phone offline_access mc_authn").unwrap(),
        ..world.offline_login(SHOP)
    };
    let token = text(&world.exchange(SHOP, &world.issue(&login)).await, "refresh_token");
    let reply = world.refresh(SHOP, &token).await;
    assert_eq!(text(&reply, "scope"), "offline_access openid");
}

#[tokio::test]
async fn a_refresh_token_is_no_access_token() {
    let world = World::new();
    let (_, token) = world.offline_tokens(SHOP).await;
    for holder in [SHOP, API] {
        assert_eq!(world.introspect(holder, &token).await.body, r#"{"active":false}"#);
    }
    assert_eq!(world.access_tokens.introspect(&token).await, Ok(None));
}

/// Design §4: a refresh is one durable commit, and one that is refused is none.
#[tokio::test]
async fn a_refresh_writes_once() {
    let world = World::new();
    let (_, token) = world.offline_tokens(APP).await;
    let before = world.store.writes();
    let next = text(&world.refresh(APP, &token).await, "refresh_token");
    assert_eq!(world.store.writes(), before + 1);
    assert_eq!(world.store.audit().last().unwrap().0, AuditKind::TokensRefreshed);
    for bad in ["x", &next[..60], &"A".repeat(64)] {
        expect_refused(&world.refresh(APP, bad).await);
    }
    assert_eq!(world.store.writes(), before + 1);
}
