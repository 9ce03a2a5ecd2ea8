//! Verified MSISDN (mobile-connect §2.9).

use http::Method;
use serde_json::json;

use crate::world::{ISSUER, PCR, World, signed_content};

const NUMBER: &str = r#"{"mc_claims":{"device_msisdn":"+447700900907"}}"#;
/// The sample of the profile: SHA-256 of that number with `+`.
const HASH: &str = r#"{"mc_claims":{"device_msisdn_hash":"01a03859d1dd000bb5f648c3e97dad6a3dae5f40b9d103769a68d316bd905559"}}"#;
const INVALID: &str = "mc_claims is missing or invalid";

fn world() -> World {
    let world = World::new();
    world.ports.know(json!({"phone_number": "+447700900907"}));
    world
}

#[tokio::test]
async fn the_right_number_is_verified_and_another_is_not_at_both_addresses() {
    let world = world();
    for (client, scope) in [("bank", "mc_vm_match"), ("shop", "mc_attr_vm_match")] {
        let token = world.seamless_token(client, &format!("openid {scope}"));
        for (uri, body, verified) in [
            ("/mc_vm", NUMBER, true),
            ("/userinfo", NUMBER, true),
            ("/mc_vm", r#"{"mc_claims":{"device_msisdn":"447700900907"}}"#, true),
            ("/mc_vm", r#"{"mc_claims":{"device_msisdn":"+447700900900"}}"#, false),
        ] {
            let claims = world.post_json(uri, &token, body).await.claims();
            assert_eq!(claims, json!({"sub": PCR, "device_msisdn_verified": verified}), "{body}");
        }
    }
}

/// OpenID Connect Core §5.3.2, as for every other answer about the user.
#[tokio::test]
async fn a_client_registered_for_jwt_gets_one_at_both_addresses() {
    let world = world();
    for uri in ["/mc_vm", "/userinfo"] {
        let token = world.seamless_token("signed", "openid mc_vm_match");
        let reply = world.post_json(uri, &token, NUMBER).await;
        assert_eq!(reply.header("content-type"), Some("application/jwt"));
        assert_eq!(
            signed_content(&reply.body),
            json!({"sub": PCR, "device_msisdn_verified": true, "iss": ISSUER, "aud": "signed"})
        );
        let token = world.seamless_token("hidden", "openid mc_vm_match");
        let reply = world.post_json(uri, &token, NUMBER).await;
        assert!(reply.body.starts_with("to hidden - {"), "{reply:?}");
    }
}

#[tokio::test]
async fn a_hash_is_that_of_the_number_with_plus() {
    let world = world();
    let token = world.seamless_token("bank", "openid mc_vm_match_hash");
    let without = fiador_kernel::Digest::of("447700900907").to_hex();
    let without = format!(r#"{{"mc_claims":{{"device_msisdn_hash":"{without}"}}}}"#);
    for (body, verified) in [(HASH, true), (&*without, false)] {
        let claims = world.post_json("/mc_vm", &token, body).await.claims();
        assert_eq!(claims["device_msisdn_verified"], verified);
    }
}

/// T-172: whoever reads messages to a number need not hold the device.
#[tokio::test]
async fn a_login_without_the_networks_word_verifies_nothing() {
    let world = world();
    let token = world.token("bank", "openid mc_vm_match");
    let text = "The user was not authenticated by the mobile network";
    for uri in ["/mc_vm", "/userinfo"] {
        world.post_json(uri, &token, NUMBER).await.expect_error(403, "access_denied", text);
    }
    assert!(world.ports.questions.lock().is_empty());
}

#[tokio::test]
async fn number_and_hash_need_scopes_of_their_own_and_consent() {
    let world = world();
    let plain = world.seamless_token("bank", "openid mc_vm_match");
    let text = "Insufficient scope";
    world.post_json("/mc_vm", &plain, HASH).await.expect_error(403, "insufficient_scope", text);
    let none = world.seamless_token("shop", "openid email");
    world.post_json("/mc_vm", &none, NUMBER).await.expect_error(403, "insufficient_scope", text);
    let claims = world.post_json("/userinfo", &none, NUMBER).await.claims();
    assert!(claims.get("device_msisdn_verified").is_none(), "not a question without the scope");
    world.ports.agree("bank", fiador_kernel::ScopeSet::parse("email").unwrap());
    assert_eq!(world.post_json("/mc_vm", &plain, NUMBER).await.status, 403);
}

#[tokio::test]
async fn a_body_that_asks_for_no_number_is_refused() {
    let world = world();
    let token = world.seamless_token("plus", "openid mc_vm_match");
    for body in [
        "",
        "[]",
        "{}",
        r#"{"mc_claims":{}}"#,
        r#"{"mc_claims":{"device_msisdn":"here"}}"#,
        r#"{"mc_claims":{"device_msisdn":null}}"#,
    ] {
        let reply = world.post_json("/mc_vm", &token, body).await;
        if reply.status != 429 {
            reply.expect_error(400, "invalid_request", INVALID);
        }
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    let both = r#"{"mc_claims":{"device_msisdn":"+447700900907","device_msisdn_hash":"00"}}"#;
    world.post_json("/mc_vm", &token, both).await.expect_error(400, "invalid_request", INVALID);
    let twice = r#"{"mc_claims":{},"mc_claims":{"device_msisdn":"+447700900907"}}"#;
    let reply = world.post_json("/userinfo", &token, twice).await;
    reply.expect_error(400, "invalid_request", INVALID);
    let get = world.request(Method::GET, "/mc_vm", &[], "").await;
    assert_eq!(get.status, 405);
}

/// A number is checked, not looked for.
#[tokio::test]
async fn one_login_may_try_five_numbers() {
    let world = world();
    let token = world.seamless_token("bank", "openid mc_vm_match");
    let guess = r#"{"mc_claims":{"device_msisdn":"+447700900900"}}"#;
    for _ in 0..5 {
        world.post_json("/mc_vm", &token, guess).await.claims();
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    let reply = world.post_json("/mc_vm", &token, NUMBER).await;
    reply.expect_error(
        429,
        "temporarily_unavailable",
        "The request limit of the client is used up",
    );
}
