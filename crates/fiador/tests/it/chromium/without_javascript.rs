//! Everything works without JavaScript (docs/reference/pages.md).

use super::screen::{PHONE, Screen, one_at_a_time};
use crate::world::Sandbox;

#[tokio::test]
async fn a_login_without_javascript() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let mut screen = Screen::open_without_javascript("no-javascript", PHONE).await;
    let proof = "data:text/html,<p id=a>static</p><script>a.id='ran'</script>";
    screen.go(proof).await;
    assert!(screen.has("a").await, "JavaScript still runs");

    let msisdn = sandbox.msisdn(1);
    let start = format!("{}/demo/start?app=1&attributes=true", sandbox.text("/sandbox"));
    screen.go(&start).await;
    screen.type_in("msisdn", &format!("+{msisdn}")).await;
    screen.picture("number").await;
    screen.click("submit-number").await;
    let code = sandbox.code_after(&msisdn, 0).await;
    screen.type_in("otp", &code).await;
    screen.picture("code").await;
    screen.click("submit-answer").await;
    screen.picture("consent").await;
    screen.click("agree").await;
    screen.find("demo-signed-in").await;
    screen.picture("signed-in").await;
    screen.close().await;
}
