//! Basic OP: codes and tokens.

use fiador_jose::{Algorithm, SigningKey};
use fiador_kernel::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::suite::{NONCE, Suite, exchange, register};
use crate::world::{Answer, Tokens};

#[tokio::test]
async fn oidcc_server() {
    let mut suite = Suite::start().await;
    let tokens = suite.log_in(&[]).await;
    assert_eq!(tokens.answer["token_type"], "Bearer");
    assert!(tokens.answer["expires_in"].is_u64());
    let claims = suite.claims(&tokens).await;
    assert_eq!(claims["iss"], suite.client.issuer);
    let audience: Vec<Value> = serde_json::from_value(claims["aud"].clone()).unwrap();
    assert_eq!(audience, [json!(suite.client.application.client_id)]);
    assert_eq!(claims["nonce"], NONCE);
    for time in ["iat", "exp", "auth_time"] {
        assert!(claims[time].is_i64(), "{time}");
    }
    assert!(claims["sub"].as_str().is_some_and(|sub| sub.len() <= 255));
    assert_eq!(suite.user_info(&tokens).await["sub"], claims["sub"]);
}

#[tokio::test]
async fn oidcc_idtoken_signature() {
    let mut suite = Suite::start().await;
    let tokens = suite.log_in(&[]).await;
    let header = jsonwebtoken::decode_header(&tokens.id_token).unwrap();
    assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
    let keys = suite.client.get("jwks", None).await.json();
    let of_this_id = |key: &&Value| key["kid"].as_str() == header.kid.as_deref();
    assert_eq!(keys["keys"].as_array().unwrap().iter().filter(of_this_id).count(), 1);
    suite.claims(&tokens).await;
}

#[tokio::test]
async fn oidcc_userinfo_get_post_header_and_post_body() {
    let mut suite = Suite::start().await;
    let tokens = suite.log_in(&[]).await;
    let sub = suite.claims(&tokens).await["sub"].clone();
    let url = format!("{}/userinfo", suite.client.base);
    let http = &suite.sandbox.http;
    let token = tokens.access_token.as_str();
    for request in [
        http.get(&url).bearer_auth(token),
        http.post(&url).bearer_auth(token),
        http.post(&url).form(&[("access_token", token)]),
    ] {
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json()["sub"], sub);
    }
}

#[tokio::test]
async fn oidcc_codereuse() {
    let mut suite = Suite::start().await;
    let callback = suite.authorize(&[]).await;
    let tokens = Tokens::of(&suite.redeem(&callback["code"]).await);
    let again = suite.redeem(&callback["code"]).await;
    assert_eq!((again.status, again.error().as_str()), (400, "invalid_grant"));
    let answer = suite.client.attributes("userinfo", &tokens.access_token).await;
    assert_eq!(answer.status, 401, "RFC 6749 §4.1.2: {answer:?}");
}

#[tokio::test]
async fn oidcc_server_client_secret_post() {
    let registration = json!({"token_endpoint_auth_method": "client_secret_post"});
    let mut suite = Suite::with(&registration).await;
    let callback = suite.authorize(&[]).await;
    let mut form = exchange(&callback["code"]);
    form.push(("client_id", &suite.client.application.client_id));
    form.push(("client_secret", &suite.client.application.client_secret));
    let request = suite.sandbox.http.post(format!("{}/token", suite.client.base)).form(&form);
    let tokens = Tokens::of(&Answer::read(request.send().await.unwrap()).await);
    suite.claims(&tokens).await;
}

/// The same plan with `client_auth_type=private_key_jwt`.
#[tokio::test]
async fn oidcc_server_by_private_key_jwt() {
    for (algorithm, name) in [(Algorithm::Rs256, "RS256"), (Algorithm::Es256, "ES256")] {
        let key = SigningKey::generate(algorithm).unwrap();
        let mut suite = Suite::with(&json!({
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": name,
            "jwks": {"keys": [key.public_jwk()]},
        }))
        .await;
        assert_eq!(suite.client.application.client_secret, "", "there is no secret to tell");
        let callback = suite.authorize(&[]).await;
        let id = suite.client.application.client_id.as_str();
        let now = SystemClock.now().as_seconds();
        let assertion = json!({
            "iss": id, "sub": id, "aud": suite.client.issuer, "jti": "gU5fYp3gqB",
            "iat": now, "exp": now + 60,
        });
        let assertion = key.sign_compact(Some("JWT"), &assertion).unwrap();
        let mut form = exchange(&callback["code"]);
        form.push(("client_id", id));
        form.push((
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ));
        form.push(("client_assertion", &assertion));
        let request = suite.sandbox.http.post(format!("{}/token", suite.client.base)).form(&form);
        let tokens = Tokens::of(&Answer::read(request.send().await.unwrap()).await);
        assert_eq!(suite.claims(&tokens).await["aud"], json!([id]));
    }
}

#[tokio::test]
async fn oidcc_refresh_token() {
    let registration = json!({
        "grant_types": ["authorization_code", "refresh_token"],
        "scopes": ["openid", "offline_access"],
    });
    let mut suite = Suite::with(&registration).await;
    let changes = [("scope", "openid offline_access"), ("prompt", "consent")];
    let first = suite.log_in(&changes).await;
    let refresh_token = first.answer["refresh_token"].as_str().unwrap().to_owned();
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];

    let other = register(&suite.sandbox, &registration).await;
    let stolen = other.post("token", &form).await;
    assert_eq!((stolen.status, stolen.error().as_str()), (400, "invalid_grant"));

    let second = suite.client.post("token", &form).await;
    assert_eq!(second.status, 200, "{second:?}");
    let access_token = second.member("access_token");
    assert_ne!(access_token, first.access_token);
    let claims = suite.claims(&first).await;
    let answer = suite.client.attributes("userinfo", &access_token).await;
    assert_eq!(answer.json()["sub"], claims["sub"], "{answer:?}");
    if second.json().get("id_token").is_some() {
        let renewed = suite.claims(&Tokens::of(&second)).await;
        for claim in ["iss", "sub", "aud", "auth_time"] {
            assert_eq!(renewed[claim], claims[claim], "OpenID Connect Core §12.2");
        }
    }
}
