//! GSMA's server SDK for .NET (mobile-connect §1.2, §2.8, §6.1): it sends the user's address, passes the
//! cookies of Discovery on from browser to server and back, and counts `max_age` from `auth_time`.
//! A signature that it cannot verify is skipped; here it must be good.

use serde_json::Value;

use super::wire::{
    Operator, application, at_discovery, is_signed_with, json_part, keys, now, selection_page, sent,
};
use crate::world::{Answer, REDIRECT_URI, Sandbox, encoded};

const NONCE: &str = "b8f9c0f2e1d34a7c9f11";
/// What it passes on, and nothing else.
const COOKIES: [&str; 3] =
    ["Most-Recent-Selected-Operator", "Most-Recent-Selected-Operator-Expiry", "Enum-Nonce"];

async fn discover(sandbox: &Sandbox, more: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let mut parameters = vec![("Redirect_URL", REDIRECT_URI)];
    parameters.extend(more);
    parameters.push(("Using-Mobile-Data", "0"));
    let query = encoded(parameters);
    let request = sandbox.http.get(format!("{}?{query}", sandbox.text("/discovery")));
    let request = at_discovery(request, &application(sandbox)).header("Accept", "application/json");
    sent(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// The cookies of an answer that it gives to its browser, as it sends them with the next request.
fn passed_on(answer: &Answer) -> String {
    let lines = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let pairs = lines.filter_map(|line| line.split(';').next());
    let kept = pairs.filter(|pair| COOKIES.contains(&pair.split('=').next().unwrap()));
    kept.collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn the_operator_is_found_by_address_and_remembered_by_cookies() {
    let sandbox = Sandbox::start(&[]);
    let found = discover(&sandbox, &[], &[("X-Source-IP", "192.0.2.77")]).await;
    let operator = Operator::of(&found);
    assert!(operator.body.get("subscriber_id").is_none(), "nobody named a number");
    let cookies = passed_on(&found);
    assert_eq!(cookies.matches('=').count(), COOKIES.len(), "{cookies}");
    Operator::of(&discover(&sandbox, &[], &[("Cookie", &cookies)]).await);
    let select = [("Manually-Select", "true")];
    selection_page(&discover(&sandbox, &select, &[("Cookie", &cookies)]).await);
}

#[tokio::test]
async fn a_user_logs_in_with_an_unencrypted_number_and_every_check_passes() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(0);
    let found = discover(&sandbox, &[], &[("X-Source-IP", "192.0.2.77")]).await;
    let operator = Operator::of(&found);
    let metadata = sent(sandbox.http.get(operator.link("openid-configuration"))).await.json();
    assert_eq!(metadata["issuer"], sandbox.issuer());

    // It encodes the colon of the hint.
    let hint = format!("MSISDN:{}", user.msisdn);
    let start = encoded([
        ("client_id", operator.response("client_id")),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid mc_authn"),
        ("acr_values", "2"),
        ("state", "7d1f0c"),
        ("nonce", NONCE),
        ("max_age", "3600"),
        ("display", "page"),
        ("login_hint", &hint),
        ("version", "mc_di_r2_v2.3"),
    ]);
    let start = format!("{}?{start}", metadata["authorization_endpoint"].as_str().unwrap());
    let landing = sandbox.log_in(&mut user, &start).await;
    let form = [
        ("redirect_uri", REDIRECT_URI),
        ("code", landing.code()),
        ("grant_type", "authorization_code"),
    ];
    let request = sandbox.http.post(metadata["token_endpoint"].as_str().unwrap()).form(&form);
    let tokens = sent(operator.authenticated(request)).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");

    let id_token = tokens.member("id_token");
    check_claims(&json_part(&id_token, 1), &operator, &metadata);
    let keys = keys(&sandbox, metadata["jwks_uri"].as_str().unwrap()).await;
    let header = json_part(&id_token, 0);
    let key = keys.iter().find(|key| key["kid"] == header["kid"]).unwrap();
    assert_eq!((&key["use"], &key["alg"]), (&Value::from("sig"), &header["alg"]));
    assert!(is_signed_with(&id_token, key));

    let request = sandbox.http.get(metadata["userinfo_endpoint"].as_str().unwrap());
    let info = sent(request.bearer_auth(tokens.member("access_token"))).await;
    assert_eq!(info.status, 200, "{info:?}");
    assert_eq!(info.json()["sub"], json_part(&id_token, 1)["sub"]);
}

fn check_claims(claims: &Value, operator: &Operator, metadata: &Value) {
    let client_id = operator.response("client_id");
    assert!(claims["aud"].as_array().unwrap().iter().any(|audience| audience == client_id));
    assert_eq!(claims["azp"], client_id);
    assert_eq!(claims["iss"], metadata["issuer"]);
    assert_eq!(claims["nonce"], NONCE);
    assert!(claims["exp"].as_i64().unwrap() > now());
    assert!(claims["auth_time"].as_i64().unwrap() + 3600 > now());
    for name in ["at_hash", "acr", "amr", "hashed_login_hint"] {
        assert!(!claims[name].is_null(), "{name}");
    }
}
