//! The number-validation examples of GSMA for the Indian market, in PHP and in Java (mobile-connect
//! §0.1, §2.9). The server finds the operator by the phone's address and names the number that it is
//! to validate; there is no `version`, no text for the user, and no library: URLs are glued together.
//! In the end SHA-256 of the number it named must be the `phone_number` of UserInfo.

use fiador_kernel::Digest;

use super::wire::{Operator, application, at_discovery, json_part, now, sent};
use crate::world::{Landing, REDIRECT_URI, Sandbox};

const SCOPE: &str = "openid+mc_mnv_validate_plus+mc_identity_phonenumber_hashed";

/// Discovery by the phone's address, with nothing encoded.
async fn discover(sandbox: &Sandbox) -> Operator {
    let url = format!("{}?Redirect_URL={REDIRECT_URI}", sandbox.text("/discovery"));
    let request = sandbox.http.get(url).header("Accept", "application/json");
    let request = at_discovery(request, &application(sandbox)).header("x-source-ip", "192.0.2.30");
    let operator = Operator::of(&sent(request).await);
    assert!(operator.body.get("links").is_none(), "it would go to the selection");
    assert!(operator.body["ttl"].as_i64().unwrap() > now(), "it asks again without end otherwise");
    operator
}

/// Token and UserInfo, with the two checks in between: state and nonce.
async fn validated(
    sandbox: &Sandbox,
    operator: &Operator,
    landing: &Landing,
    msisdn: &str,
) -> bool {
    assert_eq!(landing.get("state"), "stateMTIzNDU2");
    let body = format!(
        "grant_type=authorization_code&code={}&redirect_uri={REDIRECT_URI}",
        landing.code()
    );
    let request = sandbox.http.post(operator.link("token")).body(body);
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    let tokens = sent(operator.authenticated(request)).await;
    assert_eq!(tokens.error(), "", "{tokens:?}");
    assert!(tokens.json()["expires_in"].is_i64());
    let claims = json_part(&tokens.member("id_token"), 1);
    assert_eq!(claims["nonce"], "nonceNjU0MzIx");
    assert!(claims["aud"].is_array() && claims["amr"].is_array(), "it declares lists: {claims}");
    let request = sandbox.http.get(operator.link("userinfo"));
    let info = sent(request.bearer_auth(tokens.member("access_token"))).await.json();
    info["phone_number"] == Digest::of(msisdn).to_hex()
}

#[tokio::test]
async fn the_example_in_php_validates_the_number_of_the_phone() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(0);
    let operator = discover(&sandbox).await;
    let start = format!(
        "{}?client_id={}&scope={SCOPE}&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback&\
         response_type=code&state=stateMTIzNDU2&nonce=nonceNjU0MzIx&acr_values=2&max_age=3600&\
         prompt=login&login_hint=MSISDN:{}",
        operator.link("authorization"),
        operator.response("client_id"),
        user.msisdn,
    );
    let landing = sandbox.log_in(&mut user, &start).await;
    assert!(validated(&sandbox, &operator, &landing, &user.msisdn).await);
    assert!(user.filled_in.contains(&"journey-consent"), "T-049: {:?}", user.filled_in);
}

#[tokio::test]
async fn the_example_in_java_validates_it_too_and_tells_another_number_apart() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(1);
    let operator = discover(&sandbox).await;
    let start = format!(
        "{}?client_id={}&scope={SCOPE}&redirect_uri={REDIRECT_URI}&response_type=code&\
         state=stateMTIzNDU2&nonce=nonceNjU0MzIx&acr_values=2&login_hint=MSISDN%3A{}",
        operator.link("authorization"),
        operator.response("client_id"),
        user.msisdn,
    );
    let landing = sandbox.log_in(&mut user, &start).await;
    let other = sandbox.msisdn(0);
    assert!(!validated(&sandbox, &operator, &landing, &other).await);
}
