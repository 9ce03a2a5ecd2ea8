//! Basic OP: scopes (OpenID Connect Core §5.4).

use serde_json::Value;

use super::suite::{EVERYTHING, Suite};

/// Logs in with a scope and looks at UserInfo.
async fn user_info(scope: &str) -> Value {
    let mut suite = Suite::start().await;
    let tokens = suite.log_in(&[("scope", scope)]).await;
    let info = suite.user_info(&tokens).await;
    assert_eq!(info["sub"], suite.claims(&tokens).await["sub"]);
    info
}

#[track_caller]
fn has_profile(info: &Value) {
    for claim in ["name", "given_name", "family_name", "birthdate"] {
        assert!(info[claim].is_string(), "{claim}: {info}");
    }
}

#[track_caller]
fn has_email(info: &Value) {
    assert!(info["email"].is_string() && info["email_verified"].is_boolean(), "{info}");
}

#[track_caller]
fn has_address(info: &Value) {
    assert!(info["address"].is_object(), "{info}");
}

#[track_caller]
fn has_phone(info: &Value) {
    assert!(info["phone_number"].as_str().unwrap().starts_with('+'), "{info}");
    assert_eq!(info["phone_number_verified"], true);
}

#[tokio::test]
async fn oidcc_scope_profile() {
    has_profile(&user_info("openid profile").await);
}

#[tokio::test]
async fn oidcc_scope_email() {
    has_email(&user_info("openid email").await);
}

#[tokio::test]
async fn oidcc_scope_address() {
    has_address(&user_info("openid address").await);
}

#[tokio::test]
async fn oidcc_scope_phone() {
    has_phone(&user_info("openid phone").await);
}

#[tokio::test]
async fn oidcc_scope_all() {
    let info = user_info(EVERYTHING).await;
    has_profile(&info);
    has_email(&info);
    has_address(&info);
    has_phone(&info);
}

#[tokio::test]
async fn oidcc_ensure_other_scope_order_succeeds() {
    has_email(&user_info("email openid").await);
}
