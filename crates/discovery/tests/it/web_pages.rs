//! Answers that scripts of web pages read (mobile-connect §6.2, row 5; T-041).

use axum::body::Body;
use http::Request;

use crate::world::{PAGE, REDIRECT_URL, World, basic, encoded, get};

const OWN: &str = "https://sp.example";

#[tokio::test]
async fn a_browser_may_send_what_a_script_of_any_page_asks_for() {
    let world = World::new();
    for path in ["/v2/discovery", "/v1/discovery/apis", "/v1/discovery/apis/operatorid"] {
        let request = Request::options(path)
            .header("origin", OWN)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization,content-type,x-source-ip")
            .body(Body::empty());
        let answer = world.send(request.unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""), "{path}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        let allowed = answer.headers["access-control-allow-headers"].to_str().unwrap();
        for name in ["authorization", "content-type", "x-source-ip"] {
            assert!(allowed.split(", ").any(|listed| listed == name), "{name}: {allowed}");
        }
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
}

#[tokio::test]
async fn a_page_of_the_application_reads_answers_and_errors_and_no_other_page_t_041() {
    let world = World::new();
    let found = [("Redirect_URL", REDIRECT_URL), ("MSISDN", "447700900907")];
    let wrong = [("Redirect_URL", "https://elsewhere.example/")];
    for (parameters, secret, status) in [
        (&found[..], "shop-secret", 200),
        (&found[..1], "shop-secret", 202),
        (&wrong[..], "shop-secret", 400),
        (&found[..], "guess", 401),
    ] {
        for (origin, may_read) in [
            (OWN, true),
            ("https://sp.example.evil.example", false),
            ("http://sp.example", false),
            ("https://sp.example:8443", false),
            ("null", false),
        ] {
            let authorization = basic("shop", secret);
            let request = get(parameters, &authorization, &[("origin", origin)]);
            let answer = world.send(request).await;
            assert_eq!(answer.status, status);
            let reader = answer.headers.get("access-control-allow-origin");
            assert_eq!(reader.is_some_and(|reader| reader == origin), may_read, "{origin}");
            assert_eq!(reader.is_some(), may_read, "{origin}");
            assert_eq!(answer.headers["vary"], "Origin");
        }
    }
    let stranger = get(&found, &basic("nobody", "x"), &[("origin", OWN)]);
    let answer = world.send(stranger).await;
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn no_script_reads_the_selection_page_t_041() {
    let world = World::new();
    let page = world.selection().await;
    let request = Request::get(page).header("origin", OWN).body(Body::empty()).unwrap();
    let answer = world.send(request).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
    let asked = Request::options(PAGE).header("origin", OWN).body(Body::empty()).unwrap();
    assert_eq!(world.send(asked).await.status, 405);
}

/// mobile-connect §6.2, row 6: the authenticator of WSO2 says to take XML and reads `Location`.
#[tokio::test]
async fn who_takes_no_json_is_led_to_the_selection_and_gets_json_when_there_is_no_choice() {
    let world = World::new();
    let xml = [("accept", "application/xml")];
    let answer = world.ask_with(&[], &xml).await;
    assert_eq!(answer.status, 302);
    assert!(answer.location().contains(PAGE), "{answer:?}");
    let answer = world.ask_with(&[("Selected-MCC", "234"), ("Selected-MNC", "15")], &xml).await;
    assert_eq!(answer.operator(), "Operator A");
    for accept in ["*/*", "application/*", "text/plain, application/json"] {
        assert_eq!(world.ask_with(&[], &[("accept", accept)]).await.status, 202, "{accept}");
    }
    let query = encoded(&[("Redirect_URL", REDIRECT_URL)]);
    let request = Request::get(format!("/v2/discovery?{query}"));
    let request = request.header("authorization", basic("shop", "shop-secret"));
    assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.status, 202);
}
