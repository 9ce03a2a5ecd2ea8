//! How clients prove themselves (RFC 6749 §2.3, mobile-connect §2.7 and "Decided").

use std::time::Duration;

use axum::{body::Body, extract::Request};
use http::header::{AUTHORIZATION, CONTENT_TYPE};

use crate::world::{
    API, APP, BANK, GONE, OLD_SECRET, OLD_SECRET_SECONDS, REDIRECT_URI, Reply, SHOP, TRICKY,
    VERIFIER, World, basic, encoded,
};

/// What differs between the requests of this file.
#[derive(Default)]
struct Credentials<'a> {
    headers: Vec<String>,
    form: Vec<(&'a str, &'a str)>,
}

/// A request without `grant_type`: who proved itself is told so, everybody else is refused before.
async fn present(world: &World, credentials: Credentials<'_>) -> Reply {
    let mut request =
        Request::post("/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    for header in credentials.headers {
        request = request.header(AUTHORIZATION, header);
    }
    world.send(request.body(Body::from(encoded(&credentials.form))).unwrap()).await
}

async fn expect_proven(credentials: Credentials<'_>) {
    let reply = present(&World::new(), credentials).await;
    reply.expect_error(
        400,
        "invalid_request",
        "Mandatory parameter grant_type is missing (or) invalid",
    );
}

async fn expect_refused(credentials: Credentials<'_>) {
    let reply = present(&World::new(), credentials).await;
    reply.expect_error(401, "invalid_client", "Client authentication failed");
}

fn header(value: String) -> Credentials<'static> {
    Credentials { headers: vec![value], form: Vec::new() }
}

#[tokio::test]
async fn a_secret_proves_a_client_in_the_header_or_in_the_form() {
    let secret = BANK.secret.unwrap();
    expect_proven(header(basic(BANK.id, secret))).await;
    let form = vec![("client_id", BANK.id), ("client_secret", secret)];
    expect_proven(Credentials { form, ..Credentials::default() }).await;
}

/// RFC 6749 §2.3.1 wants both halves encoded, many clients do not encode.
#[tokio::test]
async fn both_readings_of_the_header_are_accepted() {
    expect_proven(header(basic(TRICKY.id, TRICKY.secret.unwrap()))).await;
    expect_proven(header(basic("tricky%2541", "a%2Bb%252Fc%3Ad"))).await;
    // `tricky%41` decodes to `trickyA`, which is nobody; half a decoding proves nothing.
    expect_refused(header(basic("tricky%2541", TRICKY.secret.unwrap()))).await;
}

/// The GSMA Java SDK sends both, identical.
#[tokio::test]
async fn the_same_credentials_in_both_places_are_tolerated_and_different_ones_refused() {
    let (id, secret) = (BANK.id, BANK.secret.unwrap());
    let with = |form| Credentials { headers: vec![basic(id, secret)], form };
    expect_proven(with(vec![("client_id", id), ("client_secret", secret)])).await;
    expect_proven(with(vec![("client_id", id)])).await;
    expect_proven(with(vec![("client_id", ""), ("client_secret", "")])).await;
    expect_refused(with(vec![("client_id", id), ("client_secret", "other")])).await;
    expect_refused(with(vec![("client_id", SHOP.id), ("client_secret", secret)])).await;
    expect_refused(with(vec![("client_id", SHOP.id)])).await;

    let (id, secret) = (TRICKY.id, TRICKY.secret.unwrap());
    let headers = vec![basic(id, secret)];
    let form = vec![("client_id", id), ("client_secret", secret)];
    expect_proven(Credentials { headers, form }).await;
}

