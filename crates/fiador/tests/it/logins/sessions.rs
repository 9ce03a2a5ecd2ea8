//! Login sessions of the `oidc` profile (decision 0006).

use super::on_both_engines;
use crate::world::{Landing, Provider, Sandbox, User, encoded};

/// A user who has logged in once.
async fn known_user(sandbox: &Sandbox, provider: &Provider) -> (User, String) {
    let mut user = sandbox.user(0);
    let start = provider.start(&provider.request().for_number(&user.msisdn));
    let landing = sandbox.log_in(&mut user, &start).await;
    let id_token = provider.tokens(landing.code()).await.id_token;
    user.filled_in.clear();
    (user, id_token)
}

on_both_engines! {
    async fn a_session_answers_the_next_request_without_a_page(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let (mut user, _) = known_user(sandbox, &provider).await;
        for prompt in [None, Some("none")] {
            let request = prompt.map_or(provider.request(), |p| provider.request().with("prompt", p));
            let away = user.browser.open(&provider.start(&request)).await.away();
            provider.tokens(Landing::at(away).code()).await;
        }
        assert_eq!(sandbox.messages(&user.msisdn).await.len(), 1);

        // Another application of the same browser: same session, another pseudonym.
        let other = sandbox.provider_where(|a| a.id_token_signed_response_alg == "ES256");
        let away = user.browser.open(&other.start(&other.request())).await.away();
        other.tokens(Landing::at(away).code()).await;
    }

    async fn the_session_id_is_new_after_each_authentication(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let (mut user, _) = known_user(sandbox, &provider).await;
        let before = user.browser.cookies["fiador_session"].clone();
        let request = provider.request().with("prompt", "login").for_number(&user.msisdn);
        sandbox.log_in(&mut user, &provider.start(&request)).await;
        assert_ne!(user.browser.cookies["fiador_session"], before, "T-042");
    }

    async fn max_age_zero_and_prompt_login_ask_again(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let (mut user, _) = known_user(sandbox, &provider).await;
        for (name, value) in [("max_age", "0"), ("prompt", "login")] {
            let request = provider.request().with(name, value).for_number(&user.msisdn);
            let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
            assert_eq!(user.filled_in, ["journey-answer"], "T-047: {name}={value}");
            provider.tokens(landing.code()).await;
            user.filled_in.clear();
        }
        let silent = provider.request().with("max_age", "0").with("prompt", "none");
        let landing = Landing::at(user.browser.open(&provider.start(&silent)).await.away());
        assert_eq!(landing.get("error"), "login_required", "OIDC Core §3.1.2.6");
    }

    async fn without_a_session_prompt_none_needs_a_login(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let silent = provider.request().with("prompt", "none");
        let away = sandbox.browser().open(&provider.start(&silent)).await.away();
        let landing = Landing::at(away);
        assert_eq!(landing.get("error"), "login_required");
        assert_eq!(landing.get("state"), "a state with spaces");
    }

    async fn a_session_does_not_agree_in_the_users_place(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let (mut user, _) = known_user(sandbox, &provider).await;
        let request = provider.request().for_attributes(&provider.application);
        let silent = provider.start(&request.clone().with("prompt", "none"));
        let landing = Landing::at(user.browser.open(&silent).await.away());
        assert_eq!(landing.get("error"), "consent_required", "T-047");

        let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
        assert_eq!(user.filled_in, ["journey-consent"], "the session spares the code, not this");
        let tokens = provider.tokens(landing.code()).await;
        let answer = provider.attributes("userinfo", &tokens.access_token).await;
        assert!(answer.json()["phone_number"].is_string(), "{answer:?}");
    }

    async fn logout_with_an_id_token_ends_the_session(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let (mut user, id_token) = known_user(sandbox, &provider).await;
        let back = provider.application.post_logout_redirect_uris[0].clone();
        let query = encoded([
            ("id_token_hint", id_token.as_str()),
            ("post_logout_redirect_uri", back.as_str()),
            ("state", "bye"),
        ]);
        let away = user.browser.open(&format!("{}/logout?{query}", sandbox.issuer())).await.away();
        assert_eq!(away.as_str(), format!("{back}?state=bye"));
        let silent = provider.request().with("prompt", "none");
        let landing = Landing::at(user.browser.open(&provider.start(&silent)).await.away());
        assert_eq!(landing.get("error"), "login_required", "T-056");
    }

    async fn logout_without_proof_asks_first_and_sends_nowhere_unregistered(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let (mut user, _) = known_user(sandbox, &provider).await;
        let url = format!(
            "{}/logout?client_id={}&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F",
            sandbox.issuer(), provider.application.client_id,
        );
        let page = user.browser.open(&url).await.page();
        let silent = provider.start(&provider.request().with("prompt", "none"));
        assert!(!Landing::at(user.browser.open(&silent).await.away()).code().is_empty());
        user.browser.submit(&page, "logout", &[]).await.page();
        let landing = Landing::at(user.browser.open(&silent).await.away());
        assert_eq!(landing.get("error"), "login_required");
    }

    async fn mobile_connect_asks_the_phone_each_time(sandbox: &Sandbox) {
        let portal = sandbox.provider("oidc");
        let (mut user, _) = known_user(sandbox, &portal).await;
        let shop = sandbox.provider("mobile_connect");
        for _ in 0..2 {
            let start = shop.start(&shop.request().for_number(&user.msisdn));
            let landing = sandbox.log_in(&mut user, &start).await;
            assert_eq!(user.filled_in, ["journey-answer"], "decision 0006");
            shop.tokens(landing.code()).await;
            user.filled_in.clear();
        }
    }
}
