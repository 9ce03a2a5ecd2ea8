//! What leaves when all is well (OpenID Connect Core §5.3, mobile-connect §2.9).

use fiador_kernel::Clock;
use fiador_ports::Attribution;
use http::Method;
use serde_json::json;

use crate::world::{PCR, World, attributes};

#[tokio::test]
async fn userinfo_of_a_bare_login_has_the_subject_and_asks_nobody() {
    let world = World::new();
    let token = world.token("bank", "openid mc_authn");
    let updated_at = world.clock.now().as_seconds();
    let claims = world.userinfo(&token).await.claims();
    assert_eq!(claims, json!({"sub": PCR, "updated_at": updated_at}));
    assert!(world.ports.questions.lock().is_empty());
}

/// T-200, T-204.
#[tokio::test]
async fn the_data_gateway_is_asked_for_the_granted_claims_alone_and_for_a_moment() {
    let world = World::new();
    let token = world.token("bank", "openid email phone mc_identity_signup");
    world.userinfo(&token).await.claims();
    let questions = world.ports.questions.lock();
    let [question] = questions.as_slice() else { panic!("{questions:?}") };
    let claims = ["email", "email_verified", "phone_number", "phone_number_verified"];
    assert_eq!(question.claims, claims);
    assert_eq!(question.subscriber.as_str(), "subscriber");
    let life = question.expires_at.since(world.clock.now());
    assert!(life.as_secs() > 0 && life.as_secs() <= 60);
}

#[tokio::test]
async fn userinfo_gives_what_is_known_and_a_number_with_plus() {
    let world = World::new();
    world.ports.know(json!({
        "email": "ann@example.org",
        "email_verified": true,
        "phone_number": "+447700900907",
        "phone_number_verified": true,
    }));
    let token = world.token("bank", "openid email phone");
    let updated_at = world.clock.now().as_seconds();
    assert_eq!(
        world.userinfo(&token).await.claims(),
        json!({
            "sub": PCR,
            "email": "ann@example.org",
            "email_verified": true,
            "phone_number": "+447700900907",
            "phone_number_verified": true,
            "updated_at": updated_at,
        })
    );
}

#[tokio::test]
async fn the_time_that_a_source_knows_is_the_one_reported() {
    let world = World::new();
    world.ports.know(json!({"updated_at": 1_700_000_000}));
    let token = world.token("bank", "openid profile");
    assert_eq!(world.userinfo(&token).await.claims()["updated_at"], 1_700_000_000);
}

/// mobile-connect §2.9: digits by default, `+` by registration; nothing beside the product.
#[tokio::test]
async fn premiuminfo_writes_the_number_as_the_client_is_registered_for() {
    let world = World::new();
    world.ports.know(json!({"phone_number": "+447700900907"}));
    for (client, number) in [("bank", "447700900907"), ("plus", "+447700900907")] {
        // What the product is called up to 2.3 and in 3.0.
        for scope in ["mc_identity_phonenumber", "mc_phonenumber"] {
            let token = world.token(client, &format!("openid {scope}"));
            let claims = world.premiuminfo(&token).await.claims();
            assert_eq!(claims, json!({"sub": PCR, "phone_number": number}));
        }
    }
}

/// The hash is of the number as the client gets it, and a scope for the number itself wins.
#[tokio::test]
async fn premiuminfo_gives_the_number_as_a_hash_to_the_hashed_scope() {
    let world = World::new();
    world.ports.know(json!({"phone_number": "+447700900907"}));
    for (client, number) in [("bank", "447700900907"), ("plus", "+447700900907")] {
        let token = world.token(client, "openid mc_identity_phonenumber_hashed");
        let hash = fiador_kernel::Digest::of(number).to_hex();
        let claims = world.premiuminfo(&token).await.claims();
        assert_eq!(claims, json!({"sub": PCR, "phone_number": hash}));
    }
    let both = "openid mc_identity_phonenumber mc_identity_phonenumber_hashed";
    let token = world.token("bank", both);
    assert_eq!(world.premiuminfo(&token).await.claims()["phone_number"], "447700900907");
}

/// Clients of the Indian market read the hash there (mobile-connect §2.9).
#[tokio::test]
async fn userinfo_gives_the_number_as_a_hash_to_a_validation_of_it() {
    let world = World::new();
    world.ports.know(json!({"phone_number": "+447700900907"}));
    let token = world.token("bank", "openid mc_mnv_validate_plus");
    let claims = world.userinfo(&token).await.claims();
    assert_eq!(claims["phone_number"], fiador_kernel::Digest::of("447700900907").to_hex());
    let token = world.token("bank", "openid phone mc_mnv_validate_plus");
    assert_eq!(world.userinfo(&token).await.claims()["phone_number"], "+447700900907");
}

#[tokio::test]
async fn both_resources_answer_get_and_post_alike() {
    let world = World::new();
    let token = world.token("bank", "openid mc_identity_phonenumber");
    for uri in ["/userinfo", "/premiuminfo"] {
        let bearer = [("authorization", &*format!("Bearer {token}"))];
        let get = world.request(Method::GET, uri, &bearer, "").await;
        let post = world.request(Method::POST, uri, &bearer, "").await;
        assert_eq!((get.status, get.body), (post.status, post.body));
    }
    assert_eq!(world.request(Method::PUT, "/userinfo", &[], "").await.status, 405);
}

/// T-201: whatever comes back, the subject and the issuer are ours.
#[tokio::test]
async fn a_source_cannot_name_another_subject_nor_anything_that_was_not_asked() {
    let world = World::new();
    world.ports.know(json!({
        "sub": "another", "iss": "https://evil.example", "aud": "x", "acr": "4", "error": "x",
        "phone_number": "+447700900907", "email": "ann@example.org",
    }));
    let token = world.token("bank", "openid email");
    let updated_at = world.clock.now().as_seconds();
    assert_eq!(
        world.userinfo(&token).await.claims(),
        json!({"sub": PCR, "email": "ann@example.org", "updated_at": updated_at})
    );
}

/// mobile-connect §2.9 and §6.1: never null, never blank, no member named `error` at any depth.
#[tokio::test]
async fn null_blank_and_error_members_never_leave() {
    let world = World::new();
    world.ports.know(json!({
        "email": "", "name": null, "nickname": "  ",
        "address": {"country": "GB", "locality": "", "error": "x"},
    }));
    let token = world.token("bank", "openid profile email address");
    let reply = world.userinfo(&token).await;
    let claims = reply.claims();
    assert_eq!(claims["address"], json!({"country": "GB"}));
    assert_eq!(claims.as_object().unwrap().len(), 3, "{claims}");
    assert!(!reply.body.contains("error"));
}

/// T-202: marked, and nothing is made up for what is missing.
#[tokio::test]
async fn a_partial_answer_is_marked() {
    let world = World::new();
    let token = world.token("bank", "openid email phone");
    assert_eq!(world.userinfo(&token).await.header("fiador-partial"), None);
    let known = attributes(json!({"email": "ann@example.org"}));
    world.ports.answer_with(Ok(Attribution { attributes: known, partial: true }));
    let reply = world.userinfo(&token).await;
    assert_eq!(reply.header("fiador-partial"), Some("?1"));
    let claims = reply.claims();
    assert_eq!(claims["email"], "ann@example.org");
    assert!(claims.get("phone_number").is_none());
}
