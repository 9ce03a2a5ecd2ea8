//! 200: the operator is known (mobile-connect §1.3).

use std::time::Duration;

use fiador_kernel::Clock;
use serde_json::json;

use crate::world::{BREAKS, REDIRECT_URL, World, basic, get, post};

#[tokio::test]
async fn the_answer_has_everything_that_clients_read() {
    let world = World::new();
    let answer = world
        .ask(&[("Selected-MCC", "234"), ("Selected-MNC", "16"), ("correlation_id", "42da-5b19 x")])
        .await;
    assert_eq!(answer.status, 200);
    let at = |path: &str| format!("https://ours.example/oidc{path}");
    let ttl = (world.clock.now() + Duration::from_hours(24)).as_millis();
    assert_eq!(
        answer.json(),
        json!({
            "ttl": ttl,
            "correlation_id": "42da-5b19 x",
            "response": {
                "client_id": "shop-at-ours",
                "client_secret": "shop-ours-secret",
                "client_name": "Acme Shop",
                "serving_operator": "Operator A",
                "country": "GB",
                "currency": "GBP",
                "apis": { "operatorid": { "link": [
                    { "rel": "issuer", "href": at("") },
                    { "rel": "openid-configuration", "href": at("/.well-known/openid-configuration") },
                    { "rel": "authorization", "href": at("/authorize") },
                    { "rel": "token", "href": at("/token") },
                    { "rel": "userinfo", "href": at("/userinfo") },
                    { "rel": "premiuminfo", "href": at("/premiuminfo") },
                    { "rel": "jwks", "href": at("/jwks") },
                    { "rel": "tokenrevoke", "href": at("/revoke") },
                    { "rel": "tokenrefresh", "href": at("/token") },
                    { "rel": "scope", "href": "mc_authn openid" },
                    { "rel": "applicationShortName", "href": "Acme Shop" },
                ] } },
            },
        })
    );
}

#[tokio::test]
async fn a_correlation_id_is_echoed_exactly_and_only_if_sent() {
    let world = World::new();
    let selected = [("Selected-MCC", "234"), ("Selected-MNC", "15")];
    assert!(world.ask(&selected).await.json().get("correlation_id").is_none());
    let empty = [selected[0], selected[1], ("correlation_id", "")];
    assert!(world.ask(&empty).await.json().get("correlation_id").is_none());
    let long = "c".repeat(128);
    let echoed = world.ask(&[selected[0], selected[1], ("correlation_id", &long)]).await.json();
    assert_eq!(echoed["correlation_id"], long);
}

#[tokio::test]
async fn a_network_read_from_the_sim_decides() {
    let world = World::new();
    let sim = [("Identified-MCC", "214"), ("Identified-MNC", "07"), ("Using-Mobile-Data", "1")];
    assert_eq!(world.ask(&sim).await.operator(), "Operator B");
}

#[tokio::test]
async fn a_number_decides_in_any_international_spelling() {
    let world = World::new();
    let authorization = basic("shop", "shop-secret");
    for spelling in ["447700900907", "+447700900907", " 447700900907", "+44 (0)7700 900907"] {
        for path in ["/v2/discovery", "/v2/discovery/"] {
            let parameters = [("Redirect_URL", REDIRECT_URL), ("MSISDN", spelling)];
            let request = post(path, &parameters, &[("authorization", &authorization)]);
            assert_eq!(world.send(request).await.operator(), "Operator A", "{spelling}");
        }
    }
    assert_eq!(world.ask(&[("MSISDN", "34600000001")]).await.operator(), "Operator B");
}

#[tokio::test]
async fn a_number_comes_back_encrypted_to_its_operator_and_only_so_t_173() {
    let world = World::new();
    let answer = world.ask(&[("MSISDN", "447700900907")]).await.json();
    assert_eq!(answer["subscriber_id"], "ours-709009007744");
    assert_eq!(answer["response"]["subscriber_id"], answer["subscriber_id"]);
    let token = format!("709009007744.{}", answer["ttl"]);
    assert_eq!(answer["subscriber_id_token"], token, "the token ends with the answer");
    assert!(!answer.to_string().contains("447700900907"));
    // However the operator was found, the number is encrypted to it.
    let selected = [("Selected-MCC", "234"), ("Selected-MNC", "15"), ("MSISDN", "34600000001")];
    assert_eq!(world.ask(&selected).await.json()["subscriber_id"], "ours-10000000643");
    // No number, no key, or a key that fails: an answer without it.
    for parameters in [
        &[("Selected-MCC", "234"), ("Selected-MNC", "15")][..],
        &[("MSISDN", "34600000001")],
        &[("MSISDN", BREAKS)],
    ] {
        let answer = world.ask(parameters).await;
        assert_eq!(answer.status, 200, "{parameters:?}");
        assert!(answer.json().get("subscriber_id").is_none(), "{answer:?}");
        assert!(answer.json().get("subscriber_id_token").is_none());
    }
}

#[tokio::test]
async fn a_foreign_operator_may_have_its_endpoints_elsewhere() {
    let answer = World::new().ask(&[("MSISDN", "34600000001")]).await.json();
    let links = answer["response"]["apis"]["operatorid"]["link"].as_array().unwrap();
    let href = |rel: &str| links.iter().find(|link| link["rel"] == rel).unwrap()["href"].clone();
    assert_eq!(href("authorization"), "https://theirs.example/oidc/authorize");
    assert_eq!(href("token"), "https://theirs.example/oidc/accesstoken");
    assert_eq!(href("tokenrefresh"), "https://theirs.example/oidc/accesstoken");
    assert!(links.iter().all(|link| link["rel"] != "scope"), "ours to say only for our own");
}

