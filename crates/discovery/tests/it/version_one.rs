//! The interface of 2014, a thin alias (mobile-connect §1.1).

use axum::body::Body;
use http::Request;
use serde_json::json;

use crate::world::{Answer, REDIRECT_URL, World, basic, encoded};

const APIS: &str = "/v1/discovery/apis";

async fn ask(world: &World, path: &str, parameters: &[(&str, &str)], secret: &str) -> Answer {
    let request = Request::get(format!("{path}?{}", encoded(parameters)))
        .header("authorization", basic("shop", secret));
    world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_names_of_version_one_are_understood() {
    let world = World::new();
    let redirect = ("redirect_uri", REDIRECT_URL);
    for path in [APIS, "/v1/discovery/apis/", "/v1/discovery/apis/operatorid"] {
        for found in [("mcc_mnc", "234_15"), ("msisdn", "447700900907"), ("MSISDN", "447700900907")]
        {
            let answer = ask(&world, path, &[redirect, found], "shop-secret").await;
            assert_eq!(answer.operator(), "Operator A", "{path} {found:?}");
            let body = answer.json();
            assert_eq!(body["response"]["subscriber_operator"], "Operator A");
            assert!(body["ttl"].is_i64(), "never a string: {body}");
        }
    }
    let other = ask(&world, "/v1/discovery/apis/payment", &[redirect], "shop-secret").await;
    assert_eq!(
        (other.status.as_u16(), other.json()["error"].as_str()),
        (404, Some("Not_Found_Entity"))
    );
    let unknown = ask(&world, APIS, &[redirect, ("mcc_mnc", "999_99")], "shop-secret").await;
    assert_eq!(unknown.status, 404);
    for bad in [("mcc_mnc", "23415"), ("manually_select", "perhaps")] {
        let refused = ask(&world, APIS, &[redirect, bad], "shop-secret").await;
        assert_eq!(refused.status, 400, "{bad:?}");
    }
}

#[tokio::test]
async fn one_meaning_under_two_names_is_refused_t_007() {
    let world = World::new();
    for twice in [
        [("redirect_uri", REDIRECT_URL), ("Redirect_URL", REDIRECT_URL), ("x", "")],
        [("redirect_uri", REDIRECT_URL), ("MSISDN", "447700900907"), ("msisdn", "34600000001")],
    ] {
        assert_eq!(ask(&world, APIS, &twice, "shop-secret").await.status, 400, "{twice:?}");
    }
    let networks = [
        ("redirect_uri", REDIRECT_URL),
        ("mcc_mnc", "234_15"),
        ("Selected-MCC", "214"),
        ("Selected-MNC", "07"),
    ];
    assert_eq!(ask(&world, APIS, &networks, "shop-secret").await.status, 400);
    // The older names mean nothing in version two.
    let answer = world.ask(&[("mcc_mnc", "234_15"), ("msisdn", "447700900907")]).await;
    assert_eq!(answer.status, 202);
}

#[tokio::test]
async fn the_selection_page_and_the_cookie_are_those_of_version_one() {
    let world = World::new();
    let answer = ask(&world, APIS, &[("redirect_uri", REDIRECT_URL)], "shop-secret").await;
    assert_eq!(answer.status, 202);
    let body = answer.json();
    let href = body["links"][0]["href"].as_str().unwrap();
    let page = href.strip_prefix("https://id.example").unwrap();
    assert!(page.starts_with("/v1/discovery/users/operator-selection?session_id="), "{page}");
    let shown = world.send(Request::get(page).body(Body::empty()).unwrap()).await;
    assert!(shown.text.contains(r#"action="/v1/discovery/users/operator-selection""#));
    let back = world.choose(page, &[("mcc_mnc", "234_15")]).await;
    assert_eq!(back.location(), format!("{REDIRECT_URL}&mcc_mnc=234_15"));

    let selected = [("redirect_uri", REDIRECT_URL), ("mcc_mnc", "234_15")];
    let found = ask(&world, APIS, &selected, "shop-secret").await;
    let cookie = found.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("mcc_mnc=234_15; Path=/v1/discovery; "), "{cookie}");
    let request = Request::get(format!("{APIS}?{}", encoded(&selected[..1])))
        .header("authorization", basic("shop", "shop-secret"))
        .header("cookie", "mcc_mnc=234_15");
    assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.operator(), "Operator A");
}

/// mobile-connect §1.2 against T-173: only applications that are registered for it.
#[tokio::test]
async fn an_application_may_leave_its_secret_empty_and_then_gets_none() {
    let world = World::new();
    let parameters = [("redirect_uri", REDIRECT_URL), ("mcc_mnc", "234_15")];
    let answer = ask(&world, APIS, &parameters, "").await;
    assert_eq!(answer.operator(), "Operator A");
    assert!(answer.json()["response"].get("client_secret").is_none());
    assert_eq!(answer.json()["response"]["client_id"], "shop-at-ours");
    assert_eq!(ask(&world, APIS, &parameters, "wrong").await.status, 401);
    let request = Request::get(format!("{APIS}?{}", encoded(&parameters)))
        .header("authorization", basic("local", ""));
    assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.status, 401);
}

#[tokio::test]
async fn an_application_without_a_page_gets_the_list_of_operators() {
    let world = World::new();
    let answer = ask(&world, APIS, &[], "shop-secret").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({ "data": {
            "ES": [{ "mcc_mnc": "214_07", "opName": "Operator B" }],
            "GB": [{ "mcc_mnc": "234_15", "opName": "Operator A" }],
        } })
    );
    assert_eq!(ask(&world, APIS, &[("mcc_mnc", "214_07")], "shop-secret").await.status, 200);
    let request = Request::get(APIS)
        .header("authorization", basic("shop", "shop-secret"))
        .header("accept", "text/html");
    let page = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(page.status, 400);
    assert_eq!(page.json()["description"], "redirect_uri is required");
}
