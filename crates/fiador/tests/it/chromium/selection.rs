//! The operator-selection page of Discovery, by keyboard alone (mobile-connect §1.4).

use super::screen::{DESKTOP, PHONE, Screen, one_at_a_time};
use crate::world::{Application, Sandbox};

/// Texts of one language: title, error of a number that is too short, country, its button, and what
/// a page says that leads nowhere.
struct Words {
    title: &'static str,
    short: &'static str,
    unknown: &'static str,
    country: &'static str,
    lapsed: &'static str,
}

const ENGLISH: Words = Words {
    title: "Who is your mobile operator?",
    short: "This is not a complete number",
    unknown: "No operator found",
    country: "United States",
    lapsed: "start again",
};

const SPANISH: Words = Words {
    title: "¿Cuál es tu operador móvil?",
    short: "El número no está completo",
    unknown: "No encontramos el operador",
    country: "Estados Unidos",
    lapsed: "empieza de nuevo",
};

/// The page of a new selection that leads back to the demo service provider.
async fn selection(sandbox: &Sandbox, application: &Application) -> String {
    let redirect_url = &application.redirect_uris[0];
    let request = sandbox
        .http
        .get(format!("{}?Redirect_URL={redirect_url}", sandbox.text("/discovery")))
        .basic_auth(&application.discovery_client_id, Some(&application.discovery_client_secret));
    let body: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
    body["links"][0]["href"].as_str().unwrap().to_owned()
}

/// A number, wrong twice and then right, and after it an operator of another country; no mouse.
async fn number_then_operator(size: (u32, u32), language: &str, words: Words) {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let application = sandbox.provider("mobile_connect").application;
    let story = format!("operator-selection-{language}");
    let mut screen = Screen::open_in(&story, size, language).await;

    screen.go(&selection(&sandbox, &application).await).await;
    screen.until_text("main", words.title).await;
    screen.picture("selection").await;
    screen.tab_to("msisdn").await;
    screen.press("12").await;
    screen.tab_to("use-number").await;
    screen.press_enter().await;
    screen.until_text("msisdn-error", words.short).await;
    screen.picture("short-number").await;
    screen.tab_to("msisdn").await;
    screen.press("+33 6 12 34 56 78").await;
    // Enter in a field sends its form.
    screen.press_enter().await;
    screen.until_text("msisdn-error", words.unknown).await;
    screen.picture("unknown-number").await;
    screen.tab_to("msisdn").await;
    screen.press(&format!("+{}", sandbox.msisdn(0))).await;
    screen.press_enter().await;
    screen.find("demo-result").await;
    let url = screen.url().await;
    assert!(url.contains("mcc_mnc=234_15") && url.contains("subscriber_id="), "{url}");

    screen.go(&selection(&sandbox, &application).await).await;
    screen.tab_to("country").await;
    // Typing in a list chooses by the first letters.
    screen.press(words.country).await;
    screen.tab_to("show-operators").await;
    screen.press_enter().await;
    screen.until_text("operators", "Sandbox Telecom").await;
    screen.picture("another-country").await;
    screen.tab_to("operator-001_01").await;
    screen.press(" ").await;
    screen.tab_to("use-operator").await;
    screen.press_enter().await;
    screen.find("demo-result").await;
    assert!(screen.url().await.contains("mcc_mnc=001_01"), "{}", screen.url().await);

    screen.go(&selection(&sandbox, &application).await).await;
    screen.tab_to("cancel").await;
    screen.press_enter().await;
    screen.find("demo-result").await;
    assert!(screen.url().await.contains("error=access_denied"), "{}", screen.url().await);
    screen.go(&format!("{}/v2/discovery/users/operator-selection", sandbox.issuer())).await;
    screen.until_text("main", words.lapsed).await;
    screen.picture("lapsed").await;
    screen.close().await;
}

#[tokio::test]
async fn the_operator_selection_in_english_on_a_phone() {
    number_then_operator(PHONE, "en", ENGLISH).await;
}

#[tokio::test]
async fn the_operator_selection_in_english_on_a_desktop() {
    number_then_operator(DESKTOP, "en", ENGLISH).await;
}

#[tokio::test]
async fn the_operator_selection_in_spanish_on_a_phone() {
    number_then_operator(PHONE, "es", SPANISH).await;
}

#[tokio::test]
async fn the_operator_selection_in_spanish_on_a_desktop() {
    number_then_operator(DESKTOP, "es", SPANISH).await;
}

#[tokio::test]
async fn the_operator_selection_without_javascript() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let application = sandbox.provider("mobile_connect").application;
    let screen = Screen::open_without_javascript("operator-selection-plain", PHONE).await;
    screen.go(&selection(&sandbox, &application).await).await;
    screen.choose("country", "US").await;
    screen.click("show-operators").await;
    screen.until_text("operators", "Sandbox Telecom").await;
    screen.click("operator-001_01").await;
    screen.click("use-operator").await;
    screen.find("demo-result").await;
    assert!(screen.url().await.contains("mcc_mnc=001_01"), "{}", screen.url().await);
    screen.close().await;
}
