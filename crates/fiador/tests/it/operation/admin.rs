//! The admin listener (T-220).

use fiador_testkit::peers::{Behaviour, MessageCentre};
use serde_json::json;

use crate::world::{Answer, Site};

const ROUTES: [(&str, &str); 9] = [
    ("GET", "/admin/v1/keys"),
    ("POST", "/admin/v1/keys/rotate"),
    ("PUT", "/admin/v1/subscribers/x"),
    ("GET", "/admin/v1/operators/self/keys"),
    ("PUT", "/admin/v1/operators/self/keys"),
    ("PUT", "/admin/v1/routing/policy"),
    ("GET", "/admin/v1/routing/decisions"),
    ("POST", "/admin/v1/routing/explain"),
    ("POST", "/admin/v1/routing/dry-run"),
];

#[tokio::test]
async fn without_the_token_nothing_is_done() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    let keys = running.admin("GET", "/admin/v1/keys", None).await.text;
    for (method, path) in ROUTES {
        for authorization in ["", "Bearer wrong", "Bearer ", "Basic YWRtaW46YWRtaW4="] {
            let request = running
                .http
                .request(method.parse().unwrap(), format!("{}{path}", running.listener("admin")))
                .header("authorization", authorization)
                .json(&json!({}));
            let answer = Answer::read(request.send().await.unwrap()).await;
            assert_eq!(answer.status, 401, "{method} {path} {authorization}: {answer:?}");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            assert_eq!(answer.member("code"), "admin.unauthorized");
        }
    }
    assert_eq!(running.admin("GET", "/admin/v1/keys", None).await.text, keys);
}

#[tokio::test]
async fn the_public_listener_has_no_admin_routes_nor_probes() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    for (listener, path) in [
        ("public", "admin/v1/keys"),
        ("public", "metrics"),
        ("public", "readyz"),
        ("internal", "admin/v1/keys"),
        ("internal", "authorize"),
        ("metrics", "admin/v1/keys"),
        ("metrics", "jwks"),
        ("admin", "jwks"),
    ] {
        let url = format!("{}/{path}", running.listener(listener));
        let answer = running.http.get(url).send().await.unwrap();
        assert!([401, 404].contains(&answer.status().as_u16()), "T-285: {path} on {listener}");
    }
}

#[tokio::test]
async fn a_subscriber_is_added_replaced_and_kept_apart_from_others() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    let body = |msisdn: &str| json!({ "msisdn": msisdn, "status": "active", "authenticators": ["sms_otp"] });
    let put = async |id: &str, body| {
        running.admin("PUT", &format!("/admin/v1/subscribers/{id}"), Some(body)).await
    };
    let added = put("one", body("07700 900001")).await;
    assert_eq!(added.status, 204, "the national form: {added:?}");
    assert_eq!(put("one", body("+447700900001")).await.status, 204, "again, and idempotent");
    let taken = put("two", body("+447700900001")).await;
    assert_eq!((taken.status, taken.member("code")), (409, "subscriber.number_taken".to_owned()));
    assert_eq!(put("one", body("+447700900002")).await.status, 204, "a change of number");
    assert_eq!(put("two", body("+447700900001")).await.status, 204);

    let nonsense = put("three", body("hello")).await;
    assert_eq!((nonsense.status, nonsense.member("code")), (422, "subscriber.msisdn".to_owned()));
    assert!(!nonsense.text.contains("hello"), "T-011: {nonsense:?}");
    let unknown = json!({ "msisdn": "+447700900003", "status": "active",
        "authenticators": ["sms_otp"], "colour": "green" });
    assert_eq!(put("three", unknown).await.status, 422);
    let status = json!({ "msisdn": "+447700900003", "status": "perhaps", "authenticators": [] });
    assert_eq!(put("three", status).await.status, 422);
}

