//! What each profile's login gives.

use serde_json::{Value, json};

use super::on_both_engines;
use crate::world::Sandbox;

on_both_engines! {
    async fn a_mobile_connect_login_gives_the_claims_of_its_profile(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let mut user = sandbox.user(0);
        let hint = format!("MSISDN:{}", user.msisdn);
        let request = provider.request().with("login_hint", &hint).with("correlation_id", "c-7");
        let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
        assert_eq!(user.filled_in, ["journey-answer"], "no page but the code's");
        assert_eq!(landing.get("state"), "a state with spaces");
        assert_eq!(landing.get("iss"), sandbox.issuer(), "T-038");
        assert_eq!(landing.get("correlation_id"), "c-7");

        let tokens = provider.tokens(landing.code()).await;
        assert_eq!(tokens.answer["token_type"], "Bearer");
        assert!(tokens.access_token.len() <= 1024, "decision 0001");
        let claims = provider.claims(&tokens).await;
        assert_eq!(claims["aud"], json!([provider.application.client_id]));
        assert_eq!(claims["azp"], json!(provider.application.client_id));
        assert_eq!(claims["nonce"], "nonce-1");
        assert_eq!(claims["acr"], "2");
        assert_eq!(claims["amr"], json!(["OTP_OK"]));
        assert_eq!(claims["hashed_login_hint"], fiador_kernel::Digest::of(&hint).to_hex());
        assert!(claims["at_hash"].is_string() && claims["auth_time"].is_i64());
        assert!(!claims["sub"].as_str().unwrap().contains(&user.msisdn), "T-067");
        assert!(!landing.url.as_str().contains(&user.msisdn));
    }

    async fn an_oidc_login_gives_the_claims_of_its_profile(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let mut user = sandbox.user(1);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        let landing = sandbox.log_in(&mut user, &start).await;
        let claims = provider.claims(&provider.tokens(landing.code()).await).await;
        assert_eq!(claims["acr"], "2");
        assert_eq!(claims["amr"], json!(["otp", "sms"]), "RFC 8176");
        assert_eq!(claims["hashed_login_hint"], Value::Null);
    }

    async fn an_application_registered_for_es256_gets_es256(sandbox: &Sandbox) {
        let provider = sandbox.provider_where(|a| a.id_token_signed_response_alg == "ES256");
        let mut user = sandbox.user(0);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        let landing = sandbox.log_in(&mut user, &start).await;
        // Checks the signature with the published key, by ES256 alone.
        provider.claims(&provider.tokens(landing.code()).await).await;
    }

    async fn a_user_has_one_pseudonym_in_a_sector_and_another_elsewhere(sandbox: &Sandbox) {
        let mut subjects = Vec::new();
        for profile in ["oidc", "oidc", "mobile_connect"] {
            let provider = sandbox.provider(profile);
            let mut user = sandbox.user(0);
            let start = provider.start(&provider.request().for_number(&user.msisdn));
            let landing = sandbox.log_in(&mut user, &start).await;
            let claims = provider.claims(&provider.tokens(landing.code()).await).await;
            subjects.push(claims["sub"].clone());
        }
        assert_eq!(subjects[0], subjects[1], "T-067");
        assert_ne!(subjects[0], subjects[2], "T-284");
    }

    async fn parallel_first_logins_get_one_pseudonym(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let phone = sandbox.phones().iter().position(|phone| phone.auto).unwrap();
        let start = provider.start(&provider.request().for_number(&sandbox.msisdn(phone)));
        let logins = (0..8).map(|_| {
            let (provider, start, mut user) = (provider.clone(), start.clone(), sandbox.user(phone));
            tokio::spawn(async move {
                let landing = user.log_in(&start, async || "424242".to_owned()).await;
                let tokens = provider.tokens(landing.code()).await;
                provider.claims(&tokens).await["sub"].as_str().unwrap().to_owned()
            })
        });
        let mut subjects = Vec::new();
        for login in logins.collect::<Vec<_>>() {
            subjects.push(login.await.unwrap());
        }
        subjects.dedup();
        assert_eq!(subjects.len(), 1, "T-067");
    }

    async fn a_request_by_post_and_an_answer_by_form_post_work_alike(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let mut user = sandbox.user(0);
        let msisdn = user.msisdn.clone();
        let request = provider.request().for_number(&msisdn).with("response_mode", "form_post");
        let url = format!("{}/authorize", sandbox.issuer());
        let page = user.browser.post(&url, request.encoded()).await.page();
        let code = sandbox.code_after(&msisdn, 0).await;
        let fields = [("code", code.as_str())];
        let page = user.browser.submit(&page, "journey-answer", &fields).await.page();
        let form = page.form("form-post");
        assert_eq!(form.action, crate::world::REDIRECT_URI);
        let field = |name: &str| form.hidden.iter().find(|(n, _)| n == name).unwrap().1.clone();
        assert_eq!(field("iss"), sandbox.issuer(), "T-038");
        assert_eq!(field("state"), "a state with spaces");
        provider.tokens(&field("code")).await;
    }
}
