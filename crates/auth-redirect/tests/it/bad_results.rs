//! Results that must not count: not one of them does (T-102, T-070 to T-072).

use std::time::Duration;

use fiador_domain::journey::Stage;
use fiador_testkit::{JwtMutation, jwt_mutations, share};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    browser::Login,
    world::{BANK_KEY, COOKIE, ISSUER, NUMBER, OTHER_KEY, get, jwks, request_of, signed},
};

/// Nothing moves, nobody is led anywhere, and no attempt is spent.
async fn changes_nothing(login: &Login, what: &str, result: &str) {
    let before = login.routing.stage("j");
    let told = login.come_back(result).await;
    assert_eq!((told.status, told.location), (StatusCode::BAD_REQUEST, None), "{what}");
    assert_eq!(login.routing.stage("j"), before, "{what}");
}

#[tokio::test]
async fn no_forgery_of_a_result_counts_large_set() {
    let login = Login::new().await;
    let good = signed(&login.approval());
    let public = serde_json::to_vec(BANK_KEY.public_jwk()).unwrap();
    let set = jwks(&BANK_KEY);
    let forgeries = jwt_mutations(&good, &[&public, set.as_bytes()]).unwrap();
    assert!(forgeries.len() > 2_000);
    for JwtMutation { what, token } in share::of(forgeries, 3) {
        changes_nothing(&login, &what, &token).await;
    }
    login.come_back(&good).await;
    assert!(matches!(login.routing.stage("j"), Stage::Verified { .. }), "the good one counts");
}

/// Claims that another party, another time or another login would carry.
fn wrong_claims(login: &Login) -> Vec<(String, Value)> {
    let now = login.request["iat"].as_i64().unwrap();
    let mut all = Vec::new();
    let mut with = |name: &str, values: Vec<Value>| {
        for value in values {
            let mut claims = login.approval();
            claims[name] = value.clone();
            all.push((format!("{name}: {value}"), claims));
        }
        let mut claims = login.approval();
        claims.as_object_mut().unwrap().remove(name);
        all.push((format!("without {name}"), claims));
    };
    let texts = || {
        let odd = [json!(""), json!(null), json!(7), json!([]), json!({}), json!(true)];
        let near = ["x", "https://id.mno.example.evil.example", "\u{0}", "https://ID.mno.example"];
        odd.into_iter().chain(near.map(Value::from)).collect::<Vec<_>>()
    };
    for name in ["iss", "aud", "transaction", "nonce", "sub", "outcome"] {
        with(name, texts());
    }
    with("aud", vec![json!([ISSUER]), json!([ISSUER, "x"]), json!(format!("{ISSUER}/"))]);
    with("version", vec![json!(0), json!(2), json!("1"), json!(1.5), json!(null)]);
    with("jti", vec![json!(""), json!(1), json!("j".repeat(300))]);
    with("evidence", vec![json!("possession"), json!({}), json!([[]]), json!(vec!["sim"; 17])]);
    with("exp", [0, -1, now, now + 301, i64::MAX, i64::MIN].map(Value::from).to_vec());
    with("iat", [0, -1, now - 61, now + 61, i64::MAX, i64::MIN].map(Value::from).to_vec());
    all
}

#[tokio::test]
async fn no_result_with_a_wrong_claim_counts_large_set() {
    let login = Login::new().await;
    let cases = wrong_claims(&login);
    assert!(cases.len() > 80, "{}", cases.len());
    for (what, claims) in cases {
        changes_nothing(&login, &what, &signed(&claims)).await;
    }
    login.come_back(&signed(&login.approval())).await;
    assert!(matches!(login.routing.stage("j"), Stage::Verified { .. }), "the good one counts");
}

#[tokio::test]
async fn no_result_of_another_key_or_type_counts() {
    let login = Login::new().await;
    let claims = login.approval();
    let typ = Some("fiador-authn-result+jwt");
    let other = OTHER_KEY.sign_compact(typ, &claims).unwrap();
    changes_nothing(&login, "another key", &other).await;
    let ours = login.world.signer.0.sign_compact(typ, &claims).unwrap();
    changes_nothing(&login, "our own key", &ours).await;
    for typ in [None, Some("JWT"), Some("fiador-authn-request+jwt"), Some("at+jwt"), Some("")] {
        let token = BANK_KEY.sign_compact(typ, &claims).unwrap();
        changes_nothing(&login, &format!("{typ:?}"), &token).await;
    }
}

#[tokio::test]
async fn a_result_of_one_login_is_nothing_to_another() {
    let login = Login::new().await;
    let theirs = login.routing.login("k", NUMBER).await;
    let theirs = request_of(&login.world, &theirs);
    // Each claim that ties a result to its request, taken from the other one.
    for name in ["transaction", "nonce"] {
        let mut claims = login.approval();
        claims[name] = theirs[name].clone();
        changes_nothing(&login, name, &signed(&claims)).await;
        assert!(login.routing.is_untouched("k"), "{name}");
    }
    let stranger = login.routing.login("l", "34600000099").await;
    let mut claims = login.approval();
    claims["sub"] = request_of(&login.world, &stranger)["sub"].clone();
    changes_nothing(&login, "sub", &signed(&claims)).await;
}

#[tokio::test]
async fn an_old_result_does_not_count() {
    let login = Login::new().await;
    let result = signed(&login.approval());
    login.world.clock.advance(Duration::from_mins(2));
    changes_nothing(&login, "expired", &result).await;
}

#[tokio::test]
async fn a_result_is_read_once_and_within_bounds() {
    let login = Login::new().await;
    let good = signed(&login.approval());
    let mut long = login.approval();
    long["padding"] = json!("x".repeat(2_500));
    changes_nothing(&login, "too long", &signed(&long)).await;
    for query in [
        String::new(),
        "result=".to_owned(),
        format!("result={good}&result={good}"),
        format!("Result={good}"),
        "result=%".to_owned(),
        "result=%ff".to_owned(),
    ] {
        let path = format!("/authenticators/bank_app/return?{query}");
        let told = get(&login.routes, &path, Some(COOKIE)).await;
        assert_eq!(told.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(login.routing.is_untouched("j"), "{query}");
    }
}
