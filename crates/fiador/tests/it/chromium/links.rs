//! Links in text messages: one screen waits, another one answers (T-126 to T-129).

use super::screen::{DESKTOP, PHONE, Screen, one_at_a_time};
use crate::world::Sandbox;

/// Phones of the sandbox, by what they get.
pub(super) const LINK: usize = 5;
const CODE_OR_LINK: usize = 6;
const SEVERAL_WAYS: usize = 7;

/// Opens the demo's login for a phone, in a browser that then waits.
pub(super) async fn begin(
    sandbox: &Sandbox,
    waiting: &mut Screen,
    phone: usize,
    more: &str,
) -> String {
    let msisdn = sandbox.msisdn(phone);
    let base = sandbox.text("/sandbox");
    waiting.go(&format!("{base}/demo/start?app=1&msisdn={msisdn}{more}")).await;
    msisdn
}

/// Clicks the number on the phone that the waiting screen shows.
async fn choose(phone: &Screen, number: &str) {
    phone.click_css(&format!("button[name=number][value='{number}']")).await;
}

#[tokio::test]
async fn the_waiting_screen_goes_on_when_the_phone_has_chosen_its_number_t_128() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let mut waiting = Screen::open("link-waiting", DESKTOP).await;
    // Cookies are blocked on the second device: nothing of its own is needed there.
    let mut phone = Screen::open_without_cookies("link-phone", PHONE).await;
    let msisdn = begin(&sandbox, &mut waiting, LINK, "").await;
    let number = waiting.text("number-to-match").await;
    waiting.picture("wait").await;

    phone.go(&sandbox.link_after(&msisdn, 0).await).await;
    phone.find("link-answer").await;
    phone.picture("asks").await;
    choose(&phone, &number).await;
    phone.until_text("main", "other screen").await;
    phone.picture("answered").await;

    waiting.find("demo-signed-in").await;
    waiting.picture("signed-in").await;
    assert_eq!(phone.complaints().await, Vec::<String>::new(), "T-040");
    phone.close().await;
    waiting.close().await;
}

#[tokio::test]
async fn a_wrong_number_or_a_no_on_the_phone_ends_the_login_t_109() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let mut waiting = Screen::open("link-refused", PHONE).await;
    let mut phone = Screen::open("link-refusing", PHONE).await;
    for (round, answer) in ["wrong", "no"].into_iter().enumerate() {
        let msisdn = begin(&sandbox, &mut waiting, LINK, "").await;
        let right = waiting.text("number-to-match").await;
        phone.go(&sandbox.link_after(&msisdn, round).await).await;
        phone.find("link-answer").await;
        if answer == "wrong" {
            phone.click_css(&format!("button[name=number]:not([value='{right}'])")).await;
        } else {
            phone.click("deny").await;
        }
        phone.picture(answer).await;
        waiting.find("demo-failed").await;
        assert!(waiting.url().await.contains("error=access_denied"), "{answer}");
        waiting.picture(answer).await;
    }
    phone.close().await;
    waiting.close().await;
}

#[tokio::test]
async fn in_the_browser_that_waits_a_click_is_enough_t_128() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let mut screen = Screen::open("link-same-browser", PHONE).await;
    let msisdn = begin(&sandbox, &mut screen, LINK, "").await;
    screen.find("number-to-match").await;
    // The link again, on the host that the browser's cookie is for.
    let link = sandbox.link_after(&msisdn, 0).await.replacen("127.0.0.1", "localhost", 1);
    screen.go(&link).await;
    screen.find("approve").await;
    screen.picture("asks").await;
    screen.click("approve").await;
    screen.find("demo-signed-in").await;
    screen.close().await;
}

#[tokio::test]
async fn of_code_and_link_the_first_answer_wins_and_the_other_is_worthless() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let mut waiting = Screen::open("code-or-link", DESKTOP).await;
    let mut phone = Screen::open("code-or-link-phone", PHONE).await;
    let msisdn = begin(&sandbox, &mut waiting, CODE_OR_LINK, "").await;
    waiting.find("number-to-match").await;
    let code = sandbox.code_after(&msisdn, 0).await;
    let link = sandbox.link_after(&msisdn, 0).await;
    waiting.type_in("otp", &code).await;
    waiting.picture("both").await;
    waiting.click("submit-answer").await;
    waiting.find("demo-signed-in").await;
    phone.go(&link).await;
    assert!(!phone.has("link-answer").await, "T-126: it died with the code");
    phone.picture("dead-link").await;

    let seen = sandbox.messages(&msisdn).await.len();
    begin(&sandbox, &mut waiting, CODE_OR_LINK, "").await;
    let number = waiting.text("number-to-match").await;
    phone.go(&sandbox.link_after(&msisdn, seen).await).await;
    choose(&phone, &number).await;
    waiting.find("demo-signed-in").await;
    phone.close().await;
    waiting.close().await;
}

#[tokio::test]
async fn another_way_can_be_used_without_javascript_and_the_page_follows_by_itself() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let mut waiting = Screen::open_without_javascript("other-way", PHONE).await;
    let mut phone = Screen::open_without_javascript("other-way-phone", PHONE).await;
    let msisdn = begin(&sandbox, &mut waiting, SEVERAL_WAYS, "").await;
    waiting.find("otp").await;
    waiting.picture("code").await;
    waiting.click("other-way").await;
    let number = waiting.text("number-to-match").await;
    assert!(!waiting.has("otp").await, "the code is not asked for any more");
    waiting.picture("link").await;
    phone.go(&sandbox.link_after(&msisdn, 1).await).await;
    phone.picture("asks").await;
    choose(&phone, &number).await;
    phone.until_text("main", "other screen").await;
    waiting.find("demo-signed-in").await;
    phone.close().await;
    waiting.close().await;
}

async fn both_screens_in(language: &str, words: [&str; 2]) {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("oidc");
    let msisdn = sandbox.msisdn(LINK);
    let request = provider.request().for_number(&msisdn).with("ui_locales", language);
    let mut screen = Screen::open(&format!("link-{language}"), PHONE).await;
    screen.go(&provider.start(&request)).await;
    screen.until_text("main", words[0]).await;
    screen.picture("wait").await;
    screen.go(&sandbox.link_after(&msisdn, 0).await).await;
    screen.until_text("main", words[1]).await;
    screen.picture("asks").await;
    screen.close().await;
}

#[tokio::test]
async fn both_screens_speak_spanish() {
    both_screens_in("es", ["enlace", "otra pantalla"]).await;
}

#[tokio::test]
async fn both_screens_speak_portuguese() {
    both_screens_in("pt", ["link", "outro dispositivo"]).await;
}

#[tokio::test]
async fn both_screens_speak_german() {
    both_screens_in("de", ["Link", "anderer Bildschirm"]).await;
}

#[tokio::test]
async fn both_screens_speak_french() {
    both_screens_in("fr", ["lien", "autre écran"]).await;
}
