//! The libraries for Android and iOS (mobile-connect §1.2, §6.2, row 6): the app reads the network from
//! the SIM, asks Discovery itself, and opens the login in a web view that it watches for the redirect
//! URI. The code goes to the server of the app.

use reqwest::Method;

use super::wire::{Operator, application, at_discovery, json_part, selection_page, sent};
use crate::world::{Answer, Landing, REDIRECT_URI, Sandbox, encoded};

/// Discovery by an app: on mobile data it says so, and the address that the phone has there.
async fn discover(sandbox: &Sandbox, sim: Option<(&str, &str)>) -> Answer {
    let mut parameters = vec![("Redirect_URL", REDIRECT_URI)];
    if let Some((mcc, mnc)) = sim {
        parameters.extend([("Identified-MCC", mcc), ("Identified-MNC", mnc)]);
        parameters.extend([("Using-Mobile-Data", "1"), ("Local-Client-IP", "10.72.3.9")]);
    } else {
        parameters.push(("Using-Mobile-Data", "0"));
    }
    let query = encoded(parameters);
    let request = sandbox.http.get(format!("{}?{query}", sandbox.text("/discovery")));
    let request = at_discovery(request, &application(sandbox)).header("X-Redirect", "APP");
    sent(request.header("Accept", "application/json").header("Accept-Language", "es-ES")).await
}

fn start(operator: &Operator, more: &[(&str, &str)]) -> String {
    let mut parameters = vec![
        ("client_id", operator.response("client_id")),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid"),
        ("acr_values", "2"),
        ("state", "E621E1F8-C36C-495A-93FC-0C247A3E6E5F"),
        ("nonce", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"),
        ("max_age", "3600"),
    ];
    parameters.extend(more);
    format!("{}?{}", operator.link("authorization"), encoded(parameters))
}

/// The server of the app redeems the code and compares the nonce of the app.
async fn redeem(sandbox: &Sandbox, operator: &Operator, code: &str) {
    let form =
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)];
    let request = sandbox.http.post(operator.link("token")).form(&form);
    let tokens = sent(operator.authenticated(request)).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
    let claims = json_part(&tokens.member("id_token"), 1);
    assert_eq!(claims["nonce"], "6BA7B810-9DAD-11D1-80B4-00C04FD430C8");
}

/// The SIM tells the operator, but not the number: the user types it in the web view.
#[tokio::test]
async fn an_android_app_knows_the_operator_and_the_user_the_number() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(0);
    let operator = Operator::of(&discover(&sandbox, Some(("234", "15"))).await);
    let more = [("version", "mc_v1.1"), ("display", "touch"), ("ui_locales", "es-ES")];
    let landing = sandbox.log_in(&mut user, &start(&operator, &more)).await;
    assert_eq!(user.filled_in, ["journey-number", "journey-answer"]);
    // The web view stops at what begins with the redirect URI.
    assert!(landing.url.as_str().starts_with(&format!("{REDIRECT_URI}?")));
    redeem(&sandbox, &operator, landing.code()).await;
}

/// Without a SIM of a known network the app shows the selection in its web view; an app that drops all
/// cookies between its two web views loses nothing.
#[tokio::test]
async fn an_ios_app_selects_in_one_web_view_and_logs_in_in_another() {
    let sandbox = Sandbox::start(&[]);
    let page = selection_page(&discover(&sandbox, Some(("999", "99"))).await);
    assert_eq!(
        selection_page(&discover(&sandbox, None).await).split('?').next(),
        page.split('?').next()
    );
    let mut user = sandbox.user(1);
    user.browser.speaks("es");
    let shown = user.browser.open(&page).await.page();
    assert!(shown.answer.text.contains("lang=\"es\""));
    let away = user.browser.submit(&shown, "use-operator", &[("mcc_mnc", "234_15")]).await.away();
    assert!(away.as_str().starts_with(REDIRECT_URI));
    user.browser.cookies.clear();

    let operator = Operator::of(&discover(&sandbox, Some(("234", "15"))).await);
    let hint = format!("MSISDN:{}", user.msisdn);
    let more = [("version", "mc_v1.1"), ("login_hint", hint.as_str())];
    let landing = sandbox.log_in(&mut user, &start(&operator, &more)).await;
    redeem(&sandbox, &operator, landing.code()).await;
}

/// A web view that comes back from the background asks for the same address.
#[tokio::test]
async fn a_web_view_may_load_its_page_again() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(2);
    let operator = Operator::of(&discover(&sandbox, Some(("234", "15"))).await);
    let hint = format!("MSISDN:{}", user.msisdn);
    let more = [("version", "mc_v1.1"), ("login_hint", hint.as_str())];
    let page = user.browser.open(&start(&operator, &more)).await.page();
    let again = user.browser.send(Method::GET, &page.url, None).await;
    assert_eq!(again.status, 200);
    assert_eq!(sandbox.messages(&user.msisdn).await.len(), 1, "no second message");
    let code = sandbox.code_after(&user.msisdn, 0).await;
    let shown = user.browser.submit(&page, "journey-answer", &[("code", &code)]).await;
    let landing = Landing::at(shown.away());
    redeem(&sandbox, &operator, landing.code()).await;
}
