//! A journey belongs to one browser (T-034, T-043, T-044).

use std::{sync::atomic::Ordering, time::Duration};

use fiador_domain::{
    journey::{AFTERMATH, LIFETIME},
    profile::Profile,
};

use crate::world::{REDIRECT_URI, World};

const HINT: [(&str, Option<&str>); 1] = [("login_hint", Some("MSISDN:447700900907"))];
const STEPS: [&str; 5] = ["number", "answer", "again", "consent", "cancel"];

/// Without the cookie, with another one, with a handle that never was and after the end of its
/// time a journey looks the same.
#[tokio::test]
async fn nobody_else_can_see_or_move_a_journey() {
    let world = World::new();
    let mut owner = world.browser();
    let page = owner.authorize(Profile::Oidc, &HINT).await.page();

    let mut stranger = world.browser();
    let mut other = world.browser();
    other.authorize(Profile::Oidc, &[]).await;
    let nowhere = format!("/journey/{}", "A".repeat(43));

    let missing = stranger.get(&nowhere).await;
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("Let us start again"));
    for answer in [stranger.get(&page).await, other.get(&page).await, owner.get(&nowhere).await] {
        assert_eq!((answer.status, &answer.body), (missing.status, &missing.body));
        assert_eq!(answer.headers, missing.headers);
    }
    for step in STEPS {
        let fields = [("code", "000001"), ("decision", "agree"), ("msisdn", "07700900907")];
        for thief in [&mut stranger, &mut other] {
            let answer = thief.post(&format!("{page}/{step}"), &fields).await;
            assert_eq!((answer.status, &answer.body), (missing.status, &missing.body), "{step}");
        }
    }
    assert!(world.codes.issued.lock().unwrap().is_empty());
    assert!(owner.get(&page).await.body.contains("Enter the code"), "the owner is undisturbed");
}

/// T-106; mobile-connect §2.6, timeout: the service provider is told when somebody comes back.
#[tokio::test]
async fn a_journey_ends_after_five_minutes() {
    for first in ["", "/answer", "/again", "/number", "/consent", "/cancel"] {
        let world = World::new();
        let mut browser = world.browser();
        let page = browser.authorize(Profile::Oidc, &HINT).await.page();
        world.clock.advance(LIFETIME);
        world.clock.step_back(Duration::from_millis(1));
        assert_eq!(browser.get(&page).await.status, 200);
        world.clock.advance(Duration::from_millis(1));
        let failed = ("access_denied".into(), "User failed to authenticate".into());
        if first.is_empty() {
            assert_eq!(browser.get(&page).await.error_to(REDIRECT_URI), failed);
        }
        for step in [first, "/answer", "/again"].into_iter().filter(|step| !step.is_empty()) {
            let late = browser.post(&format!("{page}{step}"), &[("code", "000001")]).await;
            assert_eq!((late.status.as_u16(), late.error_to(REDIRECT_URI)), (303, failed.clone()));
        }
        assert_eq!(browser.get(&page).await.error_to(REDIRECT_URI), failed);
        assert_eq!(world.phone.asked.lock().unwrap().len(), 1, "no other message");
        assert_eq!(world.phone.evaluated.load(Ordering::SeqCst), 0);
        assert!(world.codes.issued.lock().unwrap().is_empty());
        let events = world.audit.events.lock().unwrap();
        let reasons: Vec<_> = events.iter().map(|event| event.detail.as_deref()).collect();
        assert_eq!(reasons, [Some("timed_out")]);
    }
}

#[tokio::test]
async fn a_late_journey_of_another_browser_is_none_and_is_forgotten_in_time() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    world.clock.advance(LIFETIME);
    assert_eq!(world.browser().get(&page).await.status, 404);
    assert!(world.audit.events.lock().unwrap().is_empty());
    world.clock.advance(AFTERMATH);
    assert_eq!(browser.get(&page).await.status, 404);
}

#[tokio::test]
async fn two_tabs_of_one_browser_do_not_lock_each_other_out() {
    let world = World::new();
    let mut browser = world.browser();
    let first = browser.authorize(Profile::Oidc, &HINT).await.page();
    let second = browser.authorize(Profile::MobileConnect, &HINT).await.page();
    assert_ne!(first, second);
    assert_eq!(browser.get(&first).await.status, 200);
    assert_eq!(browser.get(&second).await.status, 200);
}

/// A cookie planted in another form than ours is not taken over.
#[tokio::test]
async fn a_planted_cookie_is_replaced() {
    let world = World::new();
    let mut browser = world.browser();
    browser.cookies.insert("__Host-fiador_browser".to_owned(), "known-to-others".to_owned());
    browser.authorize(Profile::Oidc, &[]).await.page();
    assert_eq!(browser.cookies["__Host-fiador_browser"].len(), 43);
}

/// T-040.
#[tokio::test]
async fn pages_are_fenced_in() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    let answer = browser.get(&page).await;
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("script-src 'self';"));
    assert!(policy.contains("form-action 'self' https://shop.example"), "{policy}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

/// The page of the present stage answers a form that comes too late or too early.
#[tokio::test]
async fn a_form_of_another_stage_leads_to_the_present_page() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    for step in ["number", "consent"] {
        let fields = [("msisdn", "+34600000001"), ("decision", "agree")];
        let answer = browser.post(&format!("{page}/{step}"), &fields).await;
        assert_eq!((answer.status.as_u16(), answer.page()), (303, page.clone()), "{step}");
    }
    assert!(browser.get(&page).await.body.contains("Enter the code"));
    assert_eq!(browser.get(&format!("{page}/answer")).await.page(), page);
    assert_eq!(browser.post(&format!("{page}/unheard-of"), &[]).await.status, 404);
}
