//! Answers as JWT by registration (OpenID Connect Core §5.3.2).

use serde_json::json;

use crate::world::{ISSUER, PCR, World, signed_content};

const SCOPES: &str = "openid mc_identity_phonenumber";

#[tokio::test]
async fn a_signed_answer_names_issuer_and_audience() {
    let world = World::new();
    world.ports.know(json!({"phone_number": "+447700900907"}));
    let token = world.token("signed", SCOPES);
    let reply = world.premiuminfo(&token).await;
    assert_eq!(reply.header("content-type"), Some("application/jwt"));
    assert_eq!(
        signed_content(&reply.body),
        json!({"sub": PCR, "phone_number": "447700900907", "iss": ISSUER, "aud": "signed"})
    );
    let userinfo = signed_content(&world.userinfo(&token).await.body);
    assert_eq!((&userinfo["iss"], &userinfo["aud"]), (&json!(ISSUER), &json!("signed")));
    assert!(userinfo["updated_at"].is_i64());
}

#[tokio::test]
async fn an_encrypted_answer_has_the_signed_one_inside_if_there_is_one() {
    let world = World::new();
    world.ports.know(json!({"phone_number": "+447700900907"}));
    let hidden = world.premiuminfo(&world.token("hidden", SCOPES)).await;
    assert_eq!(hidden.header("content-type"), Some("application/jwt"));
    let plain = json!({"phone_number": "447700900907", "sub": PCR}).to_string();
    assert_eq!(hidden.body, format!("to hidden - {plain}"));
    let both = world.premiuminfo(&world.token("both", SCOPES)).await.body;
    let inner = both.strip_prefix("to both JWT ").unwrap();
    assert_eq!(signed_content(inner)["aud"], "both");
}

/// Errors stay readable (mobile-connect §2.9).
#[tokio::test]
async fn errors_are_never_wrapped() {
    let world = World::new();
    let token = world.token("both", "openid email");
    let reply = world.premiuminfo(&token).await;
    reply.expect_error(403, "insufficient_scope", "Insufficient scope");
}
