//! A code is good once, for the one it was given to, with everything it was asked for with.

use super::on_both_engines;
use crate::world::{Provider, Sandbox};

async fn fresh_code(sandbox: &Sandbox, provider: &Provider) -> String {
    let mut user = sandbox.user(0);
    let start = provider.start(&provider.request().for_number(&user.msisdn));
    sandbox.log_in(&mut user, &start).await.code().to_owned()
}

on_both_engines! {
    async fn a_second_redemption_is_refused_and_ends_what_the_first_gave(sandbox: &Sandbox) {
        for profile in ["mobile_connect", "oidc"] {
            let provider = sandbox.provider(profile);
            let code = fresh_code(sandbox, &provider).await;
            let tokens = provider.tokens(&code).await;
            assert!(provider.is_active(&tokens.access_token).await);

            let again = provider.redeem(&code).await;
            assert_eq!((again.status, again.error()), (400, "invalid_grant".to_owned()), "T-033");
            assert!(!provider.is_active(&tokens.access_token).await, "T-036");
            let answer = provider.attributes("userinfo", &tokens.access_token).await;
            assert_eq!((answer.status, answer.error()), (401, "invalid_token".to_owned()));
        }
    }

    async fn of_parallel_redemptions_one_at_most_gives_tokens(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let code = fresh_code(sandbox, &provider).await;
        let redemptions: Vec<_> = (0..16).map(|_| {
            let (provider, code) = (provider.clone(), code.clone());
            tokio::spawn(async move { provider.redeem(&code).await })
        }).collect();
        let mut winners = Vec::new();
        for redemption in redemptions {
            let answer = redemption.await.unwrap();
            match answer.status {
                200 => winners.push(answer.member("access_token")),
                _ => assert_eq!(answer.error(), "invalid_grant"),
            }
        }
        assert_eq!(winners.len(), 1, "T-033");
        assert!(!provider.is_active(&winners[0]).await, "T-036");
    }

    async fn another_client_cannot_use_a_code_nor_end_what_it_gave(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let stranger = sandbox.provider_where(|a| a.id_token_signed_response_alg == "ES256");
        let code = fresh_code(sandbox, &provider).await;
        assert_eq!(stranger.redeem(&code).await.error(), "invalid_grant", "T-034");

        let tokens = provider.tokens(&code).await;
        assert_eq!(stranger.redeem(&code).await.error(), "invalid_grant");
        assert!(provider.is_active(&tokens.access_token).await, "T-036: a stranger ended it");
    }

    async fn a_code_needs_the_redirect_uri_it_was_asked_for_with(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let code = fresh_code(sandbox, &provider).await;
        let registered = provider.application.redirect_uris[0].clone();
        for wrong in [registered.as_str(), "http://127.0.0.1/callback/", "https://evil.example/"] {
            let mut form = provider.redemption(&code);
            form.retain(|(name, _)| *name != "redirect_uri");
            form.push(("redirect_uri", wrong));
            let answer = provider.post("token", &form).await;
            assert_eq!((answer.status, answer.error()), (400, "invalid_grant".to_owned()), "T-034");
        }
        let mut form = provider.redemption(&code);
        form.retain(|(name, _)| *name != "redirect_uri");
        assert_eq!(provider.post("token", &form).await.status, 400);
    }

    async fn a_code_needs_its_verifier(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let code = fresh_code(sandbox, &provider).await;
        let without: Vec<_> = {
            let mut form = provider.redemption(&code);
            form.retain(|(name, _)| *name != "code_verifier");
            form
        };
        let mut wrong = without.clone();
        wrong.push(("code_verifier", "another-verifier-of-the-right-length-0123456789"));
        for form in [without, wrong] {
            let answer = provider.post("token", &form).await;
            assert_eq!((answer.status, answer.error()), (400, "invalid_grant".to_owned()), "T-032");
        }
    }

    async fn a_verifier_without_challenge_is_refused(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let code = fresh_code(sandbox, &provider).await;
        let mut form = provider.redemption(&code);
        form.push(("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        let answer = provider.post("token", &form).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_grant".to_owned()), "T-032");
    }

    async fn a_wrong_secret_is_told_by_challenge_and_leaves_the_code_good(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let code = fresh_code(sandbox, &provider).await;
        let mut guesser = provider.clone();
        guesser.application.client_secret = "guess".to_owned();
        let answer = guesser.redeem(&code).await;
        assert_eq!((answer.status, answer.error()), (401, "invalid_client".to_owned()));
        assert!(answer.header("www-authenticate").starts_with("Basic "), "RFC 6749 §5.2");
        provider.tokens(&code).await;
    }

    async fn an_altered_or_shortened_code_is_refused(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let code = fresh_code(sandbox, &provider).await;
        let middle = code.len() / 2;
        let other = if &code[middle..=middle] == "A" { "B" } else { "A" };
        let altered = format!("{}{other}{}", &code[..middle], &code[middle + 1..]);
        for bad in [altered.as_str(), &code[..code.len() - 1], &format!("{code}A"), "", "x"] {
            let answer = provider.redeem(bad).await;
            assert_eq!(answer.status, 400, "T-054: {bad}");
        }
        provider.tokens(&code).await;
    }

    async fn client_secret_post_works_like_client_secret_basic(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let code = fresh_code(sandbox, &provider).await;
        let mut form = provider.redemption(&code);
        form.push(("client_id", &provider.application.client_id));
        form.push(("client_secret", &provider.application.client_secret));
        let url = format!("{}/token", provider.base);
        let answer = provider.http.post(url).form(&form).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(answer.headers()["cache-control"], "no-store", "RFC 6749 §5.1");
    }
}
