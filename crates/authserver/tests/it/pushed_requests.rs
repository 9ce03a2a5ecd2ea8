//! Pushed authorization requests (RFC 9126).

use std::time::Duration;

use fiador_domain::profile::Profile;
use http::StatusCode;
use serde_json::{Value, json};

use crate::world::{Answer, PROFILES, REDIRECT_URI, World, changed, signed};

/// Pushes a good request that was changed, as the client of the profile.
async fn push(world: &World, profile: Profile, changes: &[(&'static str, Option<&str>)]) -> Answer {
    let mut form = changed(profile, changes);
    form.push(("client_secret", "secret".to_owned()));
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    world.browser().post("/par", &form).await
}

fn reference(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(told["expires_in"], 60);
    let uri = told["request_uri"].as_str().unwrap();
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{uri}");
    uri.to_owned()
}

/// What the browser brings: the reference, and parameters that must not count.
async fn follow(world: &World, client: &str, uri: &str) -> Answer {
    let form = [("client_id", client), ("request_uri", uri), ("scope", ""), ("state", "beside")];
    world.browser().post("/authorize", &form).await
}

#[track_caller]
fn is_refused(answer: &Answer, status: u16, error: &str, description: &str) {
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    let expected = json!({"error": error, "error_description": description});
    assert_eq!((answer.status.as_u16(), told), (status, expected));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_pushed_request_is_served_as_if_the_browser_had_brought_it() {
    let world = World::new();
    for profile in PROFILES {
        let uri = reference(&push(&world, profile, &[]).await);
        assert!(follow(&world, profile.as_str(), &uri).await.leads_to_a_page());
    }
}

/// RFC 9126 §7.3: one use; and of several at the same moment one.
#[tokio::test]
async fn a_reference_is_good_once() {
    let world = World::new();
    let uri = reference(&push(&world, Profile::Oidc, &[]).await);
    assert!(follow(&world, "oidc", &uri).await.leads_to_a_page());
    let again = follow(&world, "oidc", &uri).await;
    assert_eq!((again.status.as_u16(), again.header("location")), (400, None));

    let uri = reference(&push(&world, Profile::Oidc, &[]).await);
    let (one, two) = tokio::join!(follow(&world, "oidc", &uri), follow(&world, "oidc", &uri));
    let served = [one, two].iter().filter(|answer| answer.leads_to_a_page()).count();
    assert_eq!(served, 1);
}

#[tokio::test]
async fn a_reference_is_good_for_its_client_and_a_minute() {
    let world = World::new();
    let uri = reference(&push(&world, Profile::Oidc, &[]).await);
    for (client, uri) in [
        ("mobile_connect", uri.as_str()),
        ("nobody", &uri),
        ("", &uri),
        ("oidc", "urn:ietf:params:oauth:request_uri:"),
        ("oidc", "urn:ietf:params:oauth:request_uri:guessed"),
    ] {
        let answer = follow(&world, client, uri).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (400, None),
            "{client} {uri}"
        );
    }
    // Others did not use it up.
    world.clock.advance(Duration::from_secs(59));
    assert!(follow(&world, "oidc", &uri).await.leads_to_a_page());

    let late = reference(&push(&world, Profile::Oidc, &[]).await);
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(follow(&world, "oidc", &late).await.status, 400);
}

/// The reference opens no page of a journey, and the handle of a journey is no reference (T-034).
#[tokio::test]
async fn references_and_handles_of_journeys_are_not_the_same() {
    let world = World::new();
    let uri = reference(&push(&world, Profile::Oidc, &[]).await);
    let handle = uri.rsplit(':').next().unwrap();
    assert_eq!(world.browser().get(&format!("/journey/{handle}")).await.status, 404);

    let page = world.browser().authorize(Profile::Oidc, &[]).await.location().to_owned();
    let handle = page.rsplit('/').next().unwrap().split('?').next().unwrap();
    let uri = format!("urn:ietf:params:oauth:request_uri:{handle}");
    assert_eq!(follow(&world, "oidc", &uri).await.status, 400);
}

#[tokio::test]
async fn mistakes_are_told_when_the_request_is_pushed() {
    let world = World::new();
    for (changes, error, description) in [
        (&[("scope", None)][..], "invalid_scope", "MANDATORY parameter scope is missing"),
        (
            &[("response_type", Some("token"))],
            "unsupported_response_type",
            "The response_type is not supported",
        ),
        (
            &[("redirect_uri", Some("https://evil.example/"))],
            "invalid_request",
            "redirect_uri is invalid",
        ),
        (&[("code_challenge", None)], "invalid_request", "code challenge required"),
        (&[("prompt", Some("none login"))], "invalid_request", "Prompt value is invalid"),
        (
            &[("request_uri", Some("urn:ietf:params:oauth:request_uri:x"))],
            "invalid_request",
            "The request_uri parameter is not allowed here",
        ),
        (&[("request", Some("forged"))], "invalid_request_object", "The request object is invalid"),
    ] {
        let answer = push(&world, Profile::Oidc, changes).await;
        is_refused(&answer, 400, error, description);
    }
    assert_eq!(world.journeys.len(), 0, "nothing is kept");
}

#[tokio::test]
async fn only_a_client_that_proves_itself_can_push() {
    let world = World::new();
    let form = changed(Profile::Oidc, &[]);
    let mut form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.push(("client_secret", "guessed"));
    let answer = world.browser().post("/par", &form).await;
    is_refused(&answer, 401, "invalid_client", "Client authentication failed");
    assert!(answer.header("www-authenticate").unwrap().starts_with("Basic"));
    let query = world.browser().post("/par?client_id=oidc", &[("client_secret", "secret")]).await;
    let words = "Parameters must be in the body, not in the query";
    is_refused(&query, 400, "invalid_request", words);
    let twice =
        [("client_id", "oidc"), ("client_secret", "secret"), ("state", "1"), ("state", "2")];
    assert_eq!(world.browser().post("/par", &twice).await.status, 400);
    assert_eq!(world.browser().get("/par").await.status, 405);
}

#[tokio::test]
async fn what_is_too_long_to_be_kept_is_refused() {
    let world = World::new();
    let long = "x".repeat(4000);
    let changes: Vec<_> =
        ["a", "b", "c", "d", "e"].map(|name| (name, Some(long.as_str()))).to_vec();
    let answer = push(&world, Profile::Oidc, &changes).await;
    is_refused(&answer, 413, "invalid_request", "The authorization request is too long");
}

/// RFC 9126 §3: a request object is opened when it is pushed.
#[tokio::test]
async fn a_pushed_request_may_be_signed() {
    let world = World::new();
    let object = signed(&json!({"state": "inside", "prompt": "none"}));
    let uri = reference(&push(&world, Profile::Oidc, &[("request", Some(&object))]).await);
    let answer = follow(&world, "oidc", &uri).await;
    let response = answer.response_to(REDIRECT_URI);
    assert_eq!((&*response["error"], &*response["state"]), ("login_required", "inside"));
}

#[tokio::test]
async fn a_client_may_be_registered_to_push() {
    let world = World::with(|client| client.require_pushed_authorization_requests = true, |_| {});
    for profile in PROFILES {
        let answer = world.browser().authorize(profile, &[]).await;
        let told = answer.error_to(REDIRECT_URI);
        assert_eq!(told.1, "The client must push its authorization requests");
        let uri = reference(&push(&world, profile, &[]).await);
        assert!(follow(&world, profile.as_str(), &uri).await.leads_to_a_page());
    }
}
