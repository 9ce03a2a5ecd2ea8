//! `offline_access`: a refresh token needs a client that may use it and a user who agreed (OpenID
//! Connect Core §11, T-049).

use fiador_domain::{
    client::GrantTypes,
    consent::{Consent, TEXT_VERSION},
    profile::Profile,
    token::CodeContent,
};
use fiador_kernel::{ClientId, Clock, ScopeSet};

use crate::world::{KNOWN, PROFILES, REDIRECT_URI, World};

const ASKED: (&str, Option<&str>) = ("scope", Some("openid offline_access"));

fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

/// The code of a login, and whether the user was asked on the way.
async fn log_in(
    world: &World,
    profile: Profile,
    changes: &[(&'static str, Option<&str>)],
) -> (CodeContent, bool) {
    let mut browser = world.browser();
    let hint = format!("MSISDN:{KNOWN}");
    let changes = [changes, &[("login_hint", Some(hint.as_str()))]].concat();
    let page = browser.authorize(profile, &changes).await.page();
    let code = world.phone.code();
    let mut answer = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
    let asked = answer.leads_to_a_page();
    if asked {
        assert!(browser.get(&page).await.body.contains("Access while you are away"));
        answer = browser.post(&format!("{page}/consent"), &[("decision", "agree")]).await;
    }
    (world.codes.content(&answer.response_to(REDIRECT_URI)["code"]), asked)
}

fn has_agreed(world: &World, profile: Profile) {
    world.consents.rows.lock().unwrap().push(Consent {
        subscriber: World::subscriber(),
        client: ClientId::new(profile.as_str()).unwrap(),
        scopes: scopes("offline_access"),
        text_version: TEXT_VERSION,
        given_at: world.clock.now(),
    });
}

#[tokio::test]
async fn the_user_is_asked_once_and_again_where_the_client_wants_it() {
    let world = World::new();
    for profile in PROFILES {
        let (code, asked) = log_in(&world, profile, &[ASKED]).await;
        assert!(asked);
        assert_eq!(code.scopes, scopes("openid offline_access"));
        assert_eq!(code.consented, Some(scopes("offline_access")));
        has_agreed(&world, profile);
        let (code, asked) = log_in(&world, profile, &[ASKED]).await;
        assert!(!asked && code.scopes.contains("offline_access"));
        let (_, asked) = log_in(&world, profile, &[ASKED, ("prompt", Some("consent"))]).await;
        assert!(asked);
    }
}

#[tokio::test]
async fn nobody_is_asked_silently() {
    let world = World::new();
    let silent = [ASKED, ("prompt", Some("none"))];
    let mut browser = world.logged_in("alice");
    let answer = browser.authorize(Profile::Oidc, &silent).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "consent_required");
    has_agreed(&world, Profile::Oidc);
    let answer = browser.authorize(Profile::Oidc, &silent).await;
    let content = world.codes.content(&answer.response_to(REDIRECT_URI)["code"]);
    assert!(content.scopes.contains("offline_access"));
}

#[tokio::test]
async fn a_client_that_cannot_refresh_does_not_get_the_scope() {
    let world = World::with(|client| client.grant_types = GrantTypes::default(), |_| {});
    let (code, asked) = log_in(&world, Profile::Oidc, &[ASKED]).await;
    assert!(!asked);
    assert_eq!(code.scopes, scopes("openid"));
    let answer = world.browser().authorize(Profile::MobileConnect, &[ASKED]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "invalid_scope");
}
