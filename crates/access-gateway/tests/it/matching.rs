//! KYC match: the service provider's values against the operator's (mobile-connect §2.9).

use fiador_kernel::{Digest, ScopeSet};
use fiador_ports::Attribution;
use serde_json::{Value, json};

use crate::world::{PCR, World, attributes};

const PLAIN: &str = "openid mc_kyc_plain";

fn values() -> Value {
    json!({
        "given_name": "ANN", "family_name": "Leigh", "houseno_or_housename": "1",
        "postal_code": "ec4n8af", "town": "London", "country": "GB", "birthdate": "1990-01-31",
    })
}

fn known() -> Value {
    json!({
        "given_name": "Ann", "family_name": "Lee", "postal_code": "EC4N 8AF", "town": "London",
        "country": "GB", "birthdate": "1990-01-31", "is_lost_stolen": false,
        "billing_segment": "PAYG", "account_state": "active",
    })
}

#[tokio::test]
async fn each_value_is_echoed_with_its_verdict_and_no_value_of_ours_leaves() {
    let world = World::new();
    world.ports.know(known());
    let token = world.asking_token("bank", PLAIN, &[], &values());
    assert_eq!(
        world.premiuminfo(&token).await.claims(),
        json!({
            "sub": PCR,
            "given_name": "ANN", "given_name_match": "Y",
            "family_name": "Leigh", "family_name_match": "N-AV",
            "houseno_or_housename": "1", "houseno_or_housename_match": "N-NA",
            "postal_code": "ec4n8af", "postal_code_match": "Y",
            "town": "London", "town_match": "Y",
            "country": "GB", "country_match": "Y",
            "birthdate": "1990-01-31", "birthdate_match": "N-AD",
            "is_lost_stolen": false, "billing_segment": "PAYG", "account_state": "active",
        })
    );
}

/// T-200: what a market does not compare is not even asked for.
#[tokio::test]
async fn sources_are_asked_for_what_is_compared_alone() {
    let world = World::new();
    let token = world.asking_token("bank", PLAIN, &[], &values());
    world.premiuminfo(&token).await.claims();
    let questions = world.ports.questions.lock();
    let asked = &questions[0].claims;
    assert!(asked.contains(&"given_name") && asked.contains(&"town"), "{asked:?}");
    assert!(!asked.contains(&"birthdate") && !asked.contains(&"email"), "{asked:?}");
}

#[tokio::test]
async fn hashed_values_are_compared_with_the_hash_of_the_normal_form() {
    let world = World::new();
    world.ports.know(json!({
        "given_name": "Ann", "family_name": "Lee", "houseno_or_housename": "1",
        "postal_code": "EC4N 8AF",
    }));
    let (name, address) = (Digest::of("annlee").to_hex(), Digest::of("1ec4n8af").to_hex());
    let values = json!({"name_hashed": name, "address_hash": address});
    let token = world.asking_token("bank", "openid mc_kyc_hashed", &[], &values);
    assert_eq!(
        world.premiuminfo(&token).await.claims(),
        json!({
            "sub": PCR, "name_hashed": name, "name_match": "Y",
            "address_hash": address, "address_match": "Y",
        })
    );
}

#[tokio::test]
async fn a_form_that_the_user_did_not_agree_to_is_denied_t_049() {
    let world = World::new();
    world.ports.know(known());
    let mut all = values();
    all["name_hash"] = Digest::of("annlee").to_hex().into();
    all["address_hash"] = Digest::of("1ec4n8af").to_hex().into();
    let token = world.asking_token("bank", "openid mc_kyc_plain mc_kyc_hashed", &[], &all);
    world.ports.agree("bank", ScopeSet::parse("mc_kyc_plain").unwrap());
    let claims = world.premiuminfo(&token).await.claims();
    assert_eq!((&claims["given_name_match"], &claims["name_match"]), (&json!("Y"), &json!("N-AD")));
    world.ports.agree("bank", ScopeSet::parse("email").unwrap());
    assert_eq!(world.premiuminfo(&token).await.status, 403);
}

/// T-202.
#[tokio::test]
async fn what_a_silent_source_may_know_is_left_out_and_the_answer_marked() {
    let world = World::new();
    let token = world.asking_token("bank", PLAIN, &[], &values());
    let known = attributes(json!({"given_name": "Ann"}));
    world.ports.answer_with(Ok(Attribution { attributes: known, partial: true }));
    let reply = world.premiuminfo(&token).await;
    assert_eq!(reply.header("fiador-partial"), Some("?1"));
    let claims = reply.claims();
    assert_eq!(claims["given_name_match"], "Y");
    assert!(claims.get("town_match").is_none());
}

#[tokio::test]
async fn values_that_cannot_be_opened_are_a_failure_and_not_an_absence() {
    let world = World::new();
    let token = world.asking_token("bank", PLAIN, &[], &values());
    *world.ports.kept.lock() = Some(b"damaged".to_vec());
    assert_eq!(world.premiuminfo(&token).await.status, 503);
    *world.ports.kept.lock() = None;
    let claims = world.premiuminfo(&token).await.claims();
    assert_eq!(claims, json!({"sub": PCR}), "the row expired with its tokens");
}
