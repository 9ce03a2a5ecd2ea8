//! 200: the operator is known (mobile-connect §1.3).

use std::time::Duration;

use fiador_kernel::Clock;
use serde_json::json;

use crate::world::{REDIRECT_URL, World, basic, get, post};

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
