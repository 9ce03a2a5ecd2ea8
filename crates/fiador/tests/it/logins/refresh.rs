//! Refresh tokens and client assertions, through every part of the gateway (T-050 to T-056, T-061).

use fiador_jose::{Algorithm, SigningKey};
use fiador_kernel::{Clock as _, OsEntropy, SystemClock, token_text};
use serde_json::{Value, json};

use super::{envelopes::created, on_both_engines};
use crate::world::{Answer, Provider, REDIRECT_URI, Sandbox, User, encoded};

/// An application that may refresh, with more in its registration.
async fn refreshing(sandbox: &Sandbox, more: &Value) -> Provider {
    let mut registration = json!({
        "scopes": ["openid", "email", "offline_access"],
        "grant_types": ["authorization_code", "refresh_token"],
    });
    registration.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    created(sandbox, &registration).await
}

/// A user who agrees to be represented while away; the token response of that login.
async fn logged_in(sandbox: &Sandbox, provider: &Provider) -> (User, Answer) {
    let mut user = sandbox.user(0);
    let request =
        provider.request().with("scope", "openid email offline_access").for_number(&user.msisdn);
    let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
    let answer = provider.redeem(landing.code()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    (user, answer)
}

async fn refresh(provider: &Provider, token: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    if !provider.application.client_secret.is_empty() {
        return provider.post("token", &form).await;
    }
    let form = [&form[..], &[("client_id", &*provider.application.client_id)]].concat();
    let request = provider.http.post(format!("{}/token", provider.base)).form(&form);
    Answer::read(request.send().await.unwrap()).await
}

fn assertion(key: &SigningKey, provider: &Provider) -> String {
    let now = SystemClock.now().as_seconds();
    let claims = json!({
        "iss": provider.application.client_id,
        "sub": provider.application.client_id,
        "aud": format!("{}/token", provider.issuer),
        "iat": now,
        "exp": now + 60,
        "jti": token_text(&OsEntropy, 16),
    });
    key.sign_compact(Some("JWT"), &claims).unwrap()
}

/// A form with an assertion instead of a secret.
async fn signed(provider: &Provider, path: &str, assertion: &str, form: &[(&str, &str)]) -> Answer {
    let proof = [
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ];
    let form = [form, &proof].concat();
    let request = provider.http.post(format!("{}/{path}", provider.base)).form(&form);
    Answer::read(request.send().await.unwrap()).await
}

on_both_engines! {
    async fn a_refreshed_token_opens_what_the_first_one_opened(sandbox: &Sandbox) {
        let provider = refreshing(sandbox, &json!({})).await;
        let (_, first) = logged_in(sandbox, &provider).await;
        let token = first.member("refresh_token");
        for _ in 0..2 {
            let answer = refresh(&provider, &token).await;
            assert_eq!((answer.status, answer.member("refresh_token")), (200, token.clone()));
            let access_token = answer.member("access_token");
            let attributes = provider.attributes("userinfo", &access_token).await.json();
            assert_eq!(attributes["email"], "one@subscriber.example");
        }
        assert_eq!(provider.revoke(&token).await.status, 200);
        assert!(!provider.is_active(&first.member("access_token")).await, "RFC 7009 §2.1");
        assert_eq!(refresh(&provider, &token).await.error(), "invalid_grant");
    }

    async fn tokens_of_a_public_client_rotate_and_a_logout_ends_them(sandbox: &Sandbox) {
        let public = json!({ "token_endpoint_auth_method": "none" });
        let provider = refreshing(sandbox, &public).await;
        let mut user = sandbox.user(0);
        let request = provider
            .request()
            .with("scope", "openid offline_access")
            .for_number(&user.msisdn);
        let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
        let mut form = provider.redemption(landing.code());
        form.push(("client_id", &provider.application.client_id));
        let exchange = provider.http.post(format!("{}/token", provider.base)).form(&form);
        let first = Answer::read(exchange.send().await.unwrap()).await;
        let mut token = first.member("refresh_token");
        for _ in 0..3 {
            let (one, two) = tokio::join!(refresh(&provider, &token), refresh(&provider, &token));
            let next = one.member("refresh_token");
            assert_eq!(next, two.member("refresh_token"), "T-051: {one:?} {two:?}");
            assert_ne!(next, token);
            token = next;
        }
        let id_token = first.member("id_token");
        let query = encoded([("id_token_hint", id_token.as_str())]);
        user.browser.open(&format!("{}/logout?{query}", sandbox.issuer())).await.page();
        assert_eq!(refresh(&provider, &token).await.error(), "invalid_grant", "T-056");
    }

    async fn a_client_with_a_key_proves_itself_everywhere_and_each_proof_is_good_once(sandbox: &Sandbox) {
        let key = SigningKey::generate(Algorithm::Ps256).unwrap();
        let provider = refreshing(sandbox, &json!({
            "token_endpoint_auth_method": "private_key_jwt",
            "jwks": { "keys": [key.public_jwk()] },
        })).await;
        let pushed = [
            ("response_type", "code"),
            ("client_id", &*provider.application.client_id),
            ("redirect_uri", REDIRECT_URI),
            ("scope", "openid offline_access"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ];
        let proof = assertion(&key, &provider);
        let answer = signed(&provider, "par", &proof, &pushed).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let again = signed(&provider, "par", &proof, &pushed).await;
        assert_eq!((again.status, again.error()), (401, "invalid_client".to_owned()), "T-061");

        let request_uri = answer.member("request_uri");
        let query = encoded([
            ("client_id", &*provider.application.client_id),
            ("request_uri", &request_uri),
        ]);
        let mut user = sandbox.user(0);
        let landing =
            sandbox.log_in(&mut user, &format!("{}/authorize?{query}", sandbox.issuer())).await;
        let form = provider.redemption(landing.code());
        let answer = signed(&provider, "token", &assertion(&key, &provider), &form).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let token = answer.member("refresh_token");
        let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
        let answer = signed(&provider, "token", &assertion(&key, &provider), &form).await;
        assert_eq!((answer.status, answer.member("refresh_token")), (200, token.clone()));
        let access_token = answer.member("access_token");
        let form = [("token", access_token.as_str())];
        let answer = signed(&provider, "introspect", &assertion(&key, &provider), &form).await;
        assert_eq!(answer.json()["active"], true);
        let answer = signed(&provider, "revoke", &assertion(&key, &provider), &form).await;
        assert_eq!((answer.status, &*answer.text), (200, "{}"));
    }
}
