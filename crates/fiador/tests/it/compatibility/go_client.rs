//! The client in Go by bertrandmartel (mobile-connect §6.1, §1.3, §1.4): the strictest on status codes,
//! relations, `acr`, and on what the selection page gives back.

use std::collections::BTreeMap;

use serde_json::Value;

use super::wire::{
    Operator, application, at_discovery, is_signed_with, json_part, keys, network, now,
    selection_page, sent, type_number,
};
use crate::world::{Landing, REDIRECT_URI, Sandbox, User, encoded};

const ACR_VALUES: &str = "2";
const SCOPE: &str = "openid mc_identity_phonenumber";

/// What it keeps of a login.
struct Session {
    operator: Operator,
    nonce: &'static str,
    user_info: Value,
    id_token: String,
}

/// The first request: nothing but where to come back to. Only 202 will do.
async fn selection(sandbox: &Sandbox) -> String {
    let query = encoded([("Redirect_URL", REDIRECT_URI)]);
    let request = sandbox.http.get(format!("{}?{query}", sandbox.text("/discovery")));
    let request = request.header("Accept", "application/json");
    selection_page(&sent(at_discovery(request, &application(sandbox))).await)
}

/// The second request, with what the page gave back. Only 200 will do.
async fn operator(sandbox: &Sandbox, back: &Landing) -> Operator {
    let (mcc, mnc) = network(back);
    let query = encoded([
        ("Redirect_URL", REDIRECT_URI),
        ("Selected-MCC", mcc.as_str()),
        ("Selected-MNC", mnc.as_str()),
    ]);
    let request = sandbox.http.get(format!("{}?{query}", sandbox.text("/discovery")));
    let request = request.header("Accept", "*/*");
    let operator = Operator::of(&sent(at_discovery(request, &application(sandbox))).await);
    for relation in ["authorization", "token", "premiuminfo", "jwks", "issuer"] {
        operator.link(relation);
    }
    assert!(operator.body["ttl"].is_i64(), "it decodes an integer");
    operator
}

/// The authorization URL; its library sorts the parameters.
fn start(operator: &Operator, hint: &str, nonce: &str) -> String {
    let parameters = BTreeMap::from([
        ("acr_values", ACR_VALUES),
        ("binding_message", ""),
        ("client_id", operator.response("client_id")),
        ("client_name", operator.response("client_name")),
        ("context", "demo"),
        ("login_hint", hint),
        ("nonce", nonce),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", SCOPE),
        ("state", "c2a0b8f4-71b5-4d58-b8d0-0f6c5b7c1a11"),
        ("version", "mc_di_r2_v2.3"),
    ]);
    format!("{}?{}", operator.link("authorization"), encoded(parameters))
}

/// Callback: token, then PremiumInfo, each with status 200 and nothing else.
async fn called_back(
    sandbox: &Sandbox,
    operator: Operator,
    nonce: &'static str,
    landing: &Landing,
) -> Session {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", landing.code()),
        ("redirect_uri", REDIRECT_URI),
    ];
    let request = sandbox.http.post(operator.link("token")).form(&form);
    let tokens = sent(operator.authenticated(request.header("Accept", "*/*"))).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
    let request = sandbox.http.get(operator.link("premiuminfo"));
    let request = request.bearer_auth(tokens.member("access_token")).header("Accept", "*/*");
    let user_info = sent(request).await;
    assert_eq!(user_info.status, 200, "{user_info:?}");
    let (user_info, id_token) = (user_info.json(), tokens.member("id_token"));
    Session { operator, nonce, user_info, id_token }
}

impl Session {
    /// Its middleware, which runs before each page of the application.
    async fn verify(&self, sandbox: &Sandbox) {
        let header = json_part(&self.id_token, 0);
        assert!(header["kid"].is_string());
        let keys = keys(sandbox, &self.operator.link("jwks")).await;
        let keys: Vec<_> = keys.iter().filter(|key| key["kid"] == header["kid"]).collect();
        assert_eq!(keys.len(), 1, "a key id that is there twice is not found");
        assert!(is_signed_with(&self.id_token, keys[0]));
        let claims = json_part(&self.id_token, 1);
        assert_eq!(claims["iss"], self.operator.link("issuer").trim_end_matches('/'));
        assert_eq!(claims["sub"], self.user_info["sub"]);
        assert_eq!(claims["nonce"], self.nonce);
        assert_eq!(claims["acr"], ACR_VALUES, "the whole text of acr_values");
        assert!(claims["exp"].as_i64().unwrap() > now());
    }
}

async fn log_in(sandbox: &Sandbox, user: &mut User) -> Session {
    let back = type_number(user, &selection(sandbox).await).await;
    let subscriber_id = back.get("subscriber_id").to_owned();
    assert!(!subscriber_id.is_empty(), "it demands both: {}", back.url);
    let operator = operator(sandbox, &back).await;
    let nonce = "0f9a5bd0-5a0f-4b53-9d6b-35b35f0c9a01";
    let start = start(&operator, &format!("ENCR_MSISDN:{subscriber_id}"), nonce);
    let landing = sandbox.log_in(user, &start).await;
    called_back(sandbox, operator, nonce, &landing).await
}

#[tokio::test]
async fn a_user_selects_logs_in_and_logs_in_again_by_pseudonym() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(0);
    let session = log_in(&sandbox, &mut user).await;
    session.verify(&sandbox).await;
    assert_eq!(session.user_info["phone_number"], user.msisdn.as_str());

    let sub = session.user_info["sub"].as_str().unwrap().to_owned();
    assert!(!sub.starts_with('+'), "it would take the pseudonym for a number");
    let nonce = "c3b1d5f5-0d1a-4d0a-9f3b-7a6f6f2e1b02";
    let again = start(&session.operator, &format!("PCR:{sub}"), nonce);
    user.filled_in.clear();
    let landing = sandbox.log_in(&mut user, &again).await;
    assert_eq!(user.filled_in, ["journey-answer"], "the pseudonym is as good as the number");
    let session = called_back(&sandbox, session.operator, nonce, &landing).await;
    session.verify(&sandbox).await;
    assert_eq!(session.user_info["sub"], sub.as_str());
}

/// It has words of its own for two values of `err_msg`.
#[tokio::test]
async fn a_number_that_leads_nowhere_is_told_in_its_words() {
    let sandbox = Sandbox::start(&[]);
    let mut browser = sandbox.browser();
    let page = browser.open(&selection(&sandbox).await).await.page();
    let number = [("msisdn", "+33612345678")];
    let page = browser.submit(&page, "use-number", &number).await.page();
    let away = browser.submit(&page, "cancel", &[("cancel", "1")]).await.away();
    assert_eq!(Landing::at(away).get("err_msg"), "MSISDNNotFound");
}
