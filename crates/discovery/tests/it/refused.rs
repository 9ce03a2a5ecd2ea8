//! Errors (mobile-connect §1.5), each with both names of its text and the `correlation_id`.

use axum::body::Body;
use fiador_domain::quota::Limit;
use http::Request;

use crate::world::{Answer, REDIRECT_URL, World, basic, get, post};

/// `Authorization`, parameters, and the status and code they give.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], u16, &'a str);

fn assert_refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    let body = answer.json();
    assert_eq!(body["error"], error, "{body}");
    assert_eq!(body["description"], body["error_description"]);
    assert!(!body["description"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn the_table_of_errors_holds() {
    let good = basic("shop", "shop-secret");
    let redirect = ("Redirect_URL", REDIRECT_URL);
    let correlated = ("correlation_id", "42");
    let cases: [Case<'_>; 19] = [
        ("", &[redirect], 400, "invalid_request"),
        ("Bearer abc", &[redirect], 400, "invalid_request"),
        ("Basic ###", &[redirect], 400, "invalid_request"),
        (&basic("nobody", "x"), &[redirect], 404, "application_not_found"),
        (&basic("no body", "x"), &[redirect], 404, "application_not_found"),
        (&basic("shop", "wrong"), &[redirect], 401, "invalid_client"),
        (&basic("shop", ""), &[redirect], 401, "invalid_client"),
        (&good, &[], 400, "invalid_request"),
        (&good, &[("Redirect_URL", "https://evil.example/")], 400, "invalid_request"),
        (&good, &[("Redirect_URL", "https://sp.example/discovered")], 400, "invalid_request"),
        (&good, &[redirect, redirect], 400, "invalid_request"),
        (&good, &[redirect, ("x", "1"), ("x", "2")], 400, "invalid_request"),
        (&good, &[redirect, ("Selected-MCC", "234")], 400, "invalid_request"),
        (&good, &[redirect, ("Identified-MNC", "15")], 400, "invalid_request"),
        (
            &good,
            &[redirect, ("Identified-MCC", "23"), ("Identified-MNC", "15")],
            400,
            "invalid_request",
        ),
        (&good, &[redirect, ("MSISDN", "12")], 400, "invalid_request"),
        (&good, &[redirect, ("MSISDN", "not a number")], 400, "invalid_request"),
        (&good, &[redirect, ("Manually-Select", "perhaps")], 400, "invalid_request"),
        (
            &good,
            &[redirect, ("Selected-MCC", "999"), ("Selected-MNC", "99")],
            404,
            "Not_Found_Entity",
        ),
    ];
    let world = World::new();
    for (authorization, parameters, status, error) in cases {
        let mut all = parameters.to_vec();
        all.push(correlated);
        let answer = world.send(get(&all, authorization, &[])).await;
        assert_refused(&answer, status, error);
        assert_eq!(answer.json()["correlation_id"], "42");
        let answer = world.send(get(parameters, authorization, &[])).await;
        assert!(answer.json().get("correlation_id").is_none());
    }
}

#[tokio::test]
async fn an_unknown_selected_operator_is_described_as_clients_expect() {
    let world = World::new();
    let answer = world.ask(&[("Selected-MCC", "999"), ("Selected-MNC", "99")]).await;
    assert_eq!(answer.json()["description"], "Operator Not Found");
    // Known, but the application has no credentials there.
    let parameters =
        [("Redirect_URL", REDIRECT_URL), ("Selected-MCC", "214"), ("Selected-MNC", "07")];
    let answer = world.send(get(&parameters, &basic("local", "local-secret"), &[])).await;
    assert_refused(&answer, 404, "Not_Found_Entity");
}

/// mobile-connect §1.5: credentials that no request could be made with are not handed out, but at
/// other operators the application goes on.
#[tokio::test]
async fn an_application_that_is_disabled_at_our_operator_is_told_so() {
    let world = World::new();
    for id in ["disabled", "gone"] {
        let authorization = basic(id, &format!("{id}-secret"));
        let ask = async |mcc, mnc| {
            let network = [("Selected-MCC", mcc), ("Selected-MNC", mnc)];
            let parameters = [&[("Redirect_URL", REDIRECT_URL)], &network[..]].concat();
            world.send(get(&parameters, &authorization, &[])).await
        };
        let answer = ask("234", "15").await;
        assert_refused(&answer, 404, "invalid_application");
        assert!(!answer.text.contains("ours-secret"));
        assert_eq!(ask("214", "07").await.operator(), "Operator B");
    }
}

#[tokio::test]
async fn a_correlation_id_that_cannot_be_one_is_refused_and_not_echoed_t_011() {
    let world = World::new();
    for bad in ["c".repeat(129), "é".to_owned()] {
        let answer = world.ask(&[("correlation_id", &bad)]).await;
        assert_refused(&answer, 400, "invalid_request");
        assert!(answer.json().get("correlation_id").is_none());
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_how_to_authenticate() {
    let world = World::new();
    let request = get(&[("Redirect_URL", REDIRECT_URL)], &basic("shop", "wrong"), &[]);
    let answer = world.send(request).await;
    assert_eq!(answer.headers["www-authenticate"], r#"Basic realm="discovery", charset="UTF-8""#);
}

#[tokio::test]
async fn two_authorization_headers_are_no_authorization_t_007() {
    let world = World::new();
    let second = basic("shop", "shop-secret");
    let request = get(
        &[("Redirect_URL", REDIRECT_URL)],
        &basic("shop", "shop-secret"),
        &[("authorization", &second)],
    );
    assert_refused(&world.send(request).await, 400, "invalid_request");
}

#[tokio::test]
async fn bodies_that_are_no_forms_and_bytes_that_are_no_text_are_refused() {
    let world = World::new();
    let authorization = basic("shop", "shop-secret");
    let send = async |content_type: &str, body: Vec<u8>| {
        let request = Request::post("/v2/discovery")
            .header("authorization", &authorization)
            .header("content-type", content_type)
            .body(Body::from(body))
            .unwrap();
        world.send(request).await
    };
    let form = "application/x-www-form-urlencoded";
    assert_refused(&send("application/json", b"{}".to_vec()).await, 415, "invalid_request");
    assert_refused(&send(form, b"MSISDN=%ff".to_vec()).await, 400, "invalid_request");
    assert_refused(&send(form, b"MSISDN=%zz".to_vec()).await, 400, "invalid_request");
    assert_refused(&send(form, b"MSISDN=1%00".to_vec()).await, 400, "invalid_request");
    assert_refused(&send(form, vec![b'a'; 65 * 1024]).await, 413, "invalid_request");
}

#[tokio::test]
async fn other_methods_are_answered_with_a_body_too() {
    let world = World::new();
    for path in ["/v2/discovery", "/v2/discovery/", crate::world::PAGE] {
        let request = Request::delete(path).body(Body::empty()).unwrap();
        let answer = world.send(request).await;
        assert_refused(&answer, 405, "invalid_request");
        assert_eq!(answer.headers["allow"], "GET, HEAD, POST");
    }
}

#[tokio::test]
async fn an_application_that_asks_too_often_waits_and_others_do_not_t_173() {
    let world = World::with(|settings| settings.requests = Limit::per_seconds(2, 30));
    let shop = [("Selected-MCC", "234"), ("Selected-MNC", "15"), ("correlation_id", "42")];
    assert_eq!(world.ask(&shop).await.status, 200);
    assert_eq!(world.ask(&shop).await.status, 200);
    let refused = world.ask(&shop).await;
    assert_refused(&refused, 429, "temporarily_unavailable");
    assert_eq!(refused.headers["retry-after"], "30");
    assert_eq!(refused.json()["correlation_id"], "42");
    // A stranger who knows the id, but not the secret, cannot use up the pace of an application.
    let local = [("Redirect_URL", REDIRECT_URL), ("MSISDN", "447700900907")];
    for _ in 0..5 {
        let stranger = world.send(get(&local, &basic("local", "wrong"), &[])).await;
        assert_eq!(stranger.status, 401);
    }
    let other = world.send(get(&local, &basic("local", "local-secret"), &[])).await;
    assert_eq!(other.status, 200);
    world.clock.advance(std::time::Duration::from_secs(30));
    assert_eq!(world.ask(&shop).await.status, 200);
}

#[tokio::test]
async fn a_network_that_asks_too_often_waits_whoever_it_says_it_is_t_173() {
    let world = World::with(|settings| settings.source_requests = Limit::per_seconds(3, 30));
    let parameters = [("Redirect_URL", REDIRECT_URL), ("MSISDN", "447700900907")];
    let ask = async |address, id: &str, secret: &str| {
        world.send_from(address, get(&parameters, &basic(id, secret), &[])).await
    };
    assert_eq!(ask("192.0.2.1", "shop", "wrong").await.status, 401);
    assert_eq!(ask("192.0.2.2", "nobody", "wrong").await.status, 404);
    assert_eq!(ask("192.0.2.3", "local", "local-secret").await.status, 200);
    let refused = ask("192.0.2.4", "shop", "shop-secret").await;
    assert_refused(&refused, 429, "temporarily_unavailable");
    assert_eq!(refused.headers["retry-after"], "30");
    assert_eq!(ask("192.0.3.1", "shop", "shop-secret").await.status, 200);
}

/// The number of another operator, one in use here and one that nobody has get the same answer once
/// too many have missed: a scan is not told when it began to be ignored.
#[tokio::test]
async fn a_scan_of_numbers_gets_the_answer_of_unknown_ones_t_173() {
    let world = World::with(|settings| settings.unknown_numbers = Limit::per_seconds(3, 600));
    let shape = async |number: &str| {
        let answer = world.ask(&[("MSISDN", number)]).await;
        let mut body = answer.json();
        assert!(body["links"][0]["href"].take().is_string(), "{answer:?}");
        let mut headers = answer.headers;
        headers.remove("content-length");
        (answer.status, body, headers)
    };
    let unknown = shape("33612345600").await;
    for n in 1..3 {
        assert_eq!(shape(&format!("3361234560{n}")).await, unknown);
    }
    for number in ["33612345609", "447700900907", "34600000001"] {
        assert_eq!(shape(number).await, unknown, "{number}");
    }
    // Whoever selects an operator is served all the while.
    let selected = [("Selected-MCC", "234"), ("Selected-MNC", "15"), ("MSISDN", "447700900907")];
    assert_eq!(world.ask(&selected).await.status, 200);
    world.clock.advance(std::time::Duration::from_mins(10));
    assert_eq!(world.ask(&[("MSISDN", "447700900907")]).await.status, 200);
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let world = World::new();
    for bad in ["203.0.113.7, 10.0.0.1", "unknown", "203.0.113.7:443", "999.1.1.1"] {
        let answer = world.ask_with(&[], &[("x-source-ip", bad)]).await;
        assert_refused(&answer, 400, "invalid_request");
    }
    let twice = [("x-source-ip", "203.0.113.7"), ("x-source-ip", "203.0.113.7")];
    assert_refused(&world.ask_with(&[], &twice).await, 400, "invalid_request");
}

#[tokio::test]
async fn nothing_of_the_request_is_echoed_t_011() {
    let world = World::new();
    let mark = "<script>alert(1)</script>";
    let cases: [&[(&str, &str)]; 4] = [
        &[("Redirect_URL", mark)],
        &[("Redirect_URL", REDIRECT_URL), ("MSISDN", mark)],
        &[("Redirect_URL", REDIRECT_URL), ("Selected-MCC", mark), ("Selected-MNC", mark)],
        &[("Redirect_URL", REDIRECT_URL), ("Manually-Select", mark)],
    ];
    for parameters in cases {
        let request =
            post("/v2/discovery", parameters, &[("authorization", &basic("shop", "shop-secret"))]);
        let answer = world.send(request).await;
        assert_refused(&answer, 400, "invalid_request");
        assert!(!answer.text.contains("alert"), "{}", answer.text);
    }
}
