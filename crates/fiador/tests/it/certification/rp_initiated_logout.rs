//! RP-Initiated Logout OP: each module logs in, sends the browser to the end session endpoint, and then
//! looks whether `prompt=none` still finds a login.

use super::suite::{LOGGED_OUT, Suite, register};
use crate::world::{Page, Shown, encoded};

/// Logs in and opens the end session endpoint with these parameters; `{hint}` stands for the ID Token.
async fn log_out(suite: &mut Suite, parameters: &[(&str, &str)]) -> Shown {
    let id_token = suite.log_in(&[]).await.id_token;
    let endpoint = suite.metadata().await["end_session_endpoint"].as_str().unwrap().to_owned();
    let told = parameters.iter().map(|&(name, value)| match value {
        "{hint}" => (name, id_token.as_str()),
        other => (name, other),
    });
    let query = encoded(told);
    suite.browser.open(&format!("{endpoint}?{query}")).await
}

async fn is_logged_in(suite: &mut Suite) -> bool {
    let callback = suite.authorize(&[("prompt", "none")]).await;
    assert!(callback.contains_key("code") || callback["error"] == "login_required");
    callback.contains_key("code")
}

async fn confirmed(suite: &mut Suite, shown: Shown) -> Shown {
    let page = shown.page();
    assert!(page.has("logout") && page.has("confirm-logout"), "{page:?}");
    assert!(is_logged_in(suite).await, "a link alone signs nobody out");
    suite.browser.submit(&page, "logout", &[]).await
}

#[track_caller]
fn is_an_error_page(shown: Shown) {
    let Page { answer, .. } = shown.page();
    assert_eq!(answer.status, 400, "{answer:?}");
}

#[track_caller]
fn came_back(shown: Shown, expected: &str) {
    assert_eq!(shown.away().as_str(), expected);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
    let suite = Suite::start().await;
    let endpoint = suite.metadata().await["end_session_endpoint"].as_str().unwrap().to_owned();
    assert_eq!(endpoint, format!("{}/logout", suite.client.issuer));
}

#[tokio::test]
async fn oidcc_rp_initiated_logout() {
    let mut suite = Suite::start().await;
    let parameters =
        [("id_token_hint", "{hint}"), ("post_logout_redirect_uri", LOGGED_OUT), ("state", "s+1/ü")];
    let shown = log_out(&mut suite, &parameters).await;
    came_back(shown, &format!("{LOGGED_OUT}?state=s%2B1%2F%C3%BC"));
    assert!(!is_logged_in(&mut suite).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_state() {
    let mut suite = Suite::start().await;
    let parameters = [("id_token_hint", "{hint}"), ("post_logout_redirect_uri", LOGGED_OUT)];
    let shown = log_out(&mut suite, &parameters).await;
    came_back(shown, LOGGED_OUT);
    assert!(!is_logged_in(&mut suite).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
    let mut suite = Suite::start().await;
    let shown = log_out(&mut suite, &[("id_token_hint", "{hint}"), ("state", "s")]).await;
    assert_eq!(shown.page().answer.status, 200);
    assert!(!is_logged_in(&mut suite).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_params_and_only_state() {
    for parameters in [&[][..], &[("state", "s")]] {
        let mut suite = Suite::start().await;
        let shown = log_out(&mut suite, parameters).await;
        let done = confirmed(&mut suite, shown).await.page();
        assert_eq!(done.answer.status, 200);
        assert!(!is_logged_in(&mut suite).await);
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_no_id_token_hint() {
    let mut suite = Suite::start().await;
    let shown = log_out(&mut suite, &[("post_logout_redirect_uri", LOGGED_OUT)]).await;
    is_an_error_page(confirmed(&mut suite, shown).await);

    // With its id the client is known, and what it registered.
    let id = suite.client.application.client_id.clone();
    let parameters = [("client_id", id.as_str()), ("post_logout_redirect_uri", LOGGED_OUT)];
    let shown = log_out(&mut suite, &parameters).await;
    came_back(confirmed(&mut suite, shown).await, LOGGED_OUT);
    assert!(!is_logged_in(&mut suite).await);
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
    let other = format!("{LOGGED_OUT}/other");
    let with_query = format!("{LOGGED_OUT}?foo=bar");
    // The second is `…-query-added-to-post-logout-redirect-uri`.
    for uri in [&other, &with_query] {
        let mut suite = Suite::start().await;
        let parameters = [("id_token_hint", "{hint}"), ("post_logout_redirect_uri", uri.as_str())];
        is_an_error_page(log_out(&mut suite, &parameters).await);
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_modified_and_bad_id_token_hint() {
    let mut suite = Suite::start().await;
    let good = suite.log_in(&[]).await.id_token;
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let modified = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    let foreign = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.";
    for hint in [modified.as_str(), foreign] {
        let parameters = [("id_token_hint", hint), ("post_logout_redirect_uri", LOGGED_OUT)];
        let shown = log_out(&mut suite, &parameters).await;
        is_an_error_page(confirmed(&mut suite, shown).await);
    }
}

/// An ID Token of another client speaks for that client alone.
#[tokio::test]
async fn a_hint_and_a_client_id_must_agree() {
    let mut suite = Suite::start().await;
    let other = register(&suite.sandbox, &serde_json::json!({})).await.application.client_id;
    let parameters = [
        ("id_token_hint", "{hint}"),
        ("client_id", other.as_str()),
        ("post_logout_redirect_uri", LOGGED_OUT),
    ];
    is_an_error_page(log_out(&mut suite, &parameters).await);
}
