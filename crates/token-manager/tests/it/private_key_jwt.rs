//! Clients that prove themselves with assertions (RFC 7523, OpenID Connect Core §9, T-061).

use fiador_jose::{Algorithm, SigningKey};
use fiador_kernel::Clock;
use fiador_ports::{ClientAuthenticationError, PresentedCredentials};
use fiador_wire_oauth::client_assertion::JWT_BEARER;
use serde_json::{Value, json};

use crate::world::{
    BANK, ISSUER, ROBOT, Reply, SHOP, TWIN, World, assertion_claims, basic, encoded, sign,
    sign_with,
};

/// Posts to the token endpoint without `grant_type`: who proved itself is told so, everybody else
/// is refused before.
async fn present(world: &World, form: &[(&str, &str)]) -> Reply {
    world.post("/token", None, form).await
}

async fn with_assertion(world: &World, assertion: &str) -> Reply {
    let form = [("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)];
    present(world, &form).await
}

/// A good assertion with some claims changed; `null` takes one away.
fn claims_with(world: &World, changes: &Value) -> Value {
    let mut claims = assertion_claims(ROBOT, world.clock.now());
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

#[track_caller]
fn expect_proven(reply: &Reply) {
    reply.expect_error(
        400,
        "invalid_request",
        "Mandatory parameter grant_type is missing (or) invalid",
    );
}

#[track_caller]
fn expect_refused(reply: &Reply) {
    reply.expect_error(401, "invalid_client", "Client authentication failed");
}

async fn is_accepted(world: &World, changes: &Value) -> bool {
    let reply = with_assertion(world, &sign(&claims_with(world, changes))).await;
    match reply.status {
        400 => expect_proven(&reply),
        _ => expect_refused(&reply),
    }
    reply.status == 400
}

#[tokio::test]
async fn a_good_assertion_proves_a_client_at_all_three_endpoints() {
    let world = World::new();
    let token = world.client_token(ROBOT).await;
    assert_eq!(world.introspect(ROBOT, &token).await.json()["active"], true);
    assert_eq!(world.revoke(ROBOT, &token).await.status, 200);
    let assertion = sign(&assertion_claims(ROBOT, world.clock.now()));
    let named = [
        ("client_id", ROBOT.id),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", &*assertion),
    ];
    expect_proven(&present(&world, &named).await);
}

/// T-061: the issuer, the token endpoint under both names, the endpoint that was called; one of
/// them or an array of them, and nobody else.
#[tokio::test]
async fn the_audience_is_ours_and_nobody_elses() {
    let world = World::new();
    let token = format!("{ISSUER}/token");
    for good in [
        json!(ISSUER),
        json!(token),
        json!(format!("{ISSUER}/accesstoken")),
        json!([ISSUER]),
        json!([ISSUER, token]),
    ] {
        assert!(is_accepted(&world, &json!({ "aud": good })).await, "{good}");
    }
    for bad in [
        json!("https://elsewhere.example"),
        json!(format!("{ISSUER}/")),
        json!(format!("{ISSUER}/revoke")),
        json!(format!("{ISSUER}.elsewhere.example")),
        json!([ISSUER, "https://elsewhere.example"]),
        json!([]),
        json!(null),
        json!(7),
        json!(ROBOT.id),
    ] {
        assert!(!is_accepted(&world, &json!({ "aud": bad })).await, "{bad}");
    }
    let claims = claims_with(&world, &json!({ "aud": format!("{ISSUER}/revoke") }));
    let assertion = sign(&claims);
    let form = [
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", &*assertion),
        ("token", "unknown"),
    ];
    assert_eq!(world.post("/revoke", None, &form).await.status, 200);
}

#[tokio::test]
async fn issuer_and_subject_are_the_client() {
    let world = World::new();
    for changes in [
        json!({ "iss": TWIN.id }),
        json!({ "sub": TWIN.id }),
        json!({ "iss": null }),
        json!({ "sub": null }),
        json!({ "iss": "" }),
        json!({ "sub": BANK.id, "iss": BANK.id }),
        json!({ "sub": "nobody", "iss": "nobody" }),
    ] {
        assert!(!is_accepted(&world, &changes).await, "{changes}");
    }
    let assertion = sign(&assertion_claims(ROBOT, world.clock.now()));
    let other_id = [
        ("client_id", TWIN.id),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", &*assertion),
    ];
    expect_refused(&present(&world, &other_id).await);
}

/// T-061, T-244: at most five minutes, with a minute for clocks that differ.
#[tokio::test]
async fn an_assertion_lives_for_five_minutes_at_most() {
    let world = World::new();
    let now = world.clock.now().as_seconds();
    for (good, changes) in [
        (true, json!({ "exp": now - 59 })),
        (false, json!({ "exp": now - 60 })),
        (true, json!({ "exp": now + 300 })),
        (false, json!({ "exp": now + 301 })),
        (false, json!({ "exp": now + 361, "iat": now + 61 })),
        (true, json!({ "exp": now + 360, "iat": now + 60 })),
        (false, json!({ "exp": now + 60, "iat": now + 61 })),
        (false, json!({ "exp": now + 60, "iat": now - 241 })),
        (true, json!({ "exp": now + 60, "iat": null })),
        (false, json!({ "exp": now + 301, "iat": null })),
        (true, json!({ "nbf": now + 60 })),
        (false, json!({ "nbf": now + 61 })),
        (false, json!({ "exp": null })),
        (false, json!({ "exp": "soon" })),
        (false, json!({ "exp": 1e300 })),
    ] {
        assert_eq!(is_accepted(&world, &changes).await, good, "{changes}");
    }
}

/// T-061.
#[tokio::test]
async fn an_assertion_is_good_once_and_only_a_good_one_is_remembered() {
    let world = World::new();
    let claims = assertion_claims(ROBOT, world.clock.now());
    let thief = SigningKey::generate(Algorithm::Es256).unwrap();
    expect_refused(&with_assertion(&world, &sign_with(&thief, &claims)).await);
    let assertion = sign(&claims);
    expect_proven(&with_assertion(&world, &assertion).await);
    expect_refused(&with_assertion(&world, &assertion).await);
    // Signed anew with the same name: still the same assertion.
    expect_refused(&with_assertion(&world, &sign(&claims)).await);
    assert!(!is_accepted(&world, &json!({ "jti": null })).await);
    assert!(!is_accepted(&world, &json!({ "jti": "" })).await);
    assert!(!is_accepted(&world, &json!({ "jti": "j".repeat(256) })).await);
}

#[tokio::test]
async fn of_parallel_uses_of_an_assertion_one_wins() {
    let world = World::new();
    let assertion = sign(&assertion_claims(ROBOT, world.clock.now()));
    let (a, b, c, d) = tokio::join!(
        with_assertion(&world, &assertion),
        with_assertion(&world, &assertion),
        with_assertion(&world, &assertion),
        with_assertion(&world, &assertion),
    );
    assert_eq!([a, b, c, d].iter().filter(|reply| reply.status == 400).count(), 1);
}

/// A client has one method (OpenID Connect Registration §2).
#[tokio::test]
async fn a_client_proves_itself_by_the_method_it_is_registered_for() {
    let world = World::new();
    for holder in [SHOP, BANK] {
        let assertion = sign(&assertion_claims(holder, world.clock.now()));
        expect_refused(&with_assertion(&world, &assertion).await);
    }
    expect_refused(&present(&world, &[("client_id", ROBOT.id)]).await);
    let secret = [("client_id", ROBOT.id), ("client_secret", "guess")];
    expect_refused(&present(&world, &secret).await);
}

/// RFC 6749 §2.3.
#[tokio::test]
async fn two_methods_in_one_request_are_refused() {
    let world = World::new();
    let assertion = sign(&assertion_claims(ROBOT, world.clock.now()));
    let form = [("client_assertion_type", JWT_BEARER), ("client_assertion", &*assertion)];
    let with_secret = [&form[..], &[("client_secret", "x")]].concat();
    let several = "The request uses more than one method of client authentication";
    let reply = present(&world, &with_secret).await;
    reply.expect_error(400, "invalid_request", several);
    let request = http::Request::post("/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", basic(BANK.id, BANK.secret.unwrap()))
        .body(axum::body::Body::from(encoded(&form)))
        .unwrap();
    world.send(request).await.expect_error(400, "invalid_request", several);
    expect_proven(&with_assertion(&world, &assertion).await);
}

#[tokio::test]
async fn what_is_no_assertion_is_refused() {
    let world = World::new();
    let good = sign(&assertion_claims(ROBOT, world.clock.now()));
    let (front, _) = good.rsplit_once('.').unwrap();
    for bad in ["x", "a.b.c", front, &format!("{front}."), &good[..good.len() - 1]] {
        expect_refused(&with_assertion(&world, bad).await);
    }
    for form in [
        vec![("client_assertion", &*good)],
        vec![("client_assertion_type", JWT_BEARER)],
        vec![("client_assertion_type", "jwt"), ("client_assertion", &good)],
    ] {
        expect_refused(&present(&world, &form).await);
    }
    expect_proven(&with_assertion(&world, &good).await);
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_our_trouble_and_not_the_clients() {
    let world = World::new();
    *world.client_keys.are_away.lock() = true;
    let assertion = sign(&assertion_claims(ROBOT, world.clock.now()));
    let reply = with_assertion(&world, &assertion).await;
    let down = "The service is temporarily unavailable";
    reply.expect_error(503, "temporarily_unavailable", down);
    *world.client_keys.are_away.lock() = false;
    expect_proven(&with_assertion(&world, &assertion).await);
}

/// The same for endpoints of other streets (RFC 9126 §2): their URL is an audience too.
#[tokio::test]
async fn other_endpoints_ask_through_the_port() {
    let world = World::new();
    let claims = |aud: &str| claims_with(&world, &json!({ "aud": aud }));
    let at_par = format!("{ISSUER}/par");
    let presented = |assertion| PresentedCredentials {
        client_assertion_type: Some(JWT_BEARER),
        client_assertion: Some(assertion),
        endpoint: "/par",
        ..PresentedCredentials::default()
    };
    let good = sign(&claims(&at_par));
    let client = world.authenticator.authenticate(presented(&good)).await.unwrap();
    assert_eq!(client.id.as_str(), ROBOT.id);
    let again = world.authenticator.authenticate(presented(&good)).await;
    assert_eq!(again.unwrap_err(), ClientAuthenticationError::Unproven);
    let elsewhere = sign(&claims(&at_par));
    assert!(!format!("{:?}", presented(&elsewhere)).contains(&elsewhere));
    expect_refused(&with_assertion(&world, &elsewhere).await);
}
