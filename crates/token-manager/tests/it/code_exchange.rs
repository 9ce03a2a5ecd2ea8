//! The exchange of a code, when all is well and when the code is not good (RFC 6749 §4.1.3).

use std::time::Duration;

use fiador_domain::consent::TEXT_VERSION;
use fiador_kernel::{Clock, Digest, ScopeSet};

use crate::world::{BANK, REDIRECT_URI, SHOP, VERIFIER, World, exchange_form};

const BAD_CODE: &str = "The code is invalid, expired or already used";

#[tokio::test]
async fn a_code_gives_tokens_in_the_documented_shape() {
    let world = World::new();
    let reply = world.exchange(BANK, &world.code(BANK)).await;
    let json = reply.json();
    assert_eq!(reply.status, 200);
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["expires_in"], 600, "a number, not a text (mobile-connect §2.7)");
    assert_eq!(json["scope"], "mc_authn openid");
    assert!(json["access_token"].is_string() && json["id_token"].is_string());
    assert!(json.get("refresh_token").is_none() && json.get("correlation_id").is_none());
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("pragma"), Some("no-cache"));
}

#[tokio::test]
async fn the_name_of_mobile_connect_is_the_same_endpoint() {
    let world = World::new();
    let code = world.code(BANK);
    let reply = world.post("/accesstoken", Some(BANK), &exchange_form(BANK, &code)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(world.exchange(BANK, &code).await.error(), (400, "invalid_grant".to_owned()));
}

/// mobile-connect, "Decided": echoed exactly when this request carried one, in errors too.
#[tokio::test]
async fn the_correlation_id_of_the_token_request_comes_back() {
    let world = World::new();
    let code = world.code(BANK);
    let mut form = exchange_form(BANK, &code);
    form.push(("correlation_id", "42da5b19-457a-4d30-a5c4-038c62dccbb0"));
    for status in [200, 400] {
        let reply = world.token(BANK, &form).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.json()["correlation_id"], "42da5b19-457a-4d30-a5c4-038c62dccbb0");
    }
}

/// T-035.
#[tokio::test]
async fn a_code_lives_for_sixty_seconds_of_our_clock() {
    let world = World::new();
    let (in_time, late) = (world.code(BANK), world.code(BANK));
    world.clock.advance(Duration::from_micros(59_999_999));
    assert_eq!(world.exchange(BANK, &in_time).await.status, 200);
    world.clock.advance(Duration::from_micros(1));
    world.exchange(BANK, &late).await.expect_error(400, "invalid_grant", BAD_CODE);
}

/// T-034.
#[tokio::test]
async fn another_redirect_uri_is_refused_and_leaves_the_code_good() {
    let world = World::new();
    let code = world.code(BANK);
    for other in ["https://sp.example/callback", "https://sp.example/callback?a=1&", "x"] {
        let form =
            [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", other)];
        world.token(BANK, &form).await.expect_error(
            400,
            "invalid_grant",
            "The redirect_uri is not the one of the authorization request",
        );
    }
    assert_eq!(world.exchange(BANK, &code).await.status, 200);
}

/// T-034: nothing tells a foreign code from one that never was.
#[tokio::test]
async fn a_code_of_another_client_is_refused_and_leaves_the_code_good() {
    let world = World::new();
    let code = world.code(BANK);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    world.token(SHOP, &form).await.expect_error(400, "invalid_grant", BAD_CODE);
    assert!(world.store.redemptions().is_empty());
    assert_eq!(world.exchange(BANK, &code).await.status, 200);
}

/// T-054: whatever single character is changed, added or taken away.
#[tokio::test]
async fn an_altered_code_is_refused() {
    let world = World::new();
    let code = world.code(BANK);
    for at in 0..code.len() {
        let mut altered = code.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        world.exchange(BANK, &altered).await.expect_error(400, "invalid_grant", BAD_CODE);
    }
    let (cut, padded) = (&code[..code.len() - 1], format!("{code}="));
    let (longer, spaced) = (format!("{code}A"), format!(" {code}"));
    for altered in [cut, &padded, &longer, &spaced, &"A".repeat(4096), "."] {
        world.exchange(BANK, altered).await.expect_error(400, "invalid_grant", BAD_CODE);
    }
    assert_eq!(world.exchange(BANK, &code).await.status, 200);
}

/// Design §4: code spent, grant, audit, PCR, consent and session are one commit.
#[tokio::test]
async fn everything_that_a_login_leaves_is_handed_over_in_one_redemption() {
    let world = World::new();
    let mut login = world.login(SHOP);
    login.scopes = ScopeSet::parse("openid phone").unwrap();
    login.consented = Some(ScopeSet::parse("phone").unwrap());
    login.session = Some(Digest::of("cookie"));
    login.begins_session = true;
    world.clock.advance(Duration::from_secs(20));
    assert_eq!(world.exchange(SHOP, &world.issue(&login)).await.status, 200);

    let redemptions = world.store.redemptions();
    let [redemption] = redemptions.as_slice() else { panic!("{redemptions:?}") };
    let now = world.clock.now();
    assert_eq!((&redemption.grant, &redemption.client), (&login.grant, &login.client));
    assert_eq!(redemption.sector.as_str(), "shop.example");
    assert_eq!(redemption.tokens_expire_at, now + Duration::from_mins(10));
    let consent = redemption.consent.as_ref().unwrap();
    assert_eq!((consent.scopes.to_string(), consent.text_version), ("phone".into(), TEXT_VERSION));
    let session = redemption.begins.as_ref().unwrap();
    assert_eq!(redemption.session, Some(session.id));
    assert_eq!(session.id, Digest::of("cookie"));
    assert_eq!((session.created_at, session.used_at), (login.authenticated_at, now));
    assert_eq!(session.evidence.at, login.authenticated_at);
}

/// mobile-connect §4: one pseudonym for each subscriber and sector, the same at every login.
#[tokio::test]
async fn the_subject_stays_the_same_in_a_sector_and_differs_between_sectors() {
    let world = World::new();
    let mut subjects = Vec::new();
    for holder in [BANK, BANK, SHOP] {
        let (token, _) = world.tokens(holder).await;
        let content = world.access_tokens.introspect(&token).await.unwrap().unwrap();
        subjects.push(content.pcr);
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_ne!(subjects[0], subjects[2]);
}
