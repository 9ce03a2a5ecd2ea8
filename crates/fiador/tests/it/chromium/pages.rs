//! The gateway's own pages: number, code, consent, their errors, in both languages.

use super::screen::{DESKTOP, PHONE, Screen, one_at_a_time};
use crate::world::Sandbox;

async fn number_code_and_consent(size: (u32, u32), language: &str, words: [&str; 3]) {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("oidc");
    let demo = provider.application.redirect_uris[0].clone();
    let request = provider
        .request()
        .for_attributes(&provider.application)
        .with("redirect_uri", &demo)
        .with("ui_locales", language);
    let [wrong_number, wrong_code, consent] = words;
    let msisdn = sandbox.msisdn(2);
    let mut screen = Screen::open(&format!("pages-{language}"), size).await;

    screen.go(&provider.start(&request)).await;
    screen.find("msisdn").await;
    screen.picture("number").await;
    screen.type_in("msisdn", "12").await;
    screen.click("submit-number").await;
    screen.until_text("msisdn-error", wrong_number).await;
    screen.picture("wrong-number").await;
    screen.type_in("msisdn", &format!("+{msisdn}")).await;
    screen.click("submit-number").await;

    let right = sandbox.code_after(&msisdn, 0).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    screen.type_in("otp", wrong).await;
    screen.click("submit-answer").await;
    screen.until_text("otp-error", wrong_code).await;
    screen.picture("wrong-code").await;
    screen.type_in("otp", &format!("{} {}", &right[..3], &right[3..])).await;
    screen.click("submit-answer").await;

    screen.find("agree").await;
    screen.until_text("main", consent).await;
    screen.picture("consent").await;
    assert_eq!(screen.complaints().await, Vec::<String>::new(), "T-040");
    screen.click("refuse").await;
    // The demo does not know this request: what counts is that the browser was sent back.
    screen.find("demo-failed").await;
    assert!(screen.url().await.contains("error=access_denied"), "{}", screen.url().await);
    screen.close().await;
}

#[tokio::test]
async fn number_code_and_consent_in_english_on_a_phone() {
    let words = ["not a phone number", "not the code", "Share with Demo Portal?"];
    number_code_and_consent(PHONE, "en", words).await;
}

#[tokio::test]
async fn number_code_and_consent_in_english_on_a_desktop() {
    let words = ["not a phone number", "not the code", "Share with Demo Portal?"];
    number_code_and_consent(DESKTOP, "en", words).await;
}

#[tokio::test]
async fn number_code_and_consent_in_spanish_on_a_phone() {
    let words = ["número", "Esa no es la clave", "Demo Portal"];
    number_code_and_consent(PHONE, "es", words).await;
}

#[tokio::test]
async fn pages_that_lead_nowhere_say_what_to_do() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("oidc");
    let mut screen = Screen::open("dead-ends", PHONE).await;
    screen.go(&format!("{}/journey/nobody-knows-this", sandbox.issuer())).await;
    screen.until_text("main", "start again").await;
    screen.picture("start-again").await;
    let request = provider.request().with("redirect_uri", "https://evil.example/");
    screen.go(&provider.start(&request)).await;
    screen.until_text("main", "Nothing was shared").await;
    screen.picture("unknown-service").await;
    screen.go(&format!("{}/logout", sandbox.issuer())).await;
    screen.until_text("main", "signed out").await;
    screen.picture("signed-out").await;
    screen.close().await;
}
