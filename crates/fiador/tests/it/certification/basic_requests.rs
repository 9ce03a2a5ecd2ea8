//! Basic OP: what a request may say.

use serde_json::json;

use super::suite::{CALLBACK, Suite, exchange};
use crate::world::{Shown, Tokens};

#[tokio::test]
async fn oidcc_response_type_missing() {
    let mut suite = Suite::start().await;
    let callback = suite.authorize(&[("response_type", "")]).await;
    assert_eq!(callback["error"], "invalid_request");
    assert!(!callback.contains_key("code"));
}

#[tokio::test]
async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow() {
    let mut suite = Suite::start().await;
    let tokens = suite.log_in(&[("nonce", "")]).await;
    assert!(suite.claims(&tokens).await.get("nonce").is_none());
}

#[tokio::test]
async fn oidcc_display_page_and_popup() {
    let mut suite = Suite::start().await;
    for display in ["page", "popup"] {
        suite.log_in(&[("display", display)]).await;
    }
}

#[tokio::test]
async fn oidcc_ensure_request_with_unknown_parameter_succeeds() {
    Suite::start().await.log_in(&[("extra", "foobar")]).await;
}

#[tokio::test]
async fn oidcc_login_hint() {
    let mut suite = Suite::start().await;
    suite.log_in(&[("login_hint", "buffy@suite.example")]).await;
    assert!(suite.met.contains(&"journey-number"), "the hint names nobody here");
}

#[tokio::test]
async fn oidcc_ui_locales_and_claims_locales() {
    let mut suite = Suite::start().await;
    suite.log_in(&[("ui_locales", "se"), ("prompt", "login")]).await;
    suite.log_in(&[("claims_locales", "se"), ("prompt", "login")]).await;

    let start = suite.request(&[("ui_locales", "es en"), ("prompt", "login")]);
    let page = suite.browser.open(&start).await.page();
    assert!(page.answer.text.contains("<html lang=\"es\""), "{}", page.answer.text);
}

#[tokio::test]
async fn oidcc_ensure_request_with_acr_values_succeeds() {
    let mut suite = Suite::start().await;
    let offered = suite.metadata().await["acr_values_supported"].clone();
    let wanted = offered.as_array().unwrap()[0].as_str().unwrap().to_owned();
    let tokens = suite.log_in(&[("acr_values", &wanted)]).await;
    assert!(suite.claims(&tokens).await["acr"].is_string());
    // Levels that nobody here can reach are a wish all the same.
    let tokens = suite.log_in(&[("acr_values", "1 2"), ("prompt", "login")]).await;
    assert!(suite.claims(&tokens).await["acr"].is_string());
}

#[tokio::test]
async fn oidcc_ensure_registered_redirect_uri() {
    let mut suite = Suite::start().await;
    for uri in ["https://suite.example/other", &format!("{CALLBACK}?a=b"), &format!("{CALLBACK}/")]
    {
        let start = suite.request(&[("redirect_uri", uri)]);
        let page = suite.browser.open(&start).await.page();
        assert_eq!(page.answer.status, 400, "T-031: {uri}");
    }
}

#[tokio::test]
async fn oidcc_ensure_post_request_succeeds() {
    let mut suite = Suite::start().await;
    let start = suite.request(&[]);
    let (url, body) = start.split_once('?').unwrap();
    let shown = suite.browser.post(url, body.to_owned()).await;
    let callback = suite.go_on(shown).await;
    Tokens::of(&suite.redeem(&callback["code"]).await);
}

#[tokio::test]
async fn oidcc_claims_essential() {
    let mut suite = Suite::start().await;
    let claims = json!({"userinfo": {"name": {"essential": true}}}).to_string();
    let tokens = suite.log_in(&[("claims", &claims)]).await;
    assert!(suite.user_info(&tokens).await["name"].is_string());
}

/// RFC 7636 appendix B.
#[tokio::test]
async fn oidcc_ensure_request_with_valid_pkce_succeeds() {
    let mut suite = Suite::start().await;
    let challenge = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let callback = suite.authorize(&challenge).await;
    let mut form = exchange(&callback["code"]);
    let without = suite.client.post("token", &form).await;
    assert_eq!(without.error(), "invalid_grant", "T-032: a challenge that was sent counts");
    form.push(("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    let tokens = suite.client.post("token", &form).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
}

/// `oidcc-unsigned-request-object-…`, `oidcc-request-uri-unsigned-…`,
/// `oidcc-ensure-request-object-with-redirect-uri` and `oidcc-idtoken-unsigned` skip what the metadata
/// does not offer; what is sent all the same is refused, never passed over.
#[tokio::test]
async fn oidcc_unsigned_objects_are_not_offered_and_refused() {
    let mut suite = Suite::start().await;
    let metadata = suite.metadata().await;
    for list in [
        "request_object_signing_alg_values_supported",
        "id_token_signing_alg_values_supported",
        "userinfo_signing_alg_values_supported",
    ] {
        let offered = metadata[list].as_array().unwrap();
        assert!(!offered.is_empty() && !offered.contains(&json!("none")), "{list}");
    }
    assert_eq!(metadata["request_uri_parameter_supported"], false);
    // {"alg":"none"} . {"redirect_uri":"https://suite.example/other"}
    let object =
        "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL3N1aXRlLmV4YW1wbGUvb3RoZXIifQ.";
    let callback = suite.authorize(&[("request", object)]).await;
    assert_eq!(callback["error"], "request_not_supported");
    let callback = suite.authorize(&[("request_uri", "https://suite.example/request.jwt")]).await;
    assert_eq!(callback["error"], "request_uri_not_supported");
}

/// What a page shows to a browser that pressed "cancel" goes back as an error, too.
#[tokio::test]
async fn a_user_who_cancels_is_led_back() {
    let mut suite = Suite::start().await;
    let start = suite.request(&[]);
    let page = suite.browser.open(&start).await.page();
    let shown = suite.browser.submit(&page, "journey-cancel", &[]).await;
    let Shown::Away(url) = shown else { panic!("still here: {shown:?}") };
    assert!(url.as_str().contains("error=access_denied"), "{url}");
}