/// What the GSMA Java SDK 3.5 sends: the header, the same in the form, and the `correlation_id` of
/// Discovery, which the authorization request never had (mobile-connect §6.1a).
#[tokio::test]
async fn the_requests_of_the_java_sdk_are_served() {
    let world = World::new();
    let (id, secret) = (BANK.id, BANK.secret.unwrap());
    let correlation_id = "42da5b19-457a-4d30-a5c4-038c62dccbb0";
    let double = [("client_id", id), ("client_secret", secret), ("correlation_id", correlation_id)];
    let post = async |path: &str, form: &[(&str, &str)]| {
        let form = [form, &double].concat();
        world.post(path, Some(BANK), &form).await
    };
    let code = world.code(BANK);
    let exchange =
        [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", REDIRECT_URI)];
    let reply = post("/accesstoken", &exchange).await;
    assert_eq!((reply.status, &reply.json()["correlation_id"]), (200, &correlation_id.into()));
    let token = reply.json()["access_token"].as_str().unwrap().to_owned();
    assert!(world.is_active(&token).await);
    let reply = post("/revoke", &[("token", &token)]).await;
    assert_eq!((reply.status, &*reply.body), (200, "{}"));
    assert!(!world.is_active(&token).await);
    let reply = post("/token", &[("grant_type", "refresh_token"), ("refresh_token", "x")]).await;
    assert_eq!(reply.error(), (400, "unauthorized_client".to_owned()));
    assert_eq!(reply.json()["correlation_id"], correlation_id);
}

/// T-060: one answer for every reason.
#[tokio::test]
async fn wrong_unknown_disabled_and_missing_credentials_look_the_same() {
    let secret = BANK.secret.unwrap();
    for credentials in [
        Credentials::default(),
        header(basic(BANK.id, "wrong")),
        header(basic(BANK.id, "")),
        header(basic(BANK.id, &secret[1..])),
        header(basic("nobody", secret)),
        header(basic("no body", secret)),
        header(basic(GONE.id, GONE.secret.unwrap())),
        header(basic(APP.id, "guess")),
        header("Basic ####".to_owned()),
        header("Bearer abc".to_owned()),
        header("Digest a=b".to_owned()),
        header(String::new()),
    ] {
        expect_refused(credentials).await;
    }
    let two = vec![basic(BANK.id, secret), basic(BANK.id, secret)];
    expect_refused(Credentials { headers: two, form: Vec::new() }).await;
    for form in [
        vec![("client_id", BANK.id)],
        vec![("client_id", BANK.id), ("client_secret", "wrong")],
        vec![("client_secret", secret)],
        vec![("client_id", "nobody")],
        vec![("client_id", APP.id), ("client_secret", "guess")],
        vec![("client_id", "é")],
    ] {
        expect_refused(Credentials { form, ..Credentials::default() }).await;
    }
}

/// RFC 6749 §2.1: a public client names itself; only its verifier proves it.
#[tokio::test]
async fn a_public_client_names_itself_in_the_form_or_with_an_empty_secret() {
    let form = vec![("client_id", APP.id)];
    expect_proven(Credentials { form, ..Credentials::default() }).await;
    expect_proven(header(basic(APP.id, ""))).await;

    let world = World::new();
    assert_eq!(world.exchange(APP, &world.code(APP)).await.status, 200);
}

/// RFC 7662 §2.1: introspection needs a proof, which a public client does not have (T-058).
#[tokio::test]
async fn introspection_is_not_for_public_clients() {
    let world = World::new();
    let (token, _) = world.tokens(APP).await;
    world.introspect(APP, &token).await.expect_error(
        401,
        "invalid_client",
        "Client authentication failed",
    );
    assert_eq!(world.introspect(API, &token).await.json()["active"], true);
}

/// T-060: two secrets overlap while one replaces the other.
#[tokio::test]
async fn a_secret_that_is_being_replaced_is_good_until_its_end() {
    let world = World::new();
    let old = || header(basic(BANK.id, OLD_SECRET));
    world.clock.advance(Duration::from_secs(OLD_SECRET_SECONDS - 1));
    assert_eq!(present(&world, old()).await.error().1, "invalid_request");
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(present(&world, old()).await.error().1, "invalid_client");
    let new = header(basic(BANK.id, BANK.secret.unwrap()));
    assert_eq!(present(&world, new).await.error().1, "invalid_request");
}

#[tokio::test]
async fn the_client_is_checked_before_the_code_is_opened() {
    let world = World::new();
    let code = world.code(BANK);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
        ("client_id", BANK.id),
        ("client_secret", "wrong"),
    ];
    let reply = world.post("/token", None, &form).await;
    assert_eq!(reply.error(), (401, "invalid_client".to_owned()));
    assert!(world.store.redemptions().is_empty());
}
