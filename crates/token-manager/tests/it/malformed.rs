//! Requests that cannot be read, and what each is told.

use axum::{body::Body, extract::Request};
use http::{Method, header::CONTENT_TYPE};

use crate::world::{APP, BANK, REDIRECT_URI, Reply, SHOP, World, encoded, exchange_form};

const FORM: &str = "application/x-www-form-urlencoded";
const ENDPOINTS: [&str; 4] = ["/token", "/accesstoken", "/introspect", "/revoke"];

async fn send(world: &World, method: Method, uri: &str, media_type: &str, body: &str) -> Reply {
    let request = Request::builder().method(method).uri(uri).header(CONTENT_TYPE, media_type);
    world.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn each_missing_or_empty_parameter_is_named() {
    let world = World::new();
    let code = world.code(BANK);
    for name in ["grant_type", "code", "redirect_uri"] {
        let description = format!("Mandatory parameter {name} is missing (or) invalid");
        let mut form = exchange_form(BANK, &code);
        form.retain(|(other, _)| *other != name);
        let reply = world.token(BANK, &form).await;
        reply.expect_error(400, "invalid_request", &description);
        form.push((name, ""));
        let reply = world.token(BANK, &form).await;
        reply.expect_error(400, "invalid_request", &description);
    }
    for endpoint in ["/introspect", "/revoke"] {
        let reply = world.post(endpoint, Some(BANK), &[]).await;
        let description = "Mandatory parameter token is missing (or) invalid";
        reply.expect_error(400, "invalid_request", description);
    }
    assert_eq!(world.exchange(BANK, &code).await.status, 200);
}

#[tokio::test]
async fn other_grant_types_are_not_offered() {
    let world = World::new();
    for grant_type in ["password", "implicit", "Authorization_Code", "urn:openid:params:x"] {
        let reply = world.token(BANK, &[("grant_type", grant_type)]).await;
        reply.expect_error(400, "unsupported_grant_type", "The grant_type is not supported");
    }
}

/// T-085.
#[tokio::test]
async fn a_grant_type_that_the_client_is_not_registered_for_is_refused_before_anything_else() {
    let world = World::new();
    for (holder, grant_type) in [
        (BANK, "client_credentials"),
        (BANK, "refresh_token"),
        (SHOP, "client_credentials"),
        (APP, "client_credentials"),
    ] {
        let reply = world.token(holder, &[("grant_type", grant_type)]).await;
        reply.expect_error(
            400,
            "unauthorized_client",
            "The client is not authorized to use this grant_type",
        );
    }
}

/// T-007, also where the repetition agrees with the first.
#[tokio::test]
async fn a_repeated_parameter_is_refused_known_or_not() {
    let world = World::new();
    let code = world.code(BANK);
    for name in ["code", "grant_type", "redirect_uri", "correlation_id", "unknown"] {
        let mut form = exchange_form(BANK, &code);
        form.extend([(name, "1"), (name, "1")]);
        let reply = world.token(BANK, &form).await;
        let description = "Malformed request, duplicate parameter entries";
        reply.expect_error(400, "invalid_request", description);
    }
    for endpoint in ENDPOINTS {
        let reply = world.post(endpoint, Some(BANK), &[("token", "a"), ("token", "a")]).await;
        assert_eq!(reply.error(), (400, "invalid_request".to_owned()));
    }
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let world = World::new();
    let code = world.code(BANK);
    let mut form = exchange_form(BANK, &code);
    form.push(("unknown", "x"));
    assert_eq!(world.token(BANK, &form).await.status, 200);
}

/// mobile-connect §2.7: codes and secrets in the query end in logs.
#[tokio::test]
async fn parameters_in_the_query_are_refused() {
    let world = World::new();
    let code = world.code(BANK);
    let form = encoded(&exchange_form(BANK, &code));
    for endpoint in ENDPOINTS {
        for (uri, body) in [
            (format!("{endpoint}?{form}"), String::new()),
            (format!("{endpoint}?code={code}"), form.clone()),
            (format!("{endpoint}?%ff"), form.clone()),
        ] {
            let reply = send(&world, Method::POST, &uri, FORM, &body).await;
            reply.expect_error(
                400,
                "invalid_request",
                "Parameters must be in the body, not in the query",
            );
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let world = World::new();
    for endpoint in ENDPOINTS {
        let json = send(&world, Method::POST, endpoint, "application/json", "{}").await;
        json.expect_error(
            400,
            "invalid_request",
            "The body must be application/x-www-form-urlencoded",
        );
        let long = format!("code={}", "x".repeat(4097));
        for body in ["code=%", "code=%ff", "code=%00", &*long, &*"a=1&".repeat(65)] {
            let reply = send(&world, Method::POST, endpoint, FORM, body).await;
            reply.expect_error(400, "invalid_request", "POST request Invalid serialization");
        }
    }
}

/// T-001.
#[tokio::test]
async fn a_body_over_64_kib_is_refused() {
    let world = World::new();
    let body = "a=1&".repeat(17_000);
    for endpoint in ENDPOINTS {
        let reply = send(&world, Method::POST, endpoint, FORM, &body).await;
        reply.expect_error(413, "invalid_request", "The body of the request is too large");
    }
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let world = World::new();
    for endpoint in ENDPOINTS {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let reply = send(&world, method, endpoint, FORM, "").await;
            assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")), "{endpoint}");
        }
    }
}

#[tokio::test]
async fn a_correlation_id_that_cannot_be_echoed_is_refused() {
    let world = World::new();
    let code = world.code(BANK);
    for bad in ["", "é", &"x".repeat(129)] {
        let mut form = exchange_form(BANK, &code);
        form.push(("correlation_id", bad));
        let reply = world.token(BANK, &form).await;
        reply.expect_error(400, "invalid_request", "Invalid correlation_id value.");
        assert!(reply.json().get("correlation_id").is_none());
    }
    assert_eq!(world.exchange(BANK, &code).await.status, 200);
}

/// T-011: nothing of the request is repeated but the correlation id.
#[tokio::test]
async fn errors_repeat_nothing_of_the_request() {
    let world = World::new();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "canary-code"),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", "canary-verifier"),
    ];
    let reply = world.token(BANK, &form).await;
    assert!(!reply.body.contains("canary") && !reply.body.contains("callback"), "{reply:?}");
}
