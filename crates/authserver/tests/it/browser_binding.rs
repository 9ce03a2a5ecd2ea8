//! A journey belongs to one browser (T-034, T-043, T-044).

use std::time::Duration;

use fiador_domain::{journey::LIFETIME, profile::Profile};

use crate::world::World;

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

/// T-106.
#[tokio::test]
async fn a_journey_ends_after_five_minutes() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    world.clock.advance(LIFETIME);
    world.clock.step_back(Duration::from_millis(1));
    assert_eq!(browser.get(&page).await.status, 200);
    world.clock.advance(Duration::from_millis(1));
    let late = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
    assert_eq!(late.status, 404);
    assert!(world.codes.issued.lock().unwrap().is_empty());
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
