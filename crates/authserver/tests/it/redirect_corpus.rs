//! Nothing that only looks like a registered redirect URI gets an answer (T-030, T-031).

use fiador_domain::profile::Profile;
use fiador_testkit::{
    redirect_corpus::{loopback_corpus, redirect_corpus},
    share,
};

use crate::world::{Browser, PROFILES, REDIRECT_URI, World, changed, signed};

/// Told here, and nothing of the address is repeated (T-011).
async fn is_refused(browser: &mut Browser, profile: Profile, uri: &str) {
    let changes = [("redirect_uri", Some(uri))];
    let by_get = browser.authorize(profile, &changes).await;
    let parameters = changed(profile, &changes);
    let fields: Vec<_> = parameters.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let by_post = browser.post("/authorize", &fields).await;
    for answer in [by_get, by_post] {
        assert_eq!(answer.status, 400, "{profile:?} {uri:?}");
        assert_eq!(answer.header("location"), None, "{profile:?} {uri:?}");
        assert!(!answer.body.contains("evil"), "the page repeats {uri:?}");
    }
}

#[tokio::test]
async fn a_large_set_of_lookalikes_of_a_redirect_uri_is_refused() {
    let world = World::new();
    let mut browser = world.browser();
    for (at, profile) in PROFILES.into_iter().enumerate() {
        for uri in share::of(redirect_corpus(REDIRECT_URI), at * 7) {
            is_refused(&mut browser, profile, &uri).await;
        }
        for uri in share::of(loopback_corpus(), at * 3) {
            is_refused(&mut browser, profile, &uri).await;
        }
    }
    assert_eq!(world.journeys.len(), 0);
}

/// A signature makes no address a registered one.
#[tokio::test]
async fn a_large_set_of_lookalikes_in_request_objects_is_refused() {
    let world = World::new();
    let mut browser = world.browser();
    for uri in share::of(redirect_corpus(REDIRECT_URI), 11) {
        let object = signed(&serde_json::json!({ "redirect_uri": uri }));
        for beside in [None, Some(REDIRECT_URI)] {
            let changes = [("request", Some(object.as_str())), ("redirect_uri", beside)];
            let answer = browser.authorize(Profile::Oidc, &changes).await;
            // Controls do not pass in any parameter: that is told where the request beside says.
            if answer.status == 302 {
                let (error, _) = answer.error_to(REDIRECT_URI);
                assert_eq!(error, "invalid_request_object", "{uri:?}");
                assert!(uri.chars().any(char::is_control), "{uri:?}");
            } else {
                assert_eq!(answer.status, 400, "{uri:?}");
            }
        }
    }
    assert_eq!(world.journeys.len(), 0);
}
