//! A login whose response is posted to the relying party, in a browser with JavaScript and in one
//! without, and the page that asks before it signs out.

use serde_json::json;

use super::screen::{DESKTOP, PHONE, Screen, one_at_a_time};
use crate::{relying_parties::apache_at, world::Sandbox};

async fn a_posted_login_and_a_logout(mut screen: Screen, runs_scripts: bool) {
    let sandbox = Sandbox::start(&[]);
    let apache = apache_at(&sandbox, &json!({}), "OIDCResponseMode form_post").await;
    let msisdn = sandbox.msisdn(3);
    screen.go(&apache.page()).await;
    screen.type_in("msisdn", &format!("+{msisdn}")).await;
    screen.click("submit-number").await;
    let code = sandbox.code_after(&msisdn, 0).await;
    screen.type_in("otp", &code).await;
    screen.click("submit-answer").await;
    screen.click("agree").await;
    if !runs_scripts {
        screen.find("form-post").await;
        screen.picture("return").await;
        screen.click("continue").await;
    }
    screen.until_text("phone_number", &format!("+{msisdn}")).await;
    assert_eq!(screen.url().await, apache.page());
    screen.picture("signed-in").await;

    // Who is not sent by the relying party is asked first (RP-Initiated Logout §2).
    screen.go(&format!("{}/logout", sandbox.issuer())).await;
    screen.find("confirm-logout").await;
    screen.picture("confirm-logout").await;
    screen.click("confirm-logout").await;
    screen.until_text("main", "signed out").await;
    screen.picture("signed-out-at-gateway").await;
    screen.go(&apache.logout()).await;
    screen.find("bye").await;
    let complaints = screen.complaints().await;
    assert!(complaints.iter().all(|c| c.contains("favicon")), "T-040: {complaints:?}");
    screen.close().await;
}

#[tokio::test]
async fn a_login_by_form_post_and_a_logout_with_javascript() {
    let _turn = one_at_a_time().await;
    a_posted_login_and_a_logout(Screen::open("form-post", DESKTOP).await, true).await;
}

#[tokio::test]
async fn a_login_by_form_post_and_a_logout_without_javascript() {
    let _turn = one_at_a_time().await;
    let screen = Screen::open_without_javascript("form-post-no-javascript", PHONE).await;
    a_posted_login_and_a_logout(screen, false).await;
}
