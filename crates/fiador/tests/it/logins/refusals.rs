//! Logins that end without a code.

use super::on_both_engines;
use crate::world::{Landing, Sandbox};

on_both_engines! {
    async fn three_wrong_codes_end_the_login(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let mut user = sandbox.user(0);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        let mut page = user.browser.open(&start).await.page();
        let right = sandbox.code_after(&user.msisdn, 0).await;
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for _ in 0..2 {
            let fields = [("code", wrong)];
            page = user.browser.submit(&page, "journey-answer", &fields).await.page();
            assert!(page.has("otp-error"), "{}", page.answer.text);
        }
        let last = page.clone();
        let away = user.browser.submit(&page, "journey-answer", &[("code", wrong)]).await.away();
        let landing = Landing::at(away);
        assert_eq!(landing.get("error"), "access_denied");
        assert_eq!(landing.get("error_description"), "User failed to authenticate");
        // The right code comes too late (T-121).
        let away = user.browser.submit(&last, "journey-answer", &[("code", &right)]).await.away();
        assert_eq!(Landing::at(away).get("error"), "access_denied");
    }

    async fn of_parallel_guesses_three_are_looked_at(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let mut user = sandbox.user(0);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        let page = user.browser.open(&start).await.page();
        let right = sandbox.code_after(&user.msisdn, 0).await;
        let guesses: Vec<_> = (0..40).map(|n| {
            let (mut browser, page) = (user.browser.clone(), page.clone());
            let wrong = if format!("{n:06}") == right { "999999".to_owned() } else { format!("{n:06}") };
            tokio::spawn(async move {
                browser.submit(&page, "journey-answer", &[("code", &wrong)]).await;
            })
        }).collect();
        for guess in guesses {
            guess.await.unwrap();
        }
        let away = user.browser.submit(&page, "journey-answer", &[("code", &right)]).await.away();
        assert_eq!(Landing::at(away).get("error"), "access_denied", "T-121");
    }

    async fn another_browser_cannot_answer(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let mut user = sandbox.user(0);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        let page = user.browser.open(&start).await.page();
        let code = sandbox.code_after(&user.msisdn, 0).await;

        let mut thief = sandbox.browser();
        let shown = thief.submit(&page, "journey-answer", &[("code", &code)]).await.page();
        assert_eq!(shown.answer.status, 404, "T-120, T-128");
        let mut other = sandbox.user(1);
        let start = provider.start(&provider.request().for_number(&other.msisdn));
        other.browser.open(&start).await.page();
        let shown = other.browser.submit(&page, "journey-answer", &[("code", &code)]).await.page();
        assert_eq!(shown.answer.status, 404, "T-034");

        let away = user.browser.submit(&page, "journey-answer", &[("code", &code)]).await.away();
        provider.tokens(Landing::at(away).code()).await;
    }

    async fn a_new_message_voids_the_code_of_the_old_one(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let mut user = sandbox.user(0);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        let page = user.browser.open(&start).await.page();
        let old = sandbox.code_after(&user.msisdn, 0).await;
        // The page says to wait some seconds before another message may be asked for.
        let new = crate::world::eventually("another message arrives", async || {
            user.browser.submit(&page, "again", &[]).await;
            (sandbox.messages(&user.msisdn).await.len() > 1).then_some(())
        });
        new.await;
        let new = sandbox.code_after(&user.msisdn, 1).await;
        let shown = user.browser.submit(&page, "journey-answer", &[("code", &old)]).await.page();
        assert!(shown.has("otp-error"), "T-121: {}", shown.answer.text);
        let away = user.browser.submit(&shown, "journey-answer", &[("code", &new)]).await.away();
        provider.tokens(Landing::at(away).code()).await;
    }

    async fn an_unknown_number_sees_the_same_page_gets_no_message_and_fails(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let mut browser = sandbox.browser();
        let known = provider.start(&provider.request().for_number("447700900001"));
        let known = sandbox.browser().open(&known).await.page();
        for unknown in ["447700900099", "34600000001"] {
            let start = provider.start(&provider.request().for_number(unknown));
            let mut page = browser.open(&start).await.page();
            assert_eq!(page.answer.status, known.answer.status);
            assert!(page.has("journey-answer") && page.has("otp"), "T-048");
            for _ in 0..2 {
                let fields = [("code", "123456")];
                page = browser.submit(&page, "journey-answer", &fields).await.page();
            }
            let away = browser.submit(&page, "journey-answer", &[("code", "123456")]).await.away();
            assert_eq!(Landing::at(away).get("error_description"), "User failed to authenticate");
        }
    }

    async fn a_level_that_nothing_reaches_is_refused_and_never_lowered(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let mut user = sandbox.user(0);
        for levels in ["3", "4", "3 4"] {
            let request = provider.request().with("acr_values", levels).for_number(&user.msisdn);
            let landing = Landing::at(user.browser.open(&provider.start(&request)).await.away());
            assert_eq!(landing.get("error"), "access_denied", "T-100");
            let text = "The requested level of assurance cannot be met";
            assert_eq!(landing.get("error_description"), text);
        }
        assert!(sandbox.messages(&user.msisdn).await.is_empty(), "T-262");
    }

    async fn a_user_can_cancel(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let mut user = sandbox.user(0);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        let page = user.browser.open(&start).await.page();
        let landing = Landing::at(user.browser.submit(&page, "cancel", &[]).await.away());
        assert_eq!(landing.get("error"), "access_denied");
        assert_eq!(landing.get("iss"), sandbox.issuer(), "T-038");
        // A second click gets the same answer.
        let landing = Landing::at(user.browser.submit(&page, "cancel", &[]).await.away());
        assert_eq!(landing.get("error"), "access_denied");
    }
}
