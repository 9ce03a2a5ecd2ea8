//! Without a hint, the page asks whose phone to reach.

use super::on_both_engines;
use crate::world::Sandbox;

on_both_engines! {
    async fn every_spelling_of_a_number_reaches_the_same_phone(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let start = provider.start(&provider.request());
        let mut subjects = Vec::new();
        for (seen, spelling) in
            ["+447700900001", "00447700900001", "07700 900001", "+44 (7700) 900-001"]
                .into_iter()
                .enumerate()
        {
            let mut user = sandbox.user(0);
            let page = user.browser.open(&start).await.page();
            let fields = [("msisdn", spelling)];
            let page = user.browser.submit(&page, "journey-number", &fields).await;
            let landing =
                user.go_on(page, async || sandbox.code_after("447700900001", seen).await).await;
            assert_eq!(user.filled_in, ["journey-answer"], "{spelling} was asked for again");
            let tokens = provider.tokens(landing.code()).await;
            subjects.push(provider.claims(&tokens).await["sub"].clone());
        }
        subjects.dedup();
        assert_eq!(subjects.len(), 1, "T-123");
    }

    async fn what_is_no_number_is_asked_for_again(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let mut user = sandbox.user(0);
        let mut page = user.browser.open(&provider.start(&provider.request())).await.page();
        for nonsense in ["", "12", "hello", "+44 7700 900001 <b>", "++++"] {
            let fields = [("msisdn", nonsense)];
            page = user.browser.submit(&page, "journey-number", &fields).await.page();
            assert!(page.has("msisdn-error"), "{nonsense}: {}", page.answer.text);
            assert!(!page.answer.text.contains("<b>"), "T-011");
        }
        let landing = sandbox.log_in(&mut user, &page.url).await;
        provider.tokens(landing.code()).await;
    }

    async fn pages_speak_the_language_of_the_request(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let mut browser = sandbox.browser();
        let request = provider.request().with("ui_locales", "es");
        let page = browser.open(&provider.start(&request)).await.page();
        assert!(page.answer.text.contains("<html lang=\"es\""), "{}", page.answer.text);
        let mut browser = sandbox.browser();
        browser.speaks("es-MX,en;q=0.5");
        let page = browser.open(&provider.start(&provider.request())).await.page();
        assert!(page.answer.text.contains("<html lang=\"es\""));
    }

    async fn pages_cannot_be_framed_cached_or_scripted(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let page = sandbox.browser().open(&provider.start(&provider.request())).await.page();
        let policy = page.answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "T-040: {policy}");
        assert!(!policy.contains("unsafe-inline"), "T-040: {policy}");
        assert_eq!(page.answer.header("x-content-type-options"), "nosniff");
        assert_eq!(page.answer.header("referrer-policy"), "no-referrer");
        assert!(page.answer.header("cache-control").contains("no-store"));
        assert!(!page.answer.text.contains("<script>"));
        assert_eq!(page.answer.header("access-control-allow-origin"), "", "T-041");
    }
}
