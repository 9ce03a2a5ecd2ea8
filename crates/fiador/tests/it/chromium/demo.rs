//! The sandbox page: what a stranger sees first (docs/reference/sandbox.md).

use thirtyfour::WindowHandle;

use super::screen::{DESKTOP, PHONE, Screen, one_at_a_time};
use crate::world::Sandbox;

/// Opens the page, chooses an application and a phone, and begins to sign in. Gives the windows of
/// the page and of the login; the second one is in front.
async fn begin(
    screen: &mut Screen,
    sandbox: &Sandbox,
    application: usize,
    msisdn: &str,
) -> (WindowHandle, WindowHandle) {
    screen.go(sandbox.text("/sandbox")).await;
    let page = screen.window().await;
    screen.click_css(&format!("input[name=app][value='{application}']")).await;
    screen.choose("sign-in-phone", msisdn).await;
    screen.click("sign-in-attributes").await;
    screen.picture("sandbox").await;
    screen.click("sign-in-button").await;
    let login = screen.switch_to_new(std::slice::from_ref(&page)).await;
    (page, login)
}

/// The code that the phone panel of the page shows.
async fn code_on_the_phone(screen: &mut Screen, page: &WindowHandle, name: &str) -> String {
    screen.switch_to(page).await;
    let inbox = screen.until_text("inbox", &format!("is your code for {name}")).await;
    screen.scroll_to("inbox").await;
    screen.picture("phone-with-code").await;
    let at = inbox.find(&format!(" is your code for {name}")).unwrap();
    inbox[at - 6..at].to_owned()
}

async fn a_login_from_the_page(size: (u32, u32), application: usize) {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let name = sandbox.applications()[application].name.clone();
    let mut screen = Screen::open(&format!("demo-{application}"), size).await;
    let (page, login) = begin(&mut screen, &sandbox, application, &sandbox.msisdn(0)).await;
    assert!(screen.url().await.starts_with(&format!("{}/journey/", sandbox.issuer())));
    screen.find("otp").await;
    screen.picture("code").await;

    let code = code_on_the_phone(&mut screen, &page, &name).await;
    screen.switch_to(&login).await;
    screen.type_in("otp", &code).await;
    screen.click("submit-answer").await;
    let shared = screen.text("shared").await;
    assert!(shared.contains("Phone number"), "T-049: {shared}");
    screen.picture("consent").await;
    screen.click("agree").await;
    screen.find("demo-signed-in").await;
    screen.picture("signed-in").await;
    let complaints = screen.complaints().await;
    assert!(complaints.iter().all(|c| c.contains("favicon")), "T-040: {complaints:?}");

    screen.switch_to(&page).await;
    let outcome = screen.until_text("outcome", &format!("Signed in to {name}")).await;
    assert!(outcome.contains(&sandbox.msisdn(0)), "the number was shared: {outcome}");
    let trace = screen.text("trace").await;
    for line in ["/authorize", "submit_sm", "POST /token"] {
        assert!(trace.contains(line), "{line} is not in the trace: {trace}");
    }
    screen.scroll_to("outcome").await;
    screen.picture("outcome").await;
    let complaints = screen.complaints().await;
    assert_eq!(complaints, Vec::<String>::new(), "T-040");
    screen.close().await;
}

#[tokio::test]
async fn a_mobile_connect_login_from_the_sandbox_page_on_a_desktop() {
    a_login_from_the_page(DESKTOP, 0).await;
}

#[tokio::test]
async fn a_mobile_connect_login_from_the_sandbox_page_on_a_phone() {
    a_login_from_the_page(PHONE, 0).await;
}

#[tokio::test]
async fn an_oidc_login_from_the_sandbox_page_on_a_desktop() {
    a_login_from_the_page(DESKTOP, 1).await;
}

#[tokio::test]
async fn an_oidc_login_from_the_sandbox_page_on_a_phone() {
    a_login_from_the_page(PHONE, 1).await;
}

#[tokio::test]
async fn who_cancels_is_not_signed_in_and_the_page_says_why() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let mut screen = Screen::open("cancel", PHONE).await;
    let (page, _) = begin(&mut screen, &sandbox, 0, &sandbox.msisdn(0)).await;
    screen.click("cancel").await;
    screen.find("demo-failed").await;
    screen.picture("not-signed-in").await;
    screen.switch_to(&page).await;
    let outcome = screen.until_text("outcome", "not signed in").await;
    assert!(outcome.contains("access_denied"), "{outcome}");
    screen.picture("outcome").await;
    screen.close().await;
}
