//! The operator-selection page (mobile-connect §1.4).

use std::time::Duration;

use axum::body::Body;
use fiador_domain::quota::Limit;
use http::Request;

use crate::world::{Answer, PAGE, REDIRECT_URL, World, basic, get, post};

async fn open(world: &World, page: &str, language: &str) -> Answer {
    let request = Request::get(page).header("accept-language", language);
    world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_page_offers_a_number_countries_and_operators() {
    let world = World::new();
    let page = world.selection().await;
    let shown = open(&world, &page, "en").await;
    assert_eq!(shown.status, 200);
    for part in [
        "Who is your mobile operator?",
        r#"<form method="post" action="/v2/discovery/users/operator-selection" id="selection-number">"#,
        r#"name="msisdn" type="tel""#,
        r#"<option value="ES">Spain</option>"#,
        r#"<option value="GB" selected>United Kingdom</option>"#,
        r#"id="operator-234_15" name="mcc_mnc" value="234_15""#,
        "Operator A",
        r#"name="cancel""#,
    ] {
        assert!(shown.text.contains(part), "{part} in {}", shown.text);
    }
    assert!(!shown.text.contains("<script"), "{}", shown.text);
    assert!(!shown.text.contains("Operator B"), "another country's");
    let spanish = open(&world, &page, "es-MX,en;q=0.5").await;
    assert!(spanish.text.contains("¿Cuál es tu operador móvil?"), "{}", spanish.text);
    assert!(spanish.text.contains("España</option>"), "{}", spanish.text);
}

#[tokio::test]
async fn another_country_shows_its_operators() {
    let world = World::new();
    let page = world.selection().await;
    let spain = world.choose(&page, &[("country", "ES")]).await;
    assert_eq!(spain.status, 200);
    for part in [
        r#"<option value="ES" selected>Spain</option>"#,
        r#"<input type="hidden" name="country" value="ES">"#,
        "Operator B",
    ] {
        assert!(spain.text.contains(part), "{part} in {}", spain.text);
    }
    assert!(!spain.text.contains("Operator A"), "{}", spain.text);
    // Continuing without a choice stays in the country; an unknown one is our own.
    let again = world.choose(&page, &[("country", "ES"), ("mcc_mnc", "999_99")]).await;
    assert_eq!(again.status, 400);
    assert!(again.text.contains("Operator B") && again.text.contains("choice-error"));
    let unknown = world.choose(&page, &[("country", "<XX>")]).await;
    assert!(unknown.text.contains("Operator A") && !unknown.text.contains("XX"));
    let back = world.choose(&page, &[("country", "ES"), ("mcc_mnc", "214_07")]).await;
    assert_eq!(back.location(), format!("{REDIRECT_URL}&mcc_mnc=214_07"));
}

#[tokio::test]
async fn the_form_may_lead_to_the_service_provider_t_040() {
    let world = World::new();
    let shown = open(&world, &world.selection().await, "en").await;
    let policy = shown.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self'"), "{policy}");
    assert!(policy.ends_with("https: https://sp.example"), "{policy}");
    assert_eq!(shown.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn an_operator_that_is_not_the_applications_is_not_offered() {
    let world = World::new();
    let request = get(&[("Redirect_URL", REDIRECT_URL)], &basic("local", "local-secret"), &[]);
    let href = world.send(request).await.json()["links"][0]["href"].to_string();
    let page = href.trim_matches('"').strip_prefix("https://id.example").unwrap().to_owned();
    let shown = open(&world, &page, "en").await;
    assert!(shown.text.contains("234_15") && !shown.text.contains("214_07"));
    assert!(!shown.text.contains("<select"), "one country is no choice");
    let picked = world.choose(&page, &[("mcc_mnc", "214_07")]).await;
    assert_eq!(picked.status, 400);
    let typed = world.choose(&page, &[("msisdn", "+34600000001")]).await;
    assert!(typed.text.contains("No operator found for this number."), "{}", typed.text);
}

#[tokio::test]
async fn picking_an_operator_leads_back_and_the_next_request_is_answered() {
    let world = World::new();
    let page = world.selection().await;
    let back = world.choose(&page, &[("mcc_mnc", "214_07")]).await;
    assert_eq!(back.status, 303);
    assert_eq!(back.location(), format!("{REDIRECT_URL}&mcc_mnc=214_07"));
    let (mcc, mnc) = back.location().rsplit_once('=').unwrap().1.split_once('_').unwrap();
    let found = world.ask(&[("Selected-MCC", mcc), ("Selected-MNC", mnc)]).await;
    assert_eq!(found.operator(), "Operator B");
}

#[tokio::test]
async fn a_number_leads_back_with_its_operator_and_encrypted_t_173() {
    let world = World::new();
    // The second spelling is national: the home country of this Discovery is GB.
    for (number, reversed) in
        [("+44 7700 900907", "709009007744"), ("07400 123456", "654321004744")]
    {
        let page = world.selection().await;
        let back = world.choose(&page, &[("msisdn", number)]).await;
        assert_eq!(back.status, 303, "{number}");
        let start = format!("{REDIRECT_URL}&mcc_mnc=234_15&subscriber_id=ours-{reversed}&");
        assert!(back.location().starts_with(&start), "{}", back.location());
        let token = format!("&subscriber_id_token={reversed}.");
        assert!(back.location().contains(&token), "{}", back.location());
    }
    // This operator has no key.
    let page = world.selection().await;
    let back = world.choose(&page, &[("msisdn", "+34600000001")]).await;
    assert_eq!(back.location(), format!("{REDIRECT_URL}&mcc_mnc=214_07"));
}

#[tokio::test]
async fn who_gives_up_after_a_number_that_led_nowhere_takes_the_reason_along() {
    let world = World::new();
    let parameters = [("Redirect_URL", REDIRECT_URL)];
    for (application, number, reason) in [
        ("shop", "+33612345678", Some("MSISDNNotFound")),
        ("local", "+34600000001", Some("NotSupportedOperatorMSISDN")),
        ("shop", "12", None),
    ] {
        let authorization = basic(application, &format!("{application}-secret"));
        let body = world.send(get(&parameters, &authorization, &[])).await.json();
        let href = body["links"][0]["href"].as_str().unwrap();
        let page = href.strip_prefix("https://id.example").unwrap();
        assert_eq!(world.choose(page, &[("msisdn", number)]).await.status, 400);
        let back = world.choose(page, &[("cancel", "1")]).await;
        assert!(back.location().contains("&error=access_denied&"), "{}", back.location());
        let err_msg = back.location().split_once("&err_msg=").map(|(_, reason)| reason);
        assert_eq!(err_msg, reason, "{number}");
    }
}

#[tokio::test]
async fn one_network_cannot_scan_through_many_pages_t_173() {
    let world = World::with(|settings| settings.unknown_numbers = Limit::per_seconds(4, 600));
    for n in 0..4 {
        let page = world.selection().await;
        let number = format!("+3361234567{n}");
        assert_eq!(world.choose(&page, &[("msisdn", &number)]).await.status, 400);
    }
    let page = world.selection().await;
    let refused = world.choose(&page, &[("msisdn", "+447700900907")]).await;
    assert_eq!(refused.status, 429);
    assert_eq!(world.choose(&page, &[("mcc_mnc", "234_15")]).await.status, 303);
}

#[tokio::test]
async fn a_mistake_is_explained_beside_its_field() {
    let world = World::new();
    let page = world.selection().await;
    for (parameters, part) in [
        (("msisdn", "12"), "This is not a complete number."),
        (("msisdn", "+33 6 12 34 56 78"), "No operator found for this number."),
        (("mcc_mnc", "999_99"), "Please choose one of these operators."),
        (("msisdn", ""), "Please choose one of these operators."),
    ] {
        let again = world.choose(&page, &[parameters]).await;
        assert_eq!(again.status, 400, "{parameters:?}");
        assert!(again.text.contains(part), "{parameters:?}: {}", again.text);
        assert!(again.text.contains(r#"role="alert""#));
    }
}

#[tokio::test]
async fn numbers_cannot_be_scanned_through_one_page_t_173() {
    let world = World::new();
    let page = world.selection().await;
    for _ in 0..5 {
        assert_eq!(world.choose(&page, &[("msisdn", "+33612345678")]).await.status, 400);
    }
    let refused = world.choose(&page, &[("msisdn", "+447700900907")]).await;
    assert_eq!(refused.status, 429);
    assert!(refused.text.contains("Too many numbers"), "{}", refused.text);
    // The list is still a way on.
    assert_eq!(world.choose(&page, &[("mcc_mnc", "234_15")]).await.status, 303);
}

#[tokio::test]
async fn cancelling_leads_back_with_an_error() {
    let world = World::new();
    let page = world.selection().await;
    let back = world.choose(&page, &[("cancel", "1")]).await;
    assert_eq!(back.status, 303);
    assert!(back.location().starts_with(&format!("{REDIRECT_URL}&error=access_denied&")));
    assert!(back.location().contains("&description=The%20user"), "{}", back.location());
}

#[tokio::test]
async fn unknown_old_and_broken_sessions_look_the_same_and_lead_nowhere() {
    let world = World::new();
    let page = world.selection().await;
    world.clock.advance(Duration::from_mins(10));
    let old = open(&world, &page, "en").await;
    assert_eq!(old.status, 404);
    assert!(old.text.contains("Please go back to the service you came from and start again."));
    for path in [format!("{PAGE}?session_id=x"), PAGE.to_owned(), format!("{PAGE}?session_id=%ff")]
    {
        let other = open(&world, &path, "en").await;
        assert_eq!((other.status, &other.text), (old.status, &old.text), "{path}");
    }
    let late = world.choose(&page, &[("mcc_mnc", "234_15")]).await;
    assert_eq!((late.status, &late.text), (old.status, &old.text));
    let bare = world.send(post(PAGE, &[("mcc_mnc", "234_15")], &[])).await;
    assert_eq!(bare.status, 404);
}

#[tokio::test]
async fn going_back_and_choosing_again_works() {
    let world = World::new();
    let page = world.selection().await;
    assert_eq!(world.choose(&page, &[("mcc_mnc", "234_15")]).await.status, 303);
    assert_eq!(open(&world, &page, "en").await.status, 200);
    assert_eq!(world.choose(&page, &[("mcc_mnc", "214_07")]).await.status, 303);
}
