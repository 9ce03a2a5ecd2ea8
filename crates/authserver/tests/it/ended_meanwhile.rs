//! What ends between a proof and its code leaves no code behind (T-056, T-223).

use std::sync::atomic::Ordering;

use fiador_domain::{
    consent::{Consent, TEXT_VERSION},
    profile::Profile,
};
use fiador_kernel::{ClientId, Clock, Digest, ScopeSet};

use crate::world::{PROFILES, REDIRECT_URI, SESSION_COOKIE, World};

const HINT: (&str, Option<&str>) = ("login_hint", Some("MSISDN:447700900907"));
const NOT_AUTHENTICATED: (&str, &str) = ("access_denied", "User failed to authenticate");

fn issued(world: &World) -> usize {
    world.codes.issued.lock().unwrap().len()
}

#[tokio::test]
async fn who_is_blocked_between_message_and_answer_gets_no_code() {
    for profile in PROFILES {
        let world = World::new();
        let mut browser = world.browser();
        let page = browser.authorize(profile, &[HINT]).await.page();
        let code = world.phone.code();
        world.subscribers.block(&World::subscriber());
        for _ in 0..2 {
            let answer = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
            let (error, description) = answer.error_to(REDIRECT_URI);
            assert_eq!((error.as_str(), description.as_str()), NOT_AUTHENTICATED);
        }
        assert_eq!(issued(&world), 0);
        assert!(!browser.cookies.contains_key(SESSION_COOKIE));
    }
}

#[tokio::test]
async fn who_is_blocked_before_the_consent_gets_no_code() {
    let world = World::new();
    let mut browser = world.browser();
    let changes = [HINT, ("scope", Some("openid email"))];
    let page = browser.authorize(Profile::Oidc, &changes).await.page();
    let code = world.phone.code();
    browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
    assert!(browser.get(&page).await.body.contains("your e-mail address"));
    world.subscribers.block(&World::subscriber());
    let answer = browser.post(&format!("{page}/consent"), &[("decision", "agree")]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "access_denied");
    assert_eq!(issued(&world), 0);
}

#[tokio::test]
async fn a_session_that_ends_while_it_answers_gives_no_code() {
    for (prompt, error) in [(Some("none"), "login_required"), (None, "access_denied")] {
        let world = World::new();
        let mut browser = world.logged_in(World::subscriber().as_str());
        world.sessions.ends_when_found.store(true, Ordering::SeqCst);
        let answer = browser.authorize(Profile::Oidc, &[("prompt", prompt)]).await;
        assert_eq!(answer.error_to(REDIRECT_URI).0, error);
        assert_eq!(issued(&world), 0);
    }
}

#[tokio::test]
async fn a_logout_before_the_consent_ends_the_login_that_the_session_answered_for() {
    let world = World::new();
    let mut browser = world.logged_in(World::subscriber().as_str());
    let changes = [("scope", Some("openid email"))];
    let page = browser.authorize(Profile::Oidc, &changes).await.page();
    assert!(browser.get(&page).await.body.contains("your e-mail address"));
    world.sessions.rows.lock().unwrap().clear();
    let answer = browser.post(&format!("{page}/consent"), &[("decision", "agree")]).await;
    let (error, description) = answer.error_to(REDIRECT_URI);
    assert_eq!((error.as_str(), description.as_str()), NOT_AUTHENTICATED);
    assert_eq!(issued(&world), 0);
}

/// T-049: between the look at the consent and the code.
#[tokio::test]
async fn a_consent_that_is_withdrawn_while_a_session_answers_gives_no_code() {
    for (prompt, error) in [(Some("none"), "consent_required"), (None, "access_denied")] {
        let world = World::new();
        let mut browser = world.logged_in(World::subscriber().as_str());
        world.consents.rows.lock().unwrap().push(Consent {
            subscriber: World::subscriber(),
            client: ClientId::new("oidc").unwrap(),
            scopes: ScopeSet::parse("email").unwrap(),
            text_version: TEXT_VERSION,
            given_at: world.clock.now(),
        });
        let changes = [("scope", Some("openid email")), ("prompt", prompt)];
        let answer = browser.authorize(Profile::Oidc, &changes).await;
        assert!(answer.response_to(REDIRECT_URI).contains_key("code"));
        world.consents.withdrawn_when_found.store(true, Ordering::SeqCst);
        let answer = browser.authorize(Profile::Oidc, &changes).await;
        assert_eq!(answer.error_to(REDIRECT_URI).0, error);
        assert_eq!(issued(&world), 1);
    }
}

/// The code is with the service provider, its session not begun: the logout must end both.
#[tokio::test]
async fn a_logout_before_the_session_has_begun_is_written_down() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &[HINT]).await.page();
    let code = world.phone.code();
    let done = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    let question = browser.get("/logout").await;
    assert!(question.body.contains(r#"id="confirm-logout""#), "a link must not sign people out");
    assert!(world.sessions.ended.lock().unwrap().is_empty());
    assert!(browser.cookies.contains_key(SESSION_COOKIE));
    let secret = &browser.cookies[SESSION_COOKIE];
    let confirmation = Digest::of(format!("logout {secret}")).to_hex();
    let done = browser.post("/logout/confirm", &[("confirmation", &confirmation)]).await;
    assert!(done.body.contains("You are signed out"));
    assert_eq!(*world.sessions.ended.lock().unwrap(), [content.session.unwrap()]);
    assert!(!browser.cookies.contains_key(SESSION_COOKIE));
}

/// T-260: an end costs a row, so nobody may make up what to end.
#[tokio::test]
async fn a_logout_with_a_cookie_that_was_not_made_here_writes_nothing() {
    let world = World::new();
    let long = "x".repeat(107);
    for secret in ["planted", &long, "\u{e9}"] {
        for path in ["/logout", "/logout/confirm"] {
            let mut browser = world.browser();
            browser.cookies.insert(SESSION_COOKIE.to_owned(), secret.to_owned());
            let confirmation = Digest::of(format!("logout {secret}")).to_hex();
            let answer = browser.post(path, &[("confirmation", &confirmation)]).await;
            assert!(answer.body.contains("You are signed out"));
        }
    }
    assert!(world.sessions.ended.lock().unwrap().is_empty());
}

/// T-106: what was refused while a prompt was live would leave it in the ledger.
#[tokio::test]
async fn a_number_that_cannot_be_served_ends_no_login_that_another_tab_has_led_on() {
    let world = World::with(|client| client.reveal_subscriber_state = true, |_| {});
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &[]).await.page();
    let (mut served, mut obstructed) = (browser.clone(), browser.clone());
    let number = format!("{page}/number");
    let (known, blocked) = ([("msisdn", "+447700900907")], [("msisdn", "+447700900909")]);
    let (_, answer) =
        tokio::join!(served.post(&number, &known), obstructed.post(&number, &blocked));
    assert_eq!(answer.page(), page, "the other tab's number stands");
    assert!(browser.get(&page).await.body.contains("Enter the code"));
    let form = [("code", &*world.phone.code())];
    let answer = browser.post(&format!("{page}/answer"), &form).await;
    assert!(answer.response_to(REDIRECT_URI).contains_key("code"));
}