#[tokio::test]
async fn a_blocked_subscriber_looks_like_an_unknown_number() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    running.until_connected().await;
    let blocked = json!({
        "msisdn": "+447700900001", "status": "blocked", "authenticators": ["sms_otp"],
    });
    let path = "/admin/v1/subscribers/contract-0001";
    assert_eq!(running.admin("PUT", path, Some(blocked)).await.status, 204);
    let provider = running.provider("mobile_connect");
    let start = provider.start(&provider.request().for_number("447700900001"));
    let page = running.user("447700900001").browser.open(&start).await.page();
    assert!(page.has("journey-answer"), "T-048");
    // The next message is somebody else's: none went to the blocked one.
    let start = provider.start(&provider.request().for_number("447700900002"));
    running.user("447700900002").browser.open(&start).await.page();
    assert_eq!(centre.next_submit().await.unwrap().destination, "447700900002");
}

#[tokio::test]
async fn introspection_is_served_on_the_internal_listener() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    running.until_connected().await;
    let provider = running.provider("oidc");
    let start = provider.start(&provider.request().for_number("447700900001"));
    let landing = running.log_in(&mut running.user("447700900001"), &start, &mut centre).await;
    let tokens = provider.tokens(landing.code()).await;
    let inside = provider.at_node(&running.listener("internal"));
    assert!(inside.is_active(&tokens.access_token).await);
}

#[tokio::test]
async fn an_attribute_that_could_never_be_served_is_refused_and_not_repeated() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    let put = async |attributes| {
        let body = json!({
            "msisdn": "+447700900001", "status": "active", "authenticators": ["sms_otp"],
            "attributes": attributes,
        });
        running.admin("PUT", "/admin/v1/subscribers/one", Some(body)).await
    };
    let fine = json!({ "billing_segment": "PAYG", "sim_changed_at": 1_700_000_000, "email": null });
    assert_eq!(put(fine).await.status, 204);
    for attributes in [
        json!({ "birthdate": "31.01.1990" }),
        json!({ "billing_segment": "gold-31.01.1990" }),
        json!({ "shoe_size": "31.01.1990" }),
    ] {
        let answer = put(attributes).await;
        assert_eq!(
            (answer.status, answer.member("code")),
            (422, "subscriber.attribute".to_owned())
        );
        assert!(!answer.text.contains("31.01.1990"), "T-280: {answer:?}");
    }
}

/// mobile-connect §4: a pseudonym belongs to the subscription, not to the number.
#[tokio::test]
async fn a_pseudonym_survives_a_change_of_number_and_dies_with_the_subscription() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    running.until_connected().await;
    let put = async |id: &str, msisdn: &str| {
        let body = json!({
            "msisdn": format!("+{msisdn}"), "status": "active", "authenticators": ["sms_otp"],
        });
        running.admin("PUT", &format!("/admin/v1/subscribers/{id}"), Some(body)).await.status
    };
    let provider = running.provider("oidc");
    let mut sub = async |msisdn: &str| {
        let start = provider.start(&provider.request().for_number(msisdn));
        let landing = running.log_in(&mut running.user(msisdn), &start, &mut centre).await;
        let tokens = provider.tokens(landing.code()).await;
        (provider.claims(&tokens).await["sub"].as_str().unwrap().to_owned(), tokens.id_token)
    };
    assert_eq!(put("one", "447700900001").await, 204);
    let (before, _) = sub("447700900001").await;
    assert_eq!(put("one", "447700900002").await, 204);
    let (moved, id_token) = sub("447700900002").await;
    assert_eq!(moved, before, "a new number, the same subscription");

    // The number goes to somebody else.
    assert_eq!(put("two", "447700900002").await, 409);
    let path = "/admin/v1/subscribers/one";
    assert_eq!(running.admin("DELETE", path, None).await.status, 204);
    assert_eq!(running.admin("DELETE", path, None).await.status, 204, "nothing is left to end");
    assert_eq!(put("two", "447700900002").await, 204);
    let (recycled, _) = sub("447700900002").await;
    assert_ne!(recycled, before);

    // What names the former holder finds nobody any more.
    let hinted = provider.request().with("id_token_hint", &id_token).with("prompt", "none");
    let landing = running.user("447700900002").browser.open(&provider.start(&hinted)).await.away();
    assert!(landing.as_str().contains("error=login_required"), "{landing}");
}
