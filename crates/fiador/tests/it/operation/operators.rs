//! Operators: their keys through the admin listener, ported numbers, and a register (mobile-connect
//! §1.2, §1.7).

use std::{fs, net::SocketAddr};

use axum::{Router, extract::Path, http::StatusCode, routing::get};
use fiador_testkit::peers::{Behaviour, MessageCentre};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::world::{Answer, Site};

/// A foreign operator beside our own, and an application that is registered at both.
const TELECOM: &str = r#"
[[discovery.applications.operators]]
operator = "telecom"
client_id = "shop-at-telecom"
client_secret_file = "SECRET"
client_name = "shop"

[[discovery.operators]]
id = "telecom"
name = "Telecom"
country = "US"
currency = "USD"
networks = ["001_01"]
issuer = "https://id.telecom.example"
number_ranges = ["120255501"]
"#;

fn site(centre: &MessageCentre) -> Site {
    Site::new().through("only", centre)
}

fn configuration(site: &Site) -> String {
    let secret = site.file("shop_secret").display().to_string();
    format!("{}{}", site.configuration(), TELECOM.replace("SECRET", &secret))
}

fn key(kid: &str) -> Value {
    json!({
        "kty": "EC", "crv": "P-256", "use": "enc", "alg": "ECDH-ES", "kid": kid,
        "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "y": "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
    })
}

fn kids(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/jwk-set+json");
    let keys = answer.json()["keys"].as_array().unwrap().clone();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_operator_sends_its_keys_and_numbers_are_encrypted_to_it_from_then_on() {
    const PATH: &str = "/admin/v1/operators/telecom/keys";
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = site(&centre);
    let running = site.start_with(&configuration(&site)).await;
    assert_eq!(kids(&running.admin("GET", PATH, None).await), Vec::<String>::new());
    let before = running.discover("12025550123").await.json();
    assert_eq!(before["response"]["serving_operator"], "Telecom");
    assert!(before.get("subscriber_id").is_none(), "{before}");

    let kept = running.admin("PUT", PATH, Some(json!({ "keys": [key("one"), key("two")] }))).await;
    assert_eq!(kids(&kept), ["one", "two"]);
    let after = running.discover("12025550123").await.json();
    assert_eq!(after["subscriber_id"].as_str().unwrap().split('.').count(), 5);
    assert!(after["subscriber_id_token"].is_string());

    for (bad, reason) in [
        (json!({ "keys": [] }), "1 to 4"),
        (json!({ "keys": [{ "kty": "oct", "k": "AA" }] }), "key 1"),
        (json!({ "hello": "world" }), "neither"),
    ] {
        let refused = running.admin("PUT", PATH, Some(bad)).await;
        assert_eq!((refused.status, refused.member("code")), (422, "operator.keys".to_owned()));
        assert!(refused.member("detail").contains(reason), "{refused:?}");
    }
    assert_eq!(kids(&running.admin("GET", PATH, None).await), ["one", "two"]);
    // A single key is a set of one.
    assert_eq!(kids(&running.admin("PUT", PATH, Some(key("three"))).await), ["three"]);
    drop(running);
    let restarted = site.start_with(&configuration(&site)).await;
    assert_eq!(kids(&restarted.admin("GET", PATH, None).await), ["three"]);
}

#[tokio::test]
async fn our_own_keys_are_made_here_and_shown_without_their_secrets() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = site(&centre);
    let running = site.start_with(&configuration(&site)).await;
    let path = "/admin/v1/operators/self/keys";
    let own = running.admin("GET", path, None).await;
    assert_eq!(kids(&own).len(), 2);
    for key in own.json()["keys"].as_array().unwrap() {
        assert_eq!(key["use"], "enc");
        assert!(key.get("d").is_none() && key.get("p").is_none(), "T-075");
    }
    let refused = running.admin("PUT", path, Some(key("mine"))).await;
    assert_eq!((refused.status, refused.member("code")), (409, "operator.own".to_owned()));
    let nobody = running.admin("GET", "/admin/v1/operators/nobody/keys", None).await;
    assert_eq!((nobody.status, nobody.member("code")), (404, "operator.unknown".to_owned()));
}

/// A register that knows numbers which begin with 44770090080.
async fn register() -> SocketAddr {
    let answer = async |Path(number): Path<String>| {
        if number.starts_with("44770090080") {
            Ok(r#"{"holder":{"mcc":"001","mnc":"01"}}"#)
        } else {
            Err(StatusCode::NOT_FOUND)
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/numbers/{number}", get(answer));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

#[tokio::test]
async fn ported_numbers_come_from_a_file_and_from_a_register() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = site(&centre);
    let register = register().await;
    let list = site.file("ported.csv");
    fs::write(&list, "# taken along\n447700900907,001_01\n447700900908,999_99\n").unwrap();
    let sections = format!(
        r#"
[discovery]
ported_numbers_file = "{}"

[discovery.portability]
url = "http://{register}/numbers/{{msisdn}}"
holder_pointer = "/holder/mcc"
mnc_pointer = "/holder/mnc"

[egress]
allow = ["{register}"]
"#,
        list.display()
    );
    let running = site.start_with(&format!("{}{sections}", configuration(&site))).await;
    for (number, operator) in [
        ("447700900906", Some("Example Mobile")),
        ("447700900907", Some("Telecom")),
        ("447700900908", None),
        ("447700900801", Some("Telecom")),
    ] {
        let answer = running.discover(number).await;
        assert_eq!(answer.json()["response"]["serving_operator"].as_str(), operator, "{number}");
    }
}
