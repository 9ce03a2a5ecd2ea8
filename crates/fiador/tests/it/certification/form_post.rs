//! Form Post OP: the modules of Basic OP whose answers come in a form.

use super::suite::{EVERYTHING, NONCE, Suite};

const FORM_POST: (&str, &str) = ("response_mode", "form_post");

#[tokio::test]
async fn oidcc_server_by_form_post() {
    let mut suite = Suite::start().await;
    let tokens = suite.log_in(&[FORM_POST]).await;
    assert_eq!(suite.met.last(), Some(&"form-post"));
    assert_eq!(suite.claims(&tokens).await["nonce"], NONCE);
}

#[tokio::test]
async fn oidcc_scope_all_by_form_post() {
    let mut suite = Suite::start().await;
    let tokens = suite.log_in(&[FORM_POST, ("scope", EVERYTHING)]).await;
    assert!(suite.user_info(&tokens).await["address"].is_object());
}

#[tokio::test]
async fn oidcc_prompt_none_logged_in_by_form_post() {
    let mut suite = Suite::start().await;
    suite.log_in(&[FORM_POST]).await;
    suite.met.clear();
    suite.log_in(&[FORM_POST, ("prompt", "none")]).await;
    assert_eq!(suite.met, ["form-post"]);
}

#[tokio::test]
async fn oidcc_prompt_none_not_logged_in_by_form_post() {
    let mut suite = Suite::start().await;
    let callback = suite.authorize(&[FORM_POST, ("prompt", "none")]).await;
    assert_eq!((suite.met, callback["error"].as_str()), (vec!["form-post"], "login_required"));
}

#[tokio::test]
async fn oidcc_response_type_missing_by_form_post() {
    let mut suite = Suite::start().await;
    let callback = suite.authorize(&[FORM_POST, ("response_type", "")]).await;
    assert_eq!(callback["error"], "invalid_request");
}
