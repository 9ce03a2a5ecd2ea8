//! What a token is worth, and to whom (RFC 7662, T-056, T-058).

use std::time::Duration;

use fiador_jose::{Algorithm, ExpectTyp};
use fiador_kernel::Clock;
use fiador_ports::Signer;
use fiador_wire_oauth::introspection::JWT_MEDIA_TYPE;
use serde_json::json;

use crate::world::{API, BANK, ISSUER, SHOP, World, verified_as};

const INACTIVE: &str = r#"{"active":false}"#;

#[tokio::test]
async fn the_owner_and_the_resource_server_see_a_living_token() {
    let world = World::new();
    let (token, _) = world.tokens(BANK).await;
    let subject = world.access_tokens.introspect(&token).await.unwrap().unwrap().pcr;
    let now = world.clock.now().as_seconds();
    for caller in [BANK, API] {
        let reply = world.introspect(caller, &token).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(
            reply.json(),
            json!({
                "active": true,
                "scope": "mc_authn openid",
                "client_id": BANK.id,
                "token_type": "Bearer",
                "exp": now + 600,
                "iat": now,
                "sub": subject.as_str(),
                "iss": ISSUER,
            })
        );
    }
}

/// T-058: the same bytes, and for a foreign token not even a look into the database.
#[tokio::test]
async fn unknown_foreign_expired_and_revoked_tokens_look_the_same() {
    let world = World::new();
    let (foreign, _) = world.tokens(SHOP).await;
    let (revoked, _) = world.tokens(BANK).await;
    assert_eq!(world.revoke(BANK, &revoked).await.status, 200);
    let reads = world.store.reads();
    for token in [&*foreign, "unknown", "", &"x".repeat(4096)].into_iter().filter(|t| !t.is_empty())
    {
        assert_eq!(world.introspect(BANK, token).await.body, INACTIVE);
    }
    assert_eq!(world.store.reads(), reads);
    assert_eq!(world.introspect(BANK, &revoked).await.body, INACTIVE);

    let (expired, _) = world.tokens(BANK).await;
    world.clock.advance(Duration::from_mins(10));
    for caller in [BANK, API] {
        let reply = world.introspect(caller, &expired).await;
        assert_eq!((reply.status, &*reply.body), (200, INACTIVE));
    }
}

#[tokio::test]
async fn a_token_lives_for_ten_minutes_and_no_longer() {
    let world = World::new();
    let (token, _) = world.tokens(BANK).await;
    world.clock.advance(Duration::from_micros(599_999_999));
    assert!(world.is_active(&token).await);
    world.clock.advance(Duration::from_micros(1));
    assert!(!world.is_active(&token).await);
    assert_eq!(world.access_tokens.introspect(&token).await, Ok(None));
}

/// T-054.
#[tokio::test]
async fn an_altered_token_is_inactive() {
    let world = World::new();
    let (token, _) = world.tokens(BANK).await;
    for at in 0..token.len() {
        let mut altered = token.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        assert_eq!(world.introspect(BANK, &altered).await.body, INACTIVE, "character {at}");
    }
    for altered in [&token[1..], &token[..token.len() - 1], &format!("{token}A")] {
        assert_eq!(world.introspect(BANK, altered).await.body, INACTIVE);
    }
}

/// RFC 9701 §5.
#[tokio::test]
async fn whoever_asks_for_a_jwt_gets_the_answer_signed_for_itself_alone() {
    let world = World::new();
    let (token, _) = world.tokens(BANK).await;
    let plain = world.introspect_accepting(API, None, &token).await.json();
    for (token, answer) in [(&*token, plain), ("unknown", json!({ "active": false }))] {
        let reply = world
            .introspect_accepting(
                API,
                Some("application/json, Application/Token-Introspection+JWT"),
                token,
            )
            .await;
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(JWT_MEDIA_TYPE)));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let typ = ExpectTyp::Exactly("token-introspection+jwt");
        let claims = verified_as(typ, &reply.body, Algorithm::Rs256);
        let expected = json!({
            "iss": ISSUER,
            "aud": API.id,
            "iat": world.clock.now().as_seconds(),
            "token_introspection": answer,
        });
        assert_eq!(claims, expected);
    }
}

/// T-064: it is no ID Token and no access token.
#[tokio::test]
async fn an_answer_as_a_jwt_is_not_accepted_as_anything_else() {
    let world = World::new();
    let (token, _) = world.tokens(BANK).await;
    let answer = world.introspect_as_jwt(API, &token).await.body;
    assert!(world.keys.verify_own(&answer).is_none(), "not an id_token_hint");
    assert!(!world.is_active(&answer).await);
    assert_eq!(world.revoke(API, &answer).await.body, "{}");
}

#[tokio::test]
async fn nobody_gets_a_jwt_who_does_not_want_one() {
    let world = World::new();
    let (token, _) = world.tokens(BANK).await;
    for accept in [
        None,
        Some("*/*"),
        Some("application/jwt"),
        Some("application/token-introspection+jwt;q=0"),
    ] {
        let reply = world.introspect_accepting(API, accept, &token).await;
        assert_eq!(reply.header("content-type"), Some("application/json"), "{accept:?}");
    }
}
