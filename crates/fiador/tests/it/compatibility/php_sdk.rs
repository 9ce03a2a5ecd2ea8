//! GSMA's server SDK for PHP (mobile-connect §1.3, §2.8): a second opinion on claims. It looks at the
//! first key of the set alone and wants an `alg` in it, reads `azp`, and counts `max_age` from
//! `auth_time`. It does not verify the signature; this does.

use serde_json::{Value, json};

use super::wire::{
    Operator, application, at_discovery, is_signed_with, json_part, keys, now, sent,
};
use crate::world::{REDIRECT_URI, Sandbox, User, encoded};

const STATE: &str = "state5f3c1a";
const NONCE: &str = "nonce9d2e7b";
const MAX_AGE: i64 = 3600;

async fn discover(sandbox: &Sandbox, msisdn: &str) -> Operator {
    let form = [("Redirect_URL", REDIRECT_URI), ("MSISDN", msisdn), ("Using-Mobile-Data", "0")];
    let request = sandbox.http.post(sandbox.text("/discovery")).form(&form);
    let request = request.header("Accept", "application/json").header("X-Redirect", "False");
    let operator = Operator::of(&sent(at_discovery(request, &application(sandbox))).await);
    // Seconds or milliseconds: either way it must not look past, or it asks again without end.
    assert!(operator.body["ttl"].as_i64().unwrap() > now());
    operator
}

/// A login; gives the access token and the claims, after all its checks.
async fn log_in(
    sandbox: &Sandbox,
    user: &mut User,
    operator: &Operator,
    scope: &str,
    more: &[(&str, &str)],
) -> (String, Value) {
    let hint = format!("ENCR_MSISDN:{}", operator.subscriber_id());
    let mut parameters = vec![
        ("redirect_uri", REDIRECT_URI),
        ("client_id", operator.response("client_id")),
        ("response_type", "code"),
        ("scope", scope),
        ("acr_values", "2"),
        ("state", STATE),
        ("nonce", NONCE),
        ("max_age", "3600"),
        ("version", "mc_di_r2_v2.3"),
        ("login_hint", &hint),
    ];
    parameters.extend(more);
    let start = format!("{}?{}", operator.link("authorization"), encoded(parameters));
    let landing = sandbox.log_in(user, &start).await;
    assert_eq!(landing.get("state"), STATE);
    let form = [
        ("redirect_uri", REDIRECT_URI),
        ("code", landing.code()),
        ("grant_type", "authorization_code"),
    ];
    let request = sandbox.http.post(operator.link("token")).form(&form);
    let tokens = sent(operator.authenticated(request)).await;
    assert_eq!(tokens.status, 200, "{tokens:?}");
    assert!(tokens.json()["expires_in"].as_i64().unwrap() > 0);
    let id_token = tokens.member("id_token");
    let claims = json_part(&id_token, 1);
    check_claims(&claims, operator.response("client_id"), sandbox.issuer());
    let first = keys(sandbox, &operator.link("jwks")).await.remove(0);
    let header = json_part(&id_token, 0);
    assert_eq!((&first["kid"], &first["alg"]), (&header["kid"], &header["alg"]));
    assert!(is_signed_with(&id_token, &first));
    (tokens.member("access_token"), claims)
}

/// In its order; an empty member counts as missing.
fn check_claims(claims: &Value, client_id: &str, issuer: &str) {
    for name in ["at_hash", "acr", "amr", "hashed_login_hint"] {
        assert!(![json!(""), json!([]), json!("0"), Value::Null].contains(&claims[name]), "{name}");
    }
    assert_eq!(claims["nonce"], NONCE);
    assert!(claims["aud"].as_array().unwrap().contains(&json!(client_id)));
    assert_eq!(claims["azp"], client_id);
    assert_eq!(claims["iss"], issuer);
    assert!(claims["exp"].as_i64().unwrap() >= now());
    assert!(claims["auth_time"].as_i64().unwrap() + MAX_AGE >= now());
}

#[tokio::test]
async fn a_user_logs_in_and_every_claim_is_as_it_wants_it() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(0);
    let operator = discover(&sandbox, &user.msisdn).await;
    let (token, claims) = log_in(&sandbox, &mut user, &operator, "openid mc_authn", &[]).await;
    let request = sandbox.http.get(operator.link("userinfo")).bearer_auth(&token);
    assert_eq!(sent(request).await.json()["sub"], claims["sub"]);
}

/// Its claims parameter is an object, unlike that of the SDK for Java, and its hashes end in `_hashed`.
#[tokio::test]
async fn data_is_matched_as_it_asks_for_it() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(1);
    let operator = discover(&sandbox, &user.msisdn).await;
    let values = [
        ("given_name", "Tomás"),
        ("family_name", "Two"),
        ("houseno_or_housename", "Two Towers"),
        ("postal_code", "EC4N 8AG"),
        ("country", "GB"),
        ("town", "London"),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), json!({ "value": value })));
    let values = values.into_iter().collect::<serde_json::Map<_, _>>();
    let claims = json!({ "premiuminfo": values }).to_string();
    let more = [("claims", claims.as_str())];
    let (token, _) = log_in(&sandbox, &mut user, &operator, "openid mc_kyc_plain", &more).await;
    let request = sandbox.http.get(operator.link("premiuminfo")).bearer_auth(&token);
    let answer = sent(request).await.json();
    for name in ["given_name", "family_name", "postal_code", "country", "town"] {
        assert_eq!(answer[format!("{name}_match")], "Y", "{answer}");
    }
}
