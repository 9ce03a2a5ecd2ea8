//! A number that may not be prompted now: the page says when, and the way out is there (T-106).

use super::screen::{DESKTOP, PHONE, Screen, one_at_a_time};
use crate::world::Sandbox;

#[tokio::test]
async fn a_second_browser_is_told_to_wait_and_can_give_up_t_106() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&["--strict-send-budgets"]);
    let base = sandbox.text("/sandbox").to_owned();
    let start = |phone: usize| format!("{base}/demo/start?app=1&msisdn={}", sandbox.msisdn(phone));
    let first = Screen::open("held-first", PHONE).await;
    first.go(&start(0)).await;
    first.find("otp").await;

    let mut second = Screen::open("held-second", DESKTOP).await;
    second.go(&start(0)).await;
    second.find("wait").await;
    assert!(!second.has("otp").await, "nothing was sent for it");
    second.picture("held").await;
    assert_eq!(sandbox.messages(&sandbox.msisdn(0)).await.len(), 1);
    second.click("cancel").await;
    second.find("demo-failed").await;
    assert!(first.has("otp").await, "the first login goes on");
    second.close().await;
    first.close().await;
}
