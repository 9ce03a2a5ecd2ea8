//! Whom an answer goes to, and what it echoes.

use fiador_domain::profile::Profile;
use serde_json::Value;

use crate::world::{ISSUER, PROFILES, REDIRECT_URI, World, changed};

/// T-031; mobile-connect, "Decided": 400 without redirect, constant text.
#[tokio::test]
async fn without_a_known_client_and_its_redirect_uri_nothing_is_redirected() {
    let world = World::new();
    for (changes, text) in [
        (&[("redirect_uri", None)][..], "redirect_uri is invalid"),
        (&[("redirect_uri", Some(""))], "redirect_uri is invalid"),
        (&[("redirect_uri", None), ("client_id", None)], "redirect_uri is invalid"),
        (&[("client_id", None)], "MANDATORY parameter client_id is missing"),
        (&[("client_id", Some(""))], "MANDATORY parameter client_id is missing"),
        (&[("client_id", Some("nobody"))], "MANDATORY parameter client_id is missing or invalid"),
        (&[("client_id", Some("é"))], "MANDATORY parameter client_id is missing or invalid"),
    ] {
        for profile in PROFILES {
            let mut program = world.browser();
            program.accept = "application/json";
            let answer = program.authorize(profile, changes).await;
            assert_eq!(answer.status, 400);
            assert_eq!(answer.header("location"), None);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            let body: Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!(body["error"], "invalid_request");
            assert_eq!(body["error_description"], text);

            let answer = world.browser().authorize(profile, changes).await;
            assert_eq!(answer.status, 400);
            assert_eq!(answer.header("location"), None);
            assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
            assert!(answer.body.contains("We do not know who sent you here"));
        }
    }
}

#[tokio::test]
async fn a_repeated_client_or_redirect_uri_is_never_redirected() {
    let world = World::new();
    for (name, value) in [("client_id", "oidc"), ("redirect_uri", REDIRECT_URI)] {
        let mut parameters = changed(Profile::Oidc, &[]);
        parameters.push((name, value.to_owned()));
        let fields: Vec<_> = parameters.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = world.browser().post("/authorize", &fields).await;
        assert_eq!(answer.status, 400, "{name}");
        assert_eq!(answer.header("location"), None);
    }
}

/// T-030, T-039.
#[tokio::test]
async fn redirect_uris_are_compared_byte_for_byte() {
    let world = World::new();
    for uri in [
        "https://shop.example/callback",
        "https://shop.example/callback?tenant=1&more=2",
        "https://shop.example/callback?tenant=1#",
        "https://shop.example/callback?tenant=1 ",
        "https://SHOP.example/callback?tenant=1",
        "https://shop.example:443/callback?tenant=1",
        "https://shop.example/./callback?tenant=1",
        "https://shop.example@evil.example/callback?tenant=1",
        "https://shop.example.evil.example/callback?tenant=1",
        "//shop.example/callback?tenant=1",
        "https://evil.example/?https://shop.example/callback?tenant=1",
        "javascript:alert(1)",
        "http://127.0.0.1.evil.example/native",
        "http://127.0.0.1:1234@evil.example/native",
        "http://127.0.0.1/other",
    ] {
        let answer = world.browser().authorize(Profile::Oidc, &[("redirect_uri", Some(uri))]).await;
        assert_eq!(answer.status, 400, "{uri}");
        assert_eq!(answer.header("location"), None);
        assert!(!answer.body.contains("evil"), "the page repeats {uri}");
    }
}

/// RFC 8252 §7.3: only the port of a loopback literal may differ.
#[tokio::test]
async fn a_native_application_may_listen_on_any_port() {
    let world = World::new();
    let uri = "http://127.0.0.1:53412/native";
    let changes = [("redirect_uri", Some(uri)), ("scope", None)];
    let answer = world.browser().authorize(Profile::Oidc, &changes).await;
    assert_eq!(answer.error_to(uri).0, "invalid_scope");
}

/// RFC 9207, T-038; mobile-connect §2.5.
#[tokio::test]
async fn an_error_echoes_state_and_says_who_answers() {
    let world = World::new();
    let changes = [("nonce", Some("")), ("scope", Some("x")), ("correlation_id", Some("c 1"))];
    let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
    let response = answer.response_to(REDIRECT_URI);
    assert_eq!(response["state"], "s t&te");
    assert_eq!(response["iss"], ISSUER);
    assert_eq!(response["correlation_id"], "c 1");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

/// mobile-connect §2.1: `correlation_id` begins with version 2.0 and is unknown to `oidc`.
#[tokio::test]
async fn correlation_is_echoed_from_version_2_on() {
    let world = World::new();
    for (profile, version, echoed) in [
        (Profile::MobileConnect, "mc_v1.1", false),
        (Profile::MobileConnect, "mc_v2.0", true),
        (Profile::MobileConnect, "mc_di_r2_v2.3", true),
        (Profile::Oidc, "mc_di_r2_v2.3", false),
    ] {
        let changes =
            [("version", Some(version)), ("correlation_id", Some("42")), ("prompt", Some("none"))];
        let answer = world.browser().authorize(profile, &changes).await;
        let response = answer.response_to(REDIRECT_URI);
        assert_eq!(response.contains_key("correlation_id"), echoed, "{profile:?} {version}");
    }
}

/// OAuth 2.0 Form Post Response Mode; T-011, T-040.
#[tokio::test]
async fn a_form_post_answer_is_a_page_that_posts_itself() {
    let world = World::new();
    let changes = [
        ("response_mode", Some("form_post")),
        ("state", Some(r#""><script>alert(1)</script>"#)),
        ("prompt", Some("none")),
    ];
    let answer = world.browser().authorize(Profile::Oidc, &changes).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains(r#"action="https://shop.example/callback?tenant=1""#));
    assert!(answer.body.contains(r#"name="error" value="login_required""#));
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    assert!(answer.body.contains("form-post."), "the script is loaded");
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("form-action 'self' https://shop.example"), "{policy}");
    assert!(!policy.contains("unsafe-inline"));
}

/// The query of a POST is not read: two places for one parameter are one too many.
#[tokio::test]
async fn a_post_is_read_from_its_body_alone() {
    let world = World::new();
    let answer = world.browser().post("/authorize?client_id=oidc", &[("state", "1")]).await;
    assert_eq!(answer.status, 400);
}

/// T-001.
#[tokio::test]
async fn a_body_that_is_too_large_is_413() {
    let world = World::new();
    let body = vec![b'a'; 64 * 1024 + 1];
    assert_eq!(world.browser().post_raw("/authorize", &body).await.status, 413);
}
