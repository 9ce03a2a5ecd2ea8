//! Basic OP: second authorizations by the same browser.

use super::suite::Suite;
use crate::world::eventually;

#[tokio::test]
async fn oidcc_prompt_login() {
    let mut suite = Suite::start().await;
    let first = suite.log_in(&[]).await;
    suite.met.clear();
    let second = suite.log_in(&[("prompt", "login")]).await;
    assert!(suite.met.contains(&"journey-answer"), "the user is authenticated again");
    let (first, second) = (suite.claims(&first).await, suite.claims(&second).await);
    assert_eq!(first["sub"], second["sub"]);
    assert!(first["auth_time"].as_i64() <= second["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in() {
    let mut suite = Suite::start().await;
    let callback = suite.authorize(&[("prompt", "none")]).await;
    assert_eq!(callback["error"], "login_required");
    assert!(!suite.was_asked());
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in() {
    let mut suite = Suite::start().await;
    let first = suite.log_in(&[]).await;
    assert!(suite.was_asked());
    let second = suite.log_in(&[("prompt", "none")]).await;
    assert!(!suite.was_asked());
    let (first, second) = (suite.claims(&first).await, suite.claims(&second).await);
    for claim in ["sub", "auth_time"] {
        assert_eq!(first[claim], second[claim], "{claim}");
    }
}

#[tokio::test]
async fn oidcc_max_age_1() {
    let mut suite = Suite::start().await;
    let first = suite.log_in(&[]).await;
    let first = suite.claims(&first).await;
    // The suite waits for more than a second; so does this, until the login has grown old.
    eventually("the login is older than a second", async || {
        let callback = suite.authorize(&[("max_age", "1"), ("prompt", "none")]).await;
        callback.get("error").map(|error| assert_eq!(error, "login_required"))
    })
    .await;
    suite.met.clear();
    let second = suite.log_in(&[("max_age", "1")]).await;
    assert!(suite.met.contains(&"journey-answer"), "the user is authenticated again");
    let second = suite.claims(&second).await;
    assert_eq!(first["sub"], second["sub"]);
    assert!(first["auth_time"].as_i64() < second["auth_time"].as_i64());
}

#[tokio::test]
async fn oidcc_max_age_10000() {
    let mut suite = Suite::start().await;
    let first = suite.log_in(&[("max_age", "10000")]).await;
    assert!(suite.was_asked());
    let second = suite.log_in(&[("max_age", "10000")]).await;
    assert!(!suite.was_asked());
    let (first, second) = (suite.claims(&first).await, suite.claims(&second).await);
    assert!(first["auth_time"].is_i64());
    assert_eq!(first["auth_time"], second["auth_time"]);
}

#[tokio::test]
async fn oidcc_id_token_hint() {
    let mut suite = Suite::start().await;
    let first = suite.log_in(&[]).await;
    assert!(suite.was_asked());
    let changes = [("prompt", "none"), ("id_token_hint", first.id_token.as_str())];
    let second = suite.log_in(&changes).await;
    assert!(!suite.was_asked());
    assert_eq!(suite.claims(&first).await["sub"], suite.claims(&second).await["sub"]);
}
