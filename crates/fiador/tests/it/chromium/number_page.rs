//! The page that asks for a number, and the one for the code, by keyboard alone (WCAG 2.2: 2.1.1).

use super::screen::{DESKTOP, PHONE, Screen, one_at_a_time};
use crate::world::Sandbox;

/// A login without a mouse: a number that is none, a way back and forth, the right number, the code.
async fn number_and_code(size: (u32, u32), language: &str, wrong_number: &str) {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("mobile_connect");
    let demo = provider.application.redirect_uris[0].clone();
    let request = provider.request().with("redirect_uri", &demo);
    let msisdn = sandbox.msisdn(1);
    let mut screen = Screen::open_in(&format!("number-{language}"), size, language).await;

    screen.go(&provider.start(&request)).await;
    screen.find("msisdn").await;
    screen.tab_to("msisdn").await;
    screen.press("12").await;
    screen.tab_to("submit-number").await;
    screen.press_enter().await;
    screen.until_text("msisdn-error", wrong_number).await;
    screen.picture("wrong-number").await;
    screen.tab_to("msisdn").await;
    screen.press_select_all().await;
    screen.press(&format!("+{msisdn}")).await;
    screen.picture("number").await;
    // Enter in a field sends its form.
    screen.press_enter().await;

    screen.find("otp").await;
    let code = sandbox.code_after(&msisdn, 0).await;
    screen.tab_to("otp").await;
    screen.press(&code).await;
    screen.picture("code").await;
    screen.press_enter().await;
    // The demo does not know this request: what counts is that the browser was sent back.
    screen.find("demo-result").await;
    assert!(screen.url().await.contains("code="), "{}", screen.url().await);

    screen.go(&provider.start(&request)).await;
    screen.tab_to("cancel").await;
    screen.press_enter().await;
    screen.find("demo-result").await;
    assert!(screen.url().await.contains("error=access_denied"), "{}", screen.url().await);
    screen.close().await;
}

#[tokio::test]
async fn a_number_by_keyboard_in_english_on_a_phone() {
    number_and_code(PHONE, "en", "not a phone number").await;
}

#[tokio::test]
async fn a_number_by_keyboard_in_english_on_a_desktop() {
    number_and_code(DESKTOP, "en", "not a phone number").await;
}

#[tokio::test]
async fn a_number_by_keyboard_in_spanish_on_a_phone() {
    number_and_code(PHONE, "es", "no es un número de teléfono").await;
}

#[tokio::test]
async fn a_number_by_keyboard_in_spanish_on_a_desktop() {
    number_and_code(DESKTOP, "es", "no es un número de teléfono").await;
}
