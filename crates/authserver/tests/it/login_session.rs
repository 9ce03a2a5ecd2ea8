//! Login sessions of `oidc` clients (decision 0006; T-042, T-047).

use std::time::Duration;

use fiador_domain::profile::Profile;
use fiador_kernel::{Clock, Digest, OsEntropy, Pcr, SectorId, SubscriberId};

use crate::world::{Answer, ISSUER, REDIRECT_URI, SESSION_COOKIE, World};

const NONE: (&str, Option<&str>) = ("prompt", Some("none"));

fn has_code(answer: &Answer) -> bool {
    !answer.leads_to_a_page() && answer.response_to(REDIRECT_URI).contains_key("code")
}

/// The session is new with each authentication, and only its hash travels (T-042).
#[tokio::test]
async fn a_login_begins_a_session_for_oidc_alone() {
    let world = World::new();
    let hint = [("login_hint", Some("MSISDN:447700900907"))];
    let mut secrets = vec![];
    for _ in 0..2 {
        let mut browser = world.browser();
        browser.cookies.insert(SESSION_COOKIE.to_owned(), "planted".to_owned());
        let page = browser.authorize(Profile::Oidc, &hint).await.page();
        let code = world.phone.code();
        let done = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
        let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
        assert_eq!(content.session, Some(Digest::of(&browser.cookies[SESSION_COOKIE])));
        assert!(content.begins_session);
        secrets.push(browser.cookies[SESSION_COOKIE].clone());
    }
    assert_ne!(secrets[0], secrets[1]);

    let mut browser = world.browser();
    let page = browser.authorize(Profile::MobileConnect, &hint).await.page();
    let code = world.phone.code();
    let done = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    assert_eq!(content.session, None);
    assert!(!browser.cookies.contains_key(SESSION_COOKIE));
}

#[tokio::test]
async fn a_session_answers_without_a_page_and_without_a_message() {
    let world = World::new();
    let mut browser = world.logged_in("alice");
    world.clock.advance(Duration::from_mins(10));
    for changes in [&[][..], &[NONE]] {
        let answer = browser.authorize(Profile::Oidc, changes).await;
        let content = world.codes.content(&answer.response_to(REDIRECT_URI)["code"]);
        assert_eq!(content.subscriber, World::subscriber());
        assert_eq!(content.session, Some(Digest::of("session-secret")));
        assert!(!content.begins_session, "no new session begins");
        assert_eq!(world.clock.now().since(content.authenticated_at), Duration::from_mins(10));
    }
    assert!(world.phone.asked.lock().unwrap().is_empty());
    let sessions = world.sessions.rows.lock().unwrap();
    assert_eq!(sessions.values().next().unwrap().used_at, world.clock.now());
}

/// mobile-connect: the phone is asked each time.
#[tokio::test]
async fn mobile_connect_takes_no_session() {
    let world = World::new();
    let mut browser = world.logged_in("alice");
    assert!(browser.authorize(Profile::MobileConnect, &[]).await.leads_to_a_page());
    let answer = browser.authorize(Profile::MobileConnect, &[NONE]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
}

/// T-047: a session answers no request that a fresh login would have to do more for.
#[tokio::test]
async fn a_session_that_is_not_good_enough_leads_to_the_phone() {
    let world = World::new();
    let mut browser = world.logged_in("alice");
    world.clock.advance(Duration::from_secs(61));
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#;
    let too_high = r#"{"id_token":{"acr":{"essential":true,"values":["3"]}}}"#;
    for (changes, answers) in [
        (&[("prompt", Some("login"))][..], false),
        (&[("prompt", Some("select_account"))], false),
        (&[("max_age", Some("60"))], false),
        (&[("max_age", Some("61"))], true),
        (&[("login_hint", Some("MSISDN:447700900908"))], false),
        (&[("login_hint", Some("MSISDN:447700900907"))], true),
        (&[("acr_values", Some("4"))], true),
        (&[("claims", Some(essential))], true),
    ] {
        let answer = browser.authorize(Profile::Oidc, changes).await;
        assert_eq!(has_code(&answer), answers, "{changes:?}");
    }
    let answer = browser.authorize(Profile::Oidc, &[("claims", Some(too_high))]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "unmet_authentication_requirements");
    let changes = [NONE, ("claims", Some(too_high))];
    let answer = browser.authorize(Profile::Oidc, &changes).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
}

#[tokio::test]
async fn a_session_of_a_blocked_subscriber_or_after_its_time_is_none() {
    let world = World::new();
    let mut browser = world.logged_in("bob");
    let answer = browser.authorize(Profile::Oidc, &[NONE]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
    let mut browser = world.logged_in("alice");
    world.clock.advance(fiador_domain::session::IDLE);
    let answer = browser.authorize(Profile::Oidc, &[NONE]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
}

#[tokio::test]
async fn a_session_still_needs_consent() {
    let world = World::new();
    let mut browser = world.logged_in("alice");
    let scope = ("scope", Some("openid email"));
    let answer = browser.authorize(Profile::Oidc, &[NONE, scope]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "consent_required");
    let page = browser.authorize(Profile::Oidc, &[scope]).await.page();
    assert!(browser.get(&page).await.body.contains("your e-mail address"));
    let done = browser.post(&format!("{page}/consent"), &[("decision", "agree")]).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    assert_eq!(content.consented.unwrap().to_string(), "email");
}

/// OpenID Connect Core §3.1.2.1: the user of the session is the one of the token, or is not meant.
#[tokio::test]
async fn an_id_token_hint_must_name_the_user_of_the_session() {
    let world = World::new();
    let sector = SectorId::new("shop.example").unwrap();
    let token = |who: &str, audience: &str, issuer: &str| {
        let pcr = Pcr::random(&OsEntropy);
        let id = SubscriberId::new(who).unwrap();
        world.pcrs.rows.lock().unwrap().insert((sector.clone(), pcr.clone()), id);
        format!(r#"own.{{"iss":"{issuer}","sub":"{pcr}","aud":["{audience}"],"auth_time":1}}"#)
    };
    let own = token("alice", "oidc", ISSUER);
    // mobile-connect §2.1: the user must match, the audience need not.
    let of_another_client = token("alice", "mobile_connect", ISSUER);
    let somebody_else = token("carol", "oidc", ISSUER);
    let foreign = token("alice", "oidc", "https://elsewhere.example");
    let mut browser = world.logged_in("alice");
    for (hint, answers) in [
        (own.as_str(), true),
        (&of_another_client, true),
        (&somebody_else, false),
        (&foreign, false),
        ("forged", false),
    ] {
        let changes = [NONE, ("id_token_hint", Some(hint))];
        let answer = browser.authorize(Profile::Oidc, &changes).await;
        assert_eq!(has_code(&answer), answers, "{hint}");
        if !answers {
            assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
        }
    }
}

/// Logins by session go on while no message centre works.
#[tokio::test]
async fn a_session_answers_while_no_authenticator_does() {
    let world = World::new();
    world.phone.unavailable.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(has_code(&world.logged_in("alice").authorize(Profile::Oidc, &[]).await));
}