#[tokio::test]
async fn a_number_that_was_taken_along_leads_to_its_new_operator() {
    let world = World::new();
    assert_eq!(world.ask(&[("MSISDN", "447700900801")]).await.operator(), "Operator B");
    assert_eq!(world.ask(&[("MSISDN", "447700900802")]).await.status, 202, "to nobody we know");
    assert_eq!(world.ask(&[("MSISDN", "447700900803")]).await.operator(), "Operator A");
}

#[tokio::test]
async fn a_public_address_of_the_user_decides_after_the_number_and_before_the_cookie() {
    let world = World::new();
    let ask = async |parameters: &[(&str, &str)], address: &str| {
        let cookie = ("cookie", "Most-Recent-Selected-Operator=214_07");
        world.ask_with(parameters, &[("x-source-ip", address), cookie]).await.operator()
    };
    assert_eq!(ask(&[], "203.0.113.7").await, "Operator A");
    assert_eq!(ask(&[], "::ffff:203.0.113.7").await, "Operator A");
    assert_eq!(ask(&[("MSISDN", "34600000001")], "203.0.113.7").await, "Operator B");
    assert_eq!(ask(&[], "10.0.0.1").await, "Operator B", "not public: the cookie decides");
    assert_eq!(ask(&[], "").await, "Operator B");
    let alone = world.ask_with(&[], &[("X-Source-IP", "2001:db8::5")]).await;
    assert_eq!(alone.operator(), "Operator B");
    assert_eq!(world.ask_with(&[], &[("x-source-ip", "198.51.100.1")]).await.status, 202);
    // `local` is not registered to say where its users are.
    let parameters = [("Redirect_URL", REDIRECT_URL)];
    let basic = basic("local", "local-secret");
    let answer = world.send(get(&parameters, &basic, &[("x-source-ip", "203.0.113.7")])).await;
    assert_eq!(answer.status, 202);
}

#[tokio::test]
async fn the_order_is_selected_then_identified_then_number_then_cookie() {
    let world = World::new();
    let cookie = [("cookie", "Most-Recent-Selected-Operator=214_07")];
    let selected = [("Selected-MCC", "234"), ("Selected-MNC", "15")];
    let identified = [("Identified-MCC", "214"), ("Identified-MNC", "07")];
    let number = [("MSISDN", "447700900907")];
    let all = [selected.as_slice(), &identified, &number].concat();
    assert_eq!(world.ask_with(&all, &cookie).await.operator(), "Operator A");
    let rest = [identified.as_slice(), &number].concat();
    assert_eq!(world.ask_with(&rest, &cookie).await.operator(), "Operator B");
    assert_eq!(world.ask_with(&number, &cookie).await.operator(), "Operator A");
    assert_eq!(world.ask_with(&[], &cookie).await.operator(), "Operator B");
    // A SIM of a network that nobody serves does not hide a number that tells.
    let foreign = [("Identified-MCC", "999"), ("Identified-MNC", "99"), number[0]];
    assert_eq!(world.ask(&foreign).await.operator(), "Operator A");
}

#[tokio::test]
async fn a_selection_wins_over_the_wish_to_select_so_that_nobody_goes_in_circles() {
    let world = World::new();
    let parameters = [("Selected-MCC", "234"), ("Selected-MNC", "15"), ("Manually-Select", "true")];
    assert_eq!(world.ask(&parameters).await.operator(), "Operator A");
    let as_page = world.ask_with(&parameters, &[("accept", "text/html")]).await;
    assert_eq!(as_page.operator(), "Operator A");
}

#[tokio::test]
async fn the_answer_is_remembered_in_the_three_cookies_until_it_lapses() {
    let world = World::new();
    let answer = world.ask(&[("MSISDN", "447700900907")]).await;
    let cookies: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
    let ttl = answer.json()["ttl"].to_string();
    for (cookie, start) in cookies.iter().zip([
        "Most-Recent-Selected-Operator=234_15; ".to_owned(),
        format!("Most-Recent-Selected-Operator-Expiry={ttl}; "),
        "Enum-Nonce=".to_owned(),
    ]) {
        assert!(cookie.starts_with(&start), "{cookie}");
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    }
    assert_eq!(cookies.len(), 3);
    let sent_back: Vec<&str> = cookies.iter().map(|c| c.split_once(';').unwrap().0).collect();
    let sent_back = sent_back.join("; ");
    let remembered = world.ask_with(&[], &[("cookie", &sent_back)]).await;
    assert_eq!(remembered.operator(), "Operator A");
    let ignored = world.ask_with(&[("Ignore-Cookies", "true")], &[("cookie", &sent_back)]).await;
    assert_eq!(ignored.status, 202);
    world.clock.advance(Duration::from_hours(24));
    let lapsed = world.ask_with(&[], &[("cookie", &sent_back)]).await;
    assert_eq!(lapsed.status, 202);
}

#[tokio::test]
async fn credentials_are_accepted_encoded_and_raw() {
    let world = World::new();
    let parameters = [("Redirect_URL", REDIRECT_URL), ("MSISDN", "447700900907")];
    for (id, secret) in [("a%3Ab%2B", "a%3Ab%2B-secret"), ("shop", "shop-secret")] {
        let answer = world.send(get(&parameters, &basic(id, secret), &[])).await;
        assert_eq!(answer.operator(), "Operator A", "{id}");
    }
}

#[tokio::test]
async fn a_native_application_may_listen_on_any_loopback_port() {
    let world = World::new();
    let parameters = [("Redirect_URL", "http://127.0.0.1:49152/cb"), ("MSISDN", "447700900907")];
    let answer = world.send(get(&parameters, &basic("shop", "shop-secret"), &[])).await;
    assert_eq!(answer.operator(), "Operator A");
}
