//! Requests that the client has signed (OpenID Connect Core §6.1), by value and pushed (RFC 9126).

use fiador_jose::{Algorithm, SigningKey};
use fiador_kernel::{Clock, SystemClock};
use serde_json::{Value, json};

use super::{envelopes::created, on_both_engines};
use crate::world::{Provider, REDIRECT_URI, Sandbox};

/// A client with this key, whose request objects are signed by it.
async fn signing(sandbox: &Sandbox, key: &SigningKey) -> Provider {
    let keys = json!({ "jwks": { "keys": [key.public_jwk()] } });
    created(sandbox, &keys).await
}

/// What the client says about its request object, and `more`.
fn claims(sandbox: &Sandbox, provider: &Provider, more: &Value) -> Value {
    let mut claims = json!({
        "iss": provider.application.client_id,
        "aud": sandbox.issuer(),
        "client_id": provider.application.client_id,
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "state": "signed state",
        "nonce": "signed nonce",
    });
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    claims
}

on_both_engines! {
    async fn what_is_signed_is_what_is_served_once(sandbox: &Sandbox) {
        for algorithm in [Algorithm::Es256, Algorithm::Ps256, Algorithm::Rs256] {
            let key = SigningKey::generate(algorithm).unwrap();
            let provider = signing(sandbox, &key).await;
            let named = json!({ "jti": "one", "iat": SystemClock.now().as_seconds() });
            let named = claims(sandbox, &provider, &named);
            let object = key.sign_compact(Some("oauth-authz-req+jwt"), &named).unwrap();
            let mut user = sandbox.user(0);
            let request = provider
                .request()
                .without("redirect_uri")
                .with("state", "another state")
                .with("request", &object)
                .for_number(&user.msisdn);
            let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
            assert_eq!(landing.get("state"), "signed state", "{algorithm:?}");
            let tokens = provider.tokens(landing.code()).await;
            assert_eq!(provider.claims(&tokens).await["nonce"], "signed nonce");
            // The same object again, from another browser: told at the address beside it.
            let again = request.with("redirect_uri", REDIRECT_URI);
            let landing = sandbox.log_in(&mut sandbox.user(0), &provider.start(&again)).await;
            assert_eq!(landing.get("error"), "invalid_request_object");
        }
    }

    async fn what_somebody_else_has_signed_is_not_served(sandbox: &Sandbox) {
        let (key, other) =
            [Algorithm::Es256; 2].map(|kind| SigningKey::generate(kind).unwrap()).into();
        let provider = signing(sandbox, &key).await;
        let forged = other.sign_compact(None, &claims(sandbox, &provider, &json!({}))).unwrap();
        let foreign = json!({ "aud": "https://other.example" });
        let foreign = key.sign_compact(None, &claims(sandbox, &provider, &foreign)).unwrap();
        let stale = json!({ "exp": 1_000_000_000 });
        let stale = key.sign_compact(None, &claims(sandbox, &provider, &stale)).unwrap();
        for object in [forged, foreign, stale] {
            let request = provider.request().with("request", &object);
            let landing = sandbox.log_in(&mut sandbox.user(0), &provider.start(&request)).await;
            assert_eq!(landing.get("error"), "invalid_request_object");
            assert_eq!(landing.get("state"), "a state with spaces");
        }
    }
}
