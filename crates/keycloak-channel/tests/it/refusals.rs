//! Requests that nobody is asked for.

use axum::body::Body;
use fiador_domain::routing::Unserved;
use fiador_jose::{Algorithm, SigningKey};
use fiador_testkit::{jwt_mutations, share};
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::world::{NUMBER, REALM, REALM_KEY, World, body, sign};

async fn refused_with(world: &World, token: &str, request: &Value) -> StatusCode {
    let status = world.ask_with(token, request).await;
    assert_ne!(status, StatusCode::CREATED, "{request}");
    status
}

#[tokio::test]
async fn no_forged_token_asks_anybody_large_set() {
    let world = World::new();
    let good = sign(&world.claims());
    let public = serde_json::to_vec(REALM_KEY.public_jwk()).unwrap();
    for mutation in share::of(jwt_mutations(&good, &[&public]).unwrap(), 5) {
        // What no header can carry never arrives.
        if mutation.token.bytes().all(|b| b.is_ascii_graphic()) {
            let status = world.ask_with(&mutation.token, &body(NUMBER)).await;
            assert_ne!(status, StatusCode::CREATED, "{}", mutation.what);
        }
    }
    let other = SigningKey::generate(Algorithm::Es256).unwrap();
    let other = other.sign_compact(Some("JWT"), &world.claims()).unwrap();
    assert_eq!(refused_with(&world, &other, &body(NUMBER)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.ask_with(&good, &body(NUMBER)).await, StatusCode::CREATED);
}

#[tokio::test]
async fn no_token_with_a_wrong_claim_asks_anybody() {
    let world = World::new();
    for (name, value) in [
        ("iss", json!("https://keycloak.example/realms/other")),
        ("aud", json!("shop")),
        ("aud", json!([])),
        ("aud", json!(null)),
        ("typ", json!("ID")),
        ("typ", json!(null)),
        ("exp", json!(1)),
        ("exp", json!("x")),
        // Nobody could answer, or it is no token of a request.
        ("exp", json!(1_767_225_600 + 29)),
        ("exp", json!(1_767_225_600 + 3601)),
        ("aud", json!([REALM, "account"])),
        // Somebody's access token.
        ("sid", json!("s-1")),
        ("session_state", json!("s-1")),
        ("scope", json!("openid")),
        ("jti", json!("")),
        ("azp", json!(null)),
    ] {
        let mut claims = world.claims();
        claims[name] = value.clone();
        let status = refused_with(&world, &sign(&claims), &body(NUMBER)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{name}: {value}");
    }
    let mut claims = world.claims();
    for unknown in ["stranger", "closed", "gone", "acme-shop"] {
        claims["azp"] = json!(unknown);
        let status = refused_with(&world, &sign(&claims), &body(NUMBER)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{unknown}");
    }
    claims["azp"] = json!("shop");
    claims["aud"] = json!([REALM]);
    assert_eq!(world.ask_with(&sign(&claims), &body(NUMBER)).await, StatusCode::CREATED);
}

#[tokio::test]
async fn a_token_asks_once() {
    let world = World::new();
    let (token, status) = world.ask(NUMBER).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(refused_with(&world, &token, &body(NUMBER)).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_request_says_whom_and_what_to_choose() {
    let world = World::new();
    for (name, value) in [
        ("login_hint", json!("ann")),
        ("login_hint", json!(null)),
        ("binding_message", json!(null)),
        ("binding_message", json!("Pay 10 euros")),
        ("consent_required", json!(true)),
        ("acr_values", json!("gold")),
    ] {
        let mut request = body(NUMBER);
        request[name] = value.clone();
        let status = refused_with(&world, &sign(&world.claims()), &request).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name}: {value}");
    }
    for text in ["", "[]", "{", "{\"login_hint\":\"1\",\"login_hint\":\"2\"}"] {
        let request = Request::post("/keycloak/bank/authenticate")
            .header("authorization", format!("Bearer {}", sign(&world.claims())))
            .body(Body::from(text));
        assert_eq!(world.send(request.unwrap()).await.0, StatusCode::BAD_REQUEST, "{text}");
    }
    let long = Request::post("/keycloak/bank/authenticate")
        .header("authorization", format!("Bearer {}", sign(&world.claims())))
        .body(Body::from("x".repeat(17 * 1024)));
    assert_eq!(world.send(long.unwrap()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn without_a_token_or_an_authenticator_nothing_begins() {
    let world = World::new();
    for header in [None, Some("Basic YTpi"), Some("Bearer"), Some("Bearer x")] {
        let mut request = Request::post("/keycloak/bank/authenticate");
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let request = request.body(Body::from(body(NUMBER).to_string())).unwrap();
        let (status, said) = world.send(request).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{header:?}");
        assert!(said.contains("channel.token_invalid"), "{said}");
    }
    *world.phone.unserved.lock() = Some(Unserved::LevelUnreachable);
    let (_, status) = world.ask(NUMBER).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}
