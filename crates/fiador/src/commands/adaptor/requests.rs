//! Requests, good and bad.

use aws_lc_rs::hmac;
use fiador_auth_redirect::contract::{Form, REQUEST_TYP, RequestClaims, VERSION, padded};
use fiador_jose::{
    JwkSet, base64url,
    jwe::{self, EncryptionKey, KeyManagement, MediaTypes},
};
use fiador_kernel::{Clock as _, OsEntropy, SystemClock, handle};
use serde_json::{Value, json};

use super::gateway::Gateway;

/// The claims of a request that the authenticator must take, with a wish for its outcome.
pub(super) fn good(gateway: &Gateway, audience: &str, form: Form, outcome: &str) -> Value {
    let now = SystemClock.now().as_seconds();
    let [transaction, nonce, jti, sub] = std::array::from_fn(|_| handle(&OsEntropy));
    let (return_uri, result_uri) = (gateway.return_uri(), gateway.result_uri());
    let is_browser = form == Form::Browser;
    let numbers = if is_browser { vec![] } else { ["12", "47", "83"].map(str::to_owned).to_vec() };
    let claims = RequestClaims {
        version: VERSION,
        iss: &gateway.issuer,
        aud: audience,
        iat: now,
        exp: now + 300,
        jti: &jti,
        form,
        transaction: &transaction,
        nonce: &nonce,
        sub: &sub,
        phone_number: None,
        acr_values: vec!["2"],
        client_name: "Checker <b>&amp;",
        context: Some("A test of the contract"),
        binding_message: Some("K7"),
        numbers: &numbers,
        language: "en",
        return_uri: is_browser.then_some(return_uri.as_str()),
        result_uri: (!is_browser).then_some(result_uri.as_str()),
        test_outcome: Some(outcome),
    };
    serde_json::to_value(claims).unwrap_or_default()
}

/// As the gateway signs it.
pub(super) fn signed(gateway: &Gateway, claims: &Value) -> anyhow::Result<String> {
    Ok(gateway.key.sign_compact(Some(REQUEST_TYP), claims)?)
}

/// Encrypted to the authenticator.
pub(super) fn encrypted(
    gateway: &Gateway,
    claims: &Value,
    keys: &JwkSet,
    alg: KeyManagement,
) -> anyhow::Result<String> {
    let payload = padded(serde_json::to_vec(claims)?);
    let token = gateway.key.sign_compact_bytes(Some(REQUEST_TYP), &payload)?;
    let key = EncryptionKey::from_set(keys, alg).ok_or_else(|| {
        anyhow::anyhow!("the key set has no key for {alg}; publish one with use=enc")
    })?;
    let types = MediaTypes { cty: Some("JWT"), ..MediaTypes::default() };
    Ok(jwe::encrypt(&key, types, token.as_bytes())?)
}

/// One request that must be refused.
pub(super) struct Bad {
    pub(super) check: &'static str,
    pub(super) token: String,
}

/// Everything that must be refused, made from the claims of a good request.
pub(super) fn bad(gateway: &Gateway, good: &Value) -> anyhow::Result<Vec<Bad>> {
    let now = SystemClock.now().as_seconds();
    let with = |members: Value| {
        let mut claims = good.clone();
        for (name, value) in members.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        claims
    };
    let aud = &good["aud"];
    let other_form = if good["form"] == "browser" { "back_channel" } else { "browser" };
    let mut all = Vec::new();
    for (check, claims) in [
        ("an expired request is refused", with(json!({ "iat": now - 400, "exp": now - 100 }))),
        (
            "a request from the future is refused",
            with(json!({ "iat": now + 900, "exp": now + 1100 })),
        ),
        ("a request that lives for hours is refused", with(json!({ "exp": now + 7200 }))),
        ("a request for somebody else is refused", with(json!({ "aud": "https://else.example" }))),
        ("a request for several is refused", with(json!({ "aud": [aud, "https://else.example"] }))),
        ("a request of another issuer is refused", with(json!({ "iss": "https://else.example" }))),
        ("a request of an unknown version is refused", with(json!({ "version": 99 }))),
        ("a request of the other form is refused", with(json!({ "form": other_form }))),
        ("a request without a transaction is refused", with(json!({ "transaction": null }))),
        ("a request that is too large is refused", with(json!({ "context": "x".repeat(20_000) }))),
    ] {
        all.push(Bad { check, token: signed(gateway, &claims)? });
    }
    all.extend(forged(gateway, good)?);
    Ok(all)
}

/// Signatures that are not ours.
fn forged(gateway: &Gateway, good: &Value) -> anyhow::Result<Vec<Bad>> {
    let token = signed(gateway, good)?;
    let (input, signature) = token.rsplit_once('.').unwrap_or_default();
    let (header, _) = input.split_once('.').unwrap_or_default();
    let payload = base64url::encode(serde_json::to_vec(good)?);
    let mut altered = good.clone();
    altered["sub"] = json!("somebody-else");
    let altered = base64url::encode(serde_json::to_vec(&altered)?);
    let head = |alg: &str| base64url::encode(json!({ "alg": alg, "typ": REQUEST_TYP }).to_string());
    let hmac_input = format!("{}.{payload}", head("HS256"));
    let public = serde_json::to_vec(gateway.key.public_jwk())?;
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &public), hmac_input.as_bytes());
    let other_key = gateway.other_key.sign_compact(Some(REQUEST_TYP), good)?;
    let own_header = {
        let jwk = gateway.other_key.public_jwk();
        let header = json!({ "alg": "ES256", "typ": REQUEST_TYP, "jwk": jwk });
        let (_, rest) = other_key.split_once('.').unwrap_or_default();
        format!("{}.{rest}", base64url::encode(header.to_string()))
    };
    let bad = |check, token| Bad { check, token };
    Ok(vec![
        bad("a request without signature is refused", format!("{}.{payload}.", head("none"))),
        bad(
            "a request signed with the public key as a secret is refused",
            format!("{hmac_input}.{}", base64url::encode(mac)),
        ),
        bad("a request signed by another key is refused", other_key),
        bad("a request that brings its own key is refused", own_header),
        bad("an altered request is refused", format!("{header}.{altered}.{signature}")),
        bad("a token of another type is refused", gateway.key.sign_compact(Some("JWT"), good)?),
        bad("text that is no token is refused", "not a token".to_owned()),
        bad("an empty request is refused", String::new()),
    ])
}
