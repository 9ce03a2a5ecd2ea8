//! Attributes leave with consent, and consent is asked for once.

use serde_json::Value;

use super::on_both_engines;
use crate::world::Sandbox;

on_both_engines! {
    async fn consent_is_asked_for_once_and_again_for_more(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let less = provider.request().with("scope", "openid phone").with("prompt", "login");
        let more = less.clone().with("scope", "openid phone profile");
        let asked = ["journey-answer", "journey-consent"];
        for (request, pages) in
            [(&less, &asked[..]), (&less, &asked[..1]), (&more, &asked[..]), (&more, &asked[..1])]
        {
            let mut user = sandbox.user(0);
            let start = provider.start(&request.clone().for_number(&user.msisdn));
            let landing = sandbox.log_in(&mut user, &start).await;
            assert_eq!(user.filled_in, pages, "T-049");
            provider.tokens(landing.code()).await;
        }
    }

    async fn user_info_gives_what_was_agreed_and_nothing_else(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let mut user = sandbox.user(0);
        let request = provider.request().with("scope", "openid phone").for_number(&user.msisdn);
        let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
        let tokens = provider.tokens(landing.code()).await;
        let answer = provider.attributes("userinfo", &tokens.access_token).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let claims = answer.json();
        assert_eq!(claims["sub"], provider.claims(&tokens).await["sub"], "OIDC Core §5.3.2");
        assert_eq!(claims["phone_number"], format!("+{}", user.msisdn));
        assert_eq!(claims["given_name"], Value::Null, "T-200");
    }

    async fn premium_info_gives_the_number_in_the_form_of_mobile_connect(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let mut user = sandbox.user(0);
        let request =
            provider.request().for_attributes(&provider.application).for_number(&user.msisdn);
        let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
        assert_eq!(user.filled_in, ["journey-answer", "journey-consent"]);
        let tokens = provider.tokens(landing.code()).await;
        let answer = provider.attributes("premiuminfo", &tokens.access_token).await;
        assert_eq!(answer.json()["phone_number"], user.msisdn.as_str(), "{answer:?}");
    }

    async fn the_transaction_is_shown_on_page_and_phone(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let mut user = sandbox.user(0);
        let msisdn = user.msisdn.clone();
        let request = provider.request().for_attributes(&provider.application).for_number(&msisdn);
        let page = user.browser.open(&provider.start(&request)).await.page();
        assert_eq!(page.text_of("context"), "Order 7");
        assert_eq!(page.text_of("binding-message"), "B-7");
        sandbox.code_after(&msisdn, 0).await;
        let message = sandbox.messages(&msisdn).await[0]["text"].as_str().unwrap().to_owned();
        assert!(message.contains("B-7") && message.contains("Order 7"), "T-107: {message}");
    }

    async fn who_does_not_agree_shares_nothing(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let mut user = sandbox.user(0);
        let msisdn = user.msisdn.clone();
        let request = provider.request().for_attributes(&provider.application).for_number(&msisdn);
        let page = user.browser.open(&provider.start(&request)).await.page();
        let code = sandbox.code_after(&msisdn, 0).await;
        let page = user.browser.submit(&page, "journey-answer", &[("code", &code)]).await.page();
        assert!(page.text_of("shared").contains("Phone number"), "T-049");
        let away = user.browser.submit(&page, "refuse", &[("decision", "refuse")]).await.away();
        let landing = crate::world::Landing::at(away);
        assert_eq!(landing.get("error"), "access_denied");
        assert_eq!(landing.get("error_description"), "The user did not consent");
        assert_eq!(landing.get("state"), "a state with spaces");
    }
}
