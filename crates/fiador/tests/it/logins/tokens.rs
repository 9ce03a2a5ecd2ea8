//! Tokens: introspection, revocation, and who may ask.

use super::on_both_engines;
use crate::world::{Provider, Sandbox, Tokens};

async fn fresh_tokens(sandbox: &Sandbox, provider: &Provider) -> Tokens {
    let mut user = sandbox.user(0);
    let start = provider.start(&provider.request().for_number(&user.msisdn));
    let landing = sandbox.log_in(&mut user, &start).await;
    provider.tokens(landing.code()).await
}

on_both_engines! {
    async fn a_revoked_token_is_dead_everywhere(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let tokens = fresh_tokens(sandbox, &provider).await;
        let answer = provider.introspect(&tokens.access_token).await.json();
        assert_eq!(answer["active"], true);
        assert_eq!(answer["client_id"], provider.application.client_id.as_str());
        assert_eq!(answer["iss"], sandbox.issuer());

        assert_eq!(provider.revoke(&tokens.access_token).await.status, 200);
        assert!(!provider.is_active(&tokens.access_token).await, "T-056");
        let userinfo = provider.attributes("userinfo", &tokens.access_token).await;
        assert_eq!(userinfo.status, 401);
        assert!(userinfo.header("www-authenticate").starts_with("Bearer error=\"invalid_token\""));
        assert_eq!(provider.revoke(&tokens.access_token).await.status, 200, "RFC 7009 §2.2");
    }

    async fn unknown_foreign_and_ended_tokens_look_alike(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let stranger = sandbox.provider("mobile_connect");
        let tokens = fresh_tokens(sandbox, &provider).await;
        let foreign = stranger.introspect(&tokens.access_token).await;
        let unknown = stranger.introspect("nonsense").await;
        assert_eq!((foreign.status, foreign.text.clone()), (unknown.status, unknown.text), "T-058");
        assert_eq!(foreign.text, r#"{"active":false}"#);

        // A stranger's revocation is acknowledged, and does nothing (RFC 7009 §2.1).
        assert_eq!(stranger.revoke(&tokens.access_token).await.status, 200);
        assert!(provider.is_active(&tokens.access_token).await);
        assert!(!provider.is_active(&tokens.id_token).await, "T-064: an ID Token is no access token");
    }

    async fn nobody_asks_about_tokens_without_a_secret(sandbox: &Sandbox) {
        let mut provider = sandbox.provider("oidc");
        let tokens = fresh_tokens(sandbox, &provider).await;
        provider.application.client_secret.clear();
        for endpoint in ["introspect", "revoke"] {
            let answer = provider.post(endpoint, &[("token", &tokens.access_token)]).await;
            assert_eq!((answer.status, answer.error()), (401, "invalid_client".to_owned()));
        }
    }

    async fn resources_refuse_everything_that_is_no_token_for_them(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let tokens = fresh_tokens(sandbox, &provider).await;
        for bad in ["nonsense", &tokens.id_token, &tokens.access_token[1..]] {
            let answer = provider.attributes("userinfo", bad).await;
            assert_eq!((answer.status, answer.error()), (401, "invalid_token".to_owned()), "T-066");
        }
        assert_eq!(provider.get("userinfo", None).await.status, 401);
        let query = format!("userinfo?access_token={}", tokens.access_token);
        assert_eq!(provider.get(&query, None).await.error(), "invalid_request");
        let answer = provider.attributes("premiuminfo", &tokens.access_token).await;
        assert_eq!((answer.status, answer.error()), (403, "insufficient_scope".to_owned()));
    }
}
