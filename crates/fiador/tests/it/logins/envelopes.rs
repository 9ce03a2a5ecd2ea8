//! Attributes as JWT by registration (OpenID Connect Core §5.3.2).

use fiador_jose::jwe::{ContentEncryption, DecryptionKey, KeyManagement, decrypt};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Value, json};

use super::on_both_engines;
use crate::world::{Answer, Provider, REDIRECT_URI, Sandbox};

/// An application that is created with `more` in its registration.
pub(super) async fn created(sandbox: &Sandbox, more: &Value) -> Provider {
    let mut body = json!({
        "name": "Vault", "profile": "oidc", "redirect_uris": [REDIRECT_URI],
        "scopes": ["openid", "email"],
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let application = sandbox.register(&body).await;
    Provider { application, ..sandbox.provider("oidc") }
}

/// UserInfo after a login.
async fn user_info(sandbox: &Sandbox, provider: &Provider) -> Answer {
    let mut user = sandbox.user(0);
    let request = provider.request().with("scope", "openid email").for_number(&user.msisdn);
    let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
    let tokens = provider.tokens(landing.code()).await;
    let answer = provider.attributes("userinfo", &tokens.access_token).await;
    assert_eq!(answer.header("content-type"), "application/jwt", "{answer:?}");
    answer
}

/// The claims of a JWT for `provider` that the gateway signed with ES256.
async fn verified(provider: &Provider, token: &str) -> Value {
    let keys: JwkSet = serde_json::from_value(provider.get("jwks", None).await.json()).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.alg, Algorithm::ES256);
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_required_spec_claims(&["iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation.set_audience(&[&provider.application.client_id]);
    validation.set_issuer(&[&provider.issuer]);
    let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
    jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims
}

on_both_engines! {
    async fn a_signed_answer_is_verified_with_the_published_keys(sandbox: &Sandbox) {
        let provider = created(sandbox, &json!({ "userinfo_signed_response_alg": "ES256" })).await;
        let answer = user_info(sandbox, &provider).await;
        let claims = verified(&provider, &answer.text).await;
        assert_eq!(claims["email"], "one@subscriber.example");
    }

    async fn an_encrypted_answer_opens_with_the_clients_key_alone(sandbox: &Sandbox) {
        for (name, kind) in
            [("RSA-OAEP-256", KeyManagement::RsaOaep256), ("ECDH-ES", KeyManagement::EcdhEs)]
        {
            let key = DecryptionKey::generate(kind).unwrap();
            let other = DecryptionKey::generate(kind).unwrap().with_kid(key.kid()).unwrap();
            let registration = json!({
                "userinfo_signed_response_alg": "ES256",
                "userinfo_encrypted_response_alg": name,
                "jwks": { "keys": [key.public_jwk()] },
            });
            let provider = created(sandbox, &registration).await;
            let answer = user_info(sandbox, &provider).await;
            let content = [ContentEncryption::A256Gcm];
            assert!(decrypt(&answer.text, [&other], &content).is_err());
            let opened = decrypt(&answer.text, [&key], &content).unwrap();
            let inner = std::str::from_utf8(&opened.plaintext).unwrap();
            assert_eq!(verified(&provider, inner).await["email"], "one@subscriber.example");
        }
    }
}
