//! What was ended is good nowhere any more: logout, withdrawal, blocking (T-056, T-223).

use fiador_testkit::peers::{Behaviour, MessageCentre};
use serde_json::json;

use super::on_both_engines;
use crate::world::{Landing, Provider, Sandbox, Site, Tokens, User, encoded};

async fn log_out(sandbox: &Sandbox, user: &mut User, id_token: &str) {
    let query = encoded([("id_token_hint", id_token)]);
    user.browser.open(&format!("{}/logout?{query}", sandbox.issuer())).await.page();
}

/// A user who has logged in once, with the tokens of that login.
async fn logged_in(sandbox: &Sandbox, provider: &Provider, phone: usize) -> (User, Tokens) {
    let mut user = sandbox.user(phone);
    let start = provider.start(&provider.request().for_number(&user.msisdn));
    let landing = sandbox.log_in(&mut user, &start).await;
    (user, provider.tokens(landing.code()).await)
}

on_both_engines! {
    async fn a_logout_ends_every_token_and_code_of_the_session(sandbox: &Sandbox) {
        let portal = sandbox.provider("oidc");
        let other = sandbox.provider_where(|a| a.id_token_signed_response_alg == "ES256");
        let (mut user, first) = logged_in(sandbox, &portal, 0).await;
        let (_, elsewhere) = logged_in(sandbox, &portal, 0).await;
        let away = user.browser.open(&other.start(&other.request())).await.away();
        let resumed = other.tokens(Landing::at(away).code()).await;
        let away = user.browser.open(&portal.start(&portal.request())).await.away();
        let on_its_way = Landing::at(away);

        log_out(sandbox, &mut user, &first.id_token).await;
        assert!(!portal.is_active(&first.access_token).await);
        assert!(!other.is_active(&resumed.access_token).await);
        let userinfo = portal.attributes("userinfo", &first.access_token).await;
        assert_eq!((userinfo.status, userinfo.error()), (401, "invalid_token".to_owned()));
        assert_eq!(portal.redeem(on_its_way.code()).await.error(), "invalid_grant");
        assert!(portal.is_active(&elsewhere.access_token).await, "another browser of the same user");
    }

    async fn a_logout_before_the_code_is_exchanged_leaves_no_session(sandbox: &Sandbox) {
        let portal = sandbox.provider("oidc");
        let mut user = sandbox.user(0);
        let start = portal.start(&portal.request().for_number(&user.msisdn));
        let landing = sandbox.log_in(&mut user, &start).await;
        let cookie = user.browser.cookies["fiador_session"].clone();
        let page = user.browser.open(&format!("{}/logout", sandbox.issuer())).await.page();
        user.browser.submit(&page, "logout", &[]).await.page();
        assert_eq!(portal.redeem(landing.code()).await.error(), "invalid_grant");

        // Not even for who kept the cookie.
        user.browser.cookies.insert("fiador_session".to_owned(), cookie);
        let silent = portal.request().with("prompt", "none");
        let landing = Landing::at(user.browser.open(&portal.start(&silent)).await.away());
        assert_eq!(landing.get("error"), "login_required");
    }
}

#[tokio::test]
async fn a_block_ends_tokens_sessions_and_codes_of_one_subscriber() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    running.until_connected().await;
    let portal = running.provider("oidc");
    let mut tokens = Vec::new();
    let mut users = Vec::new();
    for number in ["447700900001", "447700900002"] {
        let mut user = running.user(number);
        let start = portal.start(&portal.request().for_number(number));
        let landing = running.log_in(&mut user, &start, &mut centre).await;
        tokens.push(portal.tokens(landing.code()).await.access_token);
        users.push(user);
    }
    let away = users[0].browser.open(&portal.start(&portal.request())).await.away();
    let on_its_way = Landing::at(away);

    let body = json!({
        "msisdn": "+447700900001",
        "status": "blocked",
        "authenticators": ["sms_otp"],
    });
    let path = "/admin/v1/subscribers/contract-0001";
    assert_eq!(running.admin("PUT", path, Some(body)).await.status, 204);
    assert!(!portal.is_active(&tokens[0]).await);
    assert!(portal.is_active(&tokens[1]).await);
    assert_eq!(portal.redeem(on_its_way.code()).await.error(), "invalid_grant");
    let silent = portal.start(&portal.request().with("prompt", "none"));
    for (user, has_session) in users.iter_mut().zip([false, true]) {
        let landing = Landing::at(user.browser.open(&silent).await.away());
        assert_eq!(landing.parameters.contains_key("code"), has_session);
    }
}
