//! The operator-selection page (mobile-connect §1.4).

use std::time::Duration;

use axum::body::Body;
use http::Request;

use crate::world::{Answer, PAGE, REDIRECT_URL, World, basic, get, post};

async fn open(world: &World, page: &str, language: &str) -> Answer {
    let request = Request::get(page).header("accept-language", language);
    world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_page_offers_a_number_and_every_operator_of_the_application() {
    let world = World::new();
    let page = world.selection().await;
    let shown = open(&world, &page, "en").await;
    assert_eq!(shown.status, 200);
    for part in [
        "Who is your mobile operator?",
        r#"<form method="post" action="/v2/discovery/users/operator-selection">"#,
        r#"name="msisdn" type="tel""#,
        r#"name="mcc_mnc" value="234_15""#,
        r#"name="mcc_mnc" value="214_07""#,
        "Operator A",
        "Operator B",
        r#"name="cancel""#,
    ] {
        assert!(shown.text.contains(part), "{part} in {}", shown.text);
    }
    assert!(!shown.text.contains("<script"), "{}", shown.text);
    let spanish = open(&world, &page, "es-MX,en;q=0.5").await;
    assert!(spanish.text.contains("¿Cuál es tu operador móvil?"), "{}", spanish.text);
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
async fn a_number_leads_back_with_its_operator_alone_t_173() {
    let world = World::new();
    // The second spelling is national: the home country of this Discovery is GB.
    for number in ["+44 7700 900907", "07400 123456"] {
        let page = world.selection().await;
        let back = world.choose(&page, &[("msisdn", number)]).await;
        assert_eq!(back.status, 303, "{number}");
        assert_eq!(back.location(), format!("{REDIRECT_URL}&mcc_mnc=234_15"));
    }
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
