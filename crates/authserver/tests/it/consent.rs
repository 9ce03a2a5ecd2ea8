//! Attributes leave only after the user agreed (T-049).

use fiador_domain::{
    consent::{Consent, TEXT_VERSION},
    profile::Profile,
};
use fiador_kernel::{ClientId, ScopeSet, Timestamp};

use crate::world::{Browser, REDIRECT_URI, World};

const ASKED: [(&str, Option<&str>); 2] =
    [("login_hint", Some("MSISDN:447700900907")), ("scope", Some("openid email phone"))];

/// A browser whose user has answered the challenge, and the journey's page.
async fn proven(world: &World, changes: &[(&'static str, Option<&str>)]) -> (Browser, String) {
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, changes).await.page();
    let answer = browser.post(&format!("{page}/answer"), &[("code", &world.phone.code())]).await;
    assert_eq!(answer.page(), page, "consent comes first");
    (browser, page)
}

fn given(world: &World, scopes: &str, text_version: u32) {
    world.consents.rows.lock().unwrap().push(Consent {
        subscriber: World::subscriber(),
        client: ClientId::new("oidc").unwrap(),
        scopes: ScopeSet::parse(scopes).unwrap(),
        text_version,
        given_at: Timestamp::default(),
    });
}

#[tokio::test]
async fn the_user_is_asked_in_plain_words_and_agrees() {
    let world = World::new();
    let (mut browser, page) = proven(&world, &ASKED).await;
    let asked = browser.get(&page).await.body;
    assert!(asked.contains("Share with Acme &#60;Shop&#62;?"));
    assert!(asked.contains("your e-mail address") && asked.contains("your mobile number"));
    assert!(world.codes.issued.lock().unwrap().is_empty());

    let done = browser.post(&format!("{page}/consent"), &[("decision", "agree")]).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    assert_eq!(content.consented.unwrap().to_string(), "email phone");
    assert_eq!(content.scopes.to_string(), "email openid phone");
}

#[tokio::test]
async fn a_refusal_returns_to_the_service_provider() {
    let world = World::new();
    let (mut browser, page) = proven(&world, &ASKED).await;
    let done = browser.post(&format!("{page}/consent"), &[("decision", "refuse")]).await;
    assert_eq!(done.error_to(REDIRECT_URI).0, "access_denied");
    assert!(world.codes.issued.lock().unwrap().is_empty());
    let changed_mind = browser.post(&format!("{page}/consent"), &[("decision", "agree")]).await;
    assert_eq!(changed_mind.error_to(REDIRECT_URI).0, "access_denied");
}

/// T-049: a consent that was withdrawn after the page was shown is asked for again.
#[tokio::test]
async fn nobody_agrees_to_what_the_page_did_not_show() {
    let world = World::new();
    given(&world, "phone", TEXT_VERSION);
    let (mut browser, page) = proven(&world, &ASKED).await;
    let agree = [("decision", "agree")];
    let form = format!("{page}/consent");
    assert_eq!(browser.post(&form, &agree).await.page(), page, "no page was shown yet");
    assert!(!browser.get(&page).await.body.contains("your mobile number"));
    world.consents.rows.lock().unwrap().clear();
    assert_eq!(browser.post(&form, &agree).await.page(), page);
    assert!(world.codes.issued.lock().unwrap().is_empty());

    assert!(browser.get(&page).await.body.contains("your mobile number"));
    // Less than what was shown is what is still missing.
    given(&world, "phone", TEXT_VERSION);
    let done = browser.post(&form, &agree).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    assert_eq!(content.consented.unwrap().to_string(), "email");
}

/// T-033: agreeing twice at once gives one code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clicks_on_agree_yield_one_code() {
    let world = World::new();
    let (mut browser, page) = proven(&world, &ASKED).await;
    browser.get(&page).await;
    let click = || {
        let (mut tab, path) = (browser.clone(), format!("{page}/consent"));
        async move { tab.post(&path, &[("decision", "agree")]).await }
    };
    let (one, two) = tokio::join!(tokio::spawn(click()), tokio::spawn(click()));
    assert_eq!(one.unwrap().location(), two.unwrap().location());
}

#[tokio::test]
async fn an_unclear_decision_is_asked_again() {
    let world = World::new();
    let (mut browser, page) = proven(&world, &ASKED).await;
    for form in [&[][..], &[("decision", "maybe")], &[("decision", "")]] {
        assert_eq!(browser.post(&format!("{page}/consent"), form).await.page(), page);
    }
}

#[tokio::test]
async fn only_what_was_not_yet_agreed_to_is_asked() {
    let world = World::new();
    given(&world, "email", TEXT_VERSION);
    let (mut browser, page) = proven(&world, &ASKED).await;
    let asked = browser.get(&page).await.body;
    assert!(!asked.contains("your e-mail address") && asked.contains("your mobile number"));
    let done = browser.post(&format!("{page}/consent"), &[("decision", "agree")]).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    assert_eq!(content.consented.unwrap().to_string(), "phone");
}

#[tokio::test]
async fn an_old_consent_is_enough_until_the_text_changes() {
    let world = World::new();
    given(&world, "email phone", TEXT_VERSION);
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &ASKED).await.page();
    let done = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    assert_eq!(content.consented, None);

    let world = World::new();
    given(&world, "email phone", TEXT_VERSION - 1);
    proven(&world, &ASKED).await;
}

#[tokio::test]
async fn prompt_consent_asks_again() {
    let world = World::new();
    given(&world, "email phone", TEXT_VERSION);
    let mut changes = ASKED.to_vec();
    changes.push(("prompt", Some("consent")));
    proven(&world, &changes).await;
}
