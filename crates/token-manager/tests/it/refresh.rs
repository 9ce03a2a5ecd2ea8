//! Refresh tokens (RFC 6749 §6, OpenID Connect Core §12, T-050 to T-056).

use std::time::Duration;

use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    refresh::{ABSOLUTE, IDLE},
    token::CodeContent,
};
use fiador_jose::Algorithm;
use fiador_kernel::{Clock, Digest, ScopeSet};
use fiador_ports::{Consents, LoginSessions, Revocations};
use serde_json::json;

use crate::world::{APP, BANK, Holder, ISSUER, ROBOT, Reply, SHOP, TWIN, World, verified_claims};

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

#[tokio::test]
async fn a_refresh_token_is_no_access_token() {
    let world = World::new();
    let (_, token) = world.offline_tokens(SHOP).await;
    for holder in [SHOP, crate::world::API] {
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
