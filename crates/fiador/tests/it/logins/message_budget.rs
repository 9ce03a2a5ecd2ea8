//! Strict send budgets (T-122) as a user meets them.

use crate::world::Sandbox;

#[tokio::test]
async fn a_second_message_within_a_minute_is_not_sent_and_the_page_says_when() {
    let sandbox = Sandbox::start(&["--strict-send-budgets"]);
    let provider = sandbox.provider("mobile_connect");
    let mut user = sandbox.user(0);
    let start = provider.start(&provider.request().for_number(&user.msisdn));
    user.browser.open(&start).await.page();
    sandbox.code_after(&user.msisdn, 0).await;

    // Every spelling of the number draws on the same budget (T-123).
    for hint in ["MSISDN:447700900001", "tel:+447700900001"] {
        let request = provider.request().with("login_hint", hint);
        let page = sandbox.browser().open(&provider.start(&request)).await.page();
        assert!(page.has("wait"), "{hint}: {}", page.answer.text);
        assert!(!page.has("journey-answer"), "there is no code to type");
    }
    assert_eq!(sandbox.messages(&user.msisdn).await.len(), 1, "T-122");

    // An unknown number meets the same wall (T-048).
    for expected_to_wait in [false, true] {
        let request = provider.request().for_number("447700900098");
        let page = sandbox.browser().open(&provider.start(&request)).await.page();
        assert_eq!(page.has("wait"), expected_to_wait, "{}", page.answer.text);
    }
}
