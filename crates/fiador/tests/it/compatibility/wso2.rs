//! The Mobile Connect authenticator of WSO2 Identity Server (mobile-connect §6.2, row 6). It says to take
//! XML, reads the way to the selection page from `Location`, and sends no `version`.
//!
//! It also puts the code into the query of the token request, and the access token into that of
//! UserInfo. Queries are in the logs of every proxy, so the gateway takes neither (mobile-connect §2.7):
//! the authenticator comes as far as the code. A patched one, with both where they belong, logs in.

use super::wire::{Operator, application, at_discovery, json_part, network, sent, type_number};
use crate::world::{Answer, Landing, REDIRECT_URI, Sandbox, User};

const STATE: &str = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0,mobileconnect";

async fn discover(sandbox: &Sandbox, more: &str) -> Answer {
    let url = format!("{}/?{more}Redirect_URL={REDIRECT_URI}", sandbox.text("/discovery"));
    let request = at_discovery(sandbox.http.get(url), &application(sandbox));
    sent(request.header("Accept", "application/xml")).await
}

/// "On-net": selection, then an authorization request with what it gave.
async fn authorized(sandbox: &Sandbox, user: &mut User) -> (Operator, Landing) {
    let selection = discover(sandbox, "").await;
    assert_eq!(selection.status, 302, "{selection:?}");
    let page = selection.header("location").to_owned();
    let back = type_number(user, &page).await;
    let (mcc, mnc) = network(&back);
    let selected = format!("Selected-MCC={mcc}&Selected-MNC={mnc}&");
    let operator = Operator::of(&discover(sandbox, &selected).await);
    let start = format!(
        "{}?acr_values=2&scope=openid&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1\
         %2Fcallback&state={state}&nonce={state}&client_id={}&login_hint=ENCR_MSISDN%3A{}",
        operator.link("authorization"),
        operator.response("client_id"),
        back.get("subscriber_id"),
        state = STATE.replace(',', "%2C"),
    );
    let landing = sandbox.log_in(user, &start).await;
    // It cuts the state at the comma to see whose answer it is.
    assert_eq!(landing.get("state").split(',').nth(1), Some("mobileconnect"));
    (operator, landing)
}

#[tokio::test]
async fn it_comes_to_a_code_and_no_further_until_the_code_is_in_the_body() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(0);
    let (operator, landing) = authorized(&sandbox, &mut user).await;
    let code = landing.code();
    let parameters =
        format!("code={code}&grant_type=authorization_code&redirect_uri={REDIRECT_URI}");
    let form = "application/x-www-form-urlencoded";

    let request = sandbox.http.post(format!("{}?{parameters}", operator.link("token")));
    let request = operator.authenticated(request).header("Content-Type", form);
    let refused = sent(request).await;
    assert_eq!((refused.status, refused.error()), (400, "invalid_request".to_owned()));

    let request = sandbox.http.post(operator.link("token")).body(parameters);
    let tokens = sent(operator.authenticated(request).header("Content-Type", form)).await;
    assert_eq!(tokens.status, 200, "the refusal did not spend the code: {tokens:?}");
    assert_eq!(json_part(&tokens.member("id_token"), 1)["nonce"], STATE);

    let token = tokens.member("access_token");
    let url = operator.link("userinfo");
    let twice = sandbox.http.get(format!("{url}?access_token={token}&token_type=Bearer"));
    assert_eq!(sent(twice.bearer_auth(&token)).await.status, 400);
    let info = sent(sandbox.http.get(url).bearer_auth(&token)).await;
    assert_eq!(info.status, 200, "{info:?}");
    assert!(info.json()["sub"].is_string(), "its user identifier");
}

/// "Off-net" it posts the number and leaves the redirect URL in the query, where a POST has nothing.
#[tokio::test]
async fn its_number_request_is_told_what_is_missing() {
    let sandbox = Sandbox::start(&[]);
    let url = format!("{}?Redirect_URL={REDIRECT_URI}", sandbox.text("/discovery"));
    let request = sandbox.http.post(url).form(&[("MSISDN", sandbox.msisdn(0))]);
    let request = at_discovery(request, &application(&sandbox)).header("Accept", "application/xml");
    let refused = sent(request).await;
    assert_eq!((refused.status, refused.error()), (400, "invalid_request".to_owned()));
    assert_eq!(refused.member("description"), "Redirect_URL is required");
}
