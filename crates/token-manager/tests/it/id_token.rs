//! The ID Token, claim by claim (mobile-connect §2.8).

use std::time::Duration;

use fiador_jose::{Algorithm, base64url};
use fiador_kernel::{Clock, Digest, Loa, Pcr, ScopeSet};
use fiador_wire_oauth::id_token::{at_hash, hashed_login_hint};
use serde_json::json;

use crate::world::{BANK, ISSUER, SHOP, World, verified_claims};

#[tokio::test]
async fn a_mobile_connect_client_gets_every_claim_of_its_profile() {
    let world = World::new();
    let mut login = world.login(BANK);
    login.displayed_data = Some("Acme Shop: pay 5 EUR".to_owned());
    world.clock.advance(Duration::from_secs(10));
    let reply = world.exchange(BANK, &world.issue(&login)).await.json();
    let access_token = reply["access_token"].as_str().unwrap();
    let claims = verified_claims(reply["id_token"].as_str().unwrap(), Algorithm::Rs256);
    let now = world.clock.now().as_seconds();
    assert!(Pcr::parse(claims["sub"].as_str().unwrap()).is_some());
    assert_eq!(
        claims,
        json!({
            "iss": ISSUER,
            "sub": claims["sub"],
            "aud": [BANK.id],
            "azp": BANK.id,
            "exp": now + 600,
            "iat": now,
            "auth_time": now - 10,
            "nonce": "878aacd7-83f1-4b4f-9582-7347b0a6fa62",
            "at_hash": at_hash(access_token),
            "acr": "2",
            "amr": ["OTP_OK"],
            "hashed_login_hint": hashed_login_hint("MSISDN:447700900907"),
            "displayed_data": "Acme Shop: pay 5 EUR",
        })
    );
}

#[tokio::test]
async fn an_oidc_client_gets_the_standard_claims_and_names() {
    let world = World::new();
    let (_, id_token) = world.tokens(SHOP).await;
    let claims = verified_claims(&id_token, Algorithm::Es256);
    assert_eq!(claims["amr"], json!(["otp", "sms"]));
    assert!(claims.get("hashed_login_hint").is_none() && claims.get("sid").is_none());
}

/// `hashed_login_hint` without a hint must not let a service provider find the number.
#[tokio::test]
async fn without_a_hint_the_pseudonym_is_hashed() {
    let world = World::new();
    let mut login = world.login(BANK);
    login.hashed_login_hint = None;
    let reply = world.exchange(BANK, &world.issue(&login)).await.json();
    let claims = verified_claims(reply["id_token"].as_str().unwrap(), Algorithm::Rs256);
    let expected = hashed_login_hint(&format!("PCR:{}", claims["sub"].as_str().unwrap()));
    assert_eq!(claims["hashed_login_hint"], expected);
}

#[tokio::test]
async fn what_was_not_sent_is_left_out_and_the_level_is_the_one_reached() {
    let world = World::new();
    let mut login = world.login(SHOP);
    (login.nonce, login.acr, login.level) = (None, None, Loa::Two);
    let reply = world.exchange(SHOP, &world.issue(&login)).await.json();
    let claims = verified_claims(reply["id_token"].as_str().unwrap(), Algorithm::Es256);
    assert!(claims.get("nonce").is_none() && claims.get("displayed_data").is_none());
    assert_eq!(claims["acr"], "2");
}

/// mobile-connect, "Decided": the level that was asked for, not the higher one that was reached.
#[tokio::test]
async fn the_level_reported_is_the_one_that_the_journey_decided() {
    let world = World::new();
    let mut login = world.login(BANK);
    (login.acr, login.level) = (Some(Loa::Two), Loa::Three);
    let reply = world.exchange(BANK, &world.issue(&login)).await.json();
    let claims = verified_claims(reply["id_token"].as_str().unwrap(), Algorithm::Rs256);
    assert_eq!(claims["acr"], "2");
}

/// The GSMA Java SDK looks for the nonce with a pattern that allows no space.
#[tokio::test]
async fn the_payload_is_compact_and_the_header_says_what_it_is() {
    let world = World::new();
    for (holder, algorithm) in [(BANK, "RS256"), (SHOP, "ES256")] {
        let (_, id_token) = world.tokens(holder).await;
        let mut parts = id_token.split('.').map(|part| base64url::decode(part).unwrap());
        let header: serde_json::Value = serde_json::from_slice(&parts.next().unwrap()).unwrap();
        assert_eq!((&header["alg"], &header["typ"]), (&json!(algorithm), &json!("JWT")));
        let payload = String::from_utf8(parts.next().unwrap()).unwrap();
        assert!(payload.contains(r#""nonce":"878aacd7-"#) && !payload.contains(' '), "{payload}");
    }
}

#[tokio::test]
async fn there_is_none_without_the_scope_openid() {
    let world = World::new();
    let mut login = world.login(SHOP);
    login.scopes = ScopeSet::parse("phone").unwrap();
    login.code_challenge = Some(Digest::of(crate::world::VERIFIER));
    let reply = world.exchange(SHOP, &world.issue(&login)).await;
    assert_eq!(reply.status, 200);
    assert!(reply.json().get("id_token").is_none());
}
