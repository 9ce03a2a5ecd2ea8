//! When something behind the AuthServer does not work.

use std::{sync::atomic::Ordering, time::Duration};

use fiador_domain::profile::Profile;
use fiador_ports::{StartError, StoreError};

use crate::world::{AGAIN_AFTER, PROFILES, REDIRECT_URI, World};

const HINT: [(&str, Option<&str>); 1] = [("login_hint", Some("MSISDN:447700900907"))];

/// mobile-connect §2.6, last row.
#[tokio::test]
async fn without_an_authenticator_the_service_provider_is_told_to_try_later() {
    let world = World::new();
    world.phone.unavailable.store(true, Ordering::SeqCst);
    for profile in PROFILES {
        let answer = world.browser().authorize(profile, &[]).await;
        let expected = ("temporarily_unavailable".into(), "Internal Server Error".into());
        assert_eq!(answer.error_to(REDIRECT_URI), expected);
    }
    assert_eq!(world.journeys.len(), 0);
}

#[tokio::test]
async fn an_authenticator_that_fails_on_the_way_ends_the_journey() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &[]).await.page();
    *world.phone.refuses.lock().unwrap() = Some(StartError::Unavailable);
    let number = [("msisdn", "+447700900907")];
    let answer = browser.post(&format!("{page}/number"), &number).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "temporarily_unavailable");
    let direct = world.browser().authorize(Profile::Oidc, &HINT).await;
    assert_eq!(direct.error_to(REDIRECT_URI).0, "temporarily_unavailable");
}

/// mobile-connect §2.1: text that no authenticator can show is refused, never cut.
#[tokio::test]
async fn a_text_that_does_not_fit_is_refused() {
    let world = World::new();
    *world.phone.refuses.lock().unwrap() = Some(StartError::TextTooLong);
    let answer = world.browser().authorize(Profile::MobileConnect, &HINT).await;
    let expected = ("invalid_request".into(), "Invalid context value".into());
    assert_eq!(answer.error_to(REDIRECT_URI), expected);
}

/// T-122: people are told when to try again, and can.
#[tokio::test]
async fn a_used_up_budget_is_a_page_that_says_how_long_to_wait() {
    for refusal in [
        StartError::BudgetExhausted(Duration::from_secs(42)),
        StartError::LockedOut(Duration::from_secs(42)),
    ] {
        let world = World::new();
        *world.phone.refuses.lock().unwrap() = Some(refusal);
        let mut browser = world.browser();
        let page = browser.authorize(Profile::Oidc, &HINT).await.page();
        let held = browser.get(&page).await.body;
        assert!(held.contains("Please wait 42 seconds") && held.contains(r#"id="again""#));
        let path = page.split('?').next().unwrap();
        *world.phone.refuses.lock().unwrap() = None;
        let sent = browser.post(&format!("{path}/again"), &[]).await.page();
        assert!(browser.get(&sent).await.body.contains("Enter the code"));
    }
}

/// mobile-connect §2.6, for clients that are entitled to know.
#[tokio::test]
async fn an_entitled_client_is_told_that_the_user_is_busy() {
    let world = World::with(|client| client.reveal_subscriber_state = true, |_| {});
    *world.phone.refuses.lock().unwrap() =
        Some(StartError::BudgetExhausted(Duration::from_secs(42)));
    let answer = world.browser().authorize(Profile::MobileConnect, &HINT).await;
    assert_eq!(answer.error_to(REDIRECT_URI).1, "The user is busy with another transaction");
}

/// T-243, T-260: 503 and when to try again.
#[tokio::test]
async fn a_failing_database_and_too_many_journeys_are_503() {
    for break_it in [
        (|world: &World| world.subscribers.down.store(true, Ordering::SeqCst)) as fn(&World),
        |world| world.journeys.full.store(true, Ordering::SeqCst),
        |world| {
            *world.phone.refuses.lock().unwrap() = Some(StartError::Store(StoreError::Unavailable));
        },
    ] {
        let world = World::new();
        break_it(&world);
        let answer = world.browser().authorize(Profile::Oidc, &HINT).await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.header("retry-after"), Some("2"));
        assert!(answer.body.contains("One moment, please"));
        let mut program = world.browser();
        program.accept = "*/*";
        let answer = program.authorize(Profile::Oidc, &HINT).await;
        assert!(answer.body.contains(r#""error":"temporarily_unavailable""#));
        assert!(world.phone.asked.lock().unwrap().is_empty(), "no message was wasted");
    }
}

/// What is on the phone is not taken away by a message that could not follow it.
#[tokio::test]
async fn another_message_that_cannot_be_sent_leaves_the_first_good() {
    for (refusal, remark) in [
        (StartError::Unavailable, "We cannot send another message right now"),
        (StartError::BudgetExhausted(Duration::from_secs(42)), "Please wait 42 seconds"),
    ] {
        let world = World::new();
        let mut browser = world.browser();
        let page = browser.authorize(Profile::Oidc, &HINT).await.page();
        *world.phone.refuses.lock().unwrap() = Some(refusal);
        world.clock.advance(AGAIN_AFTER);
        let again = browser.post(&format!("{page}/again"), &[]).await.page();
        let shown = browser.get(&again).await.body;
        assert!(shown.contains(remark) && shown.contains("Enter the code"), "{shown}");
        let done = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
        assert!(done.response_to(REDIRECT_URI).contains_key("code"));
    }
}

/// mobile-connect §2.6, last row.
#[tokio::test]
async fn without_a_key_for_codes_the_service_provider_is_told_that_it_is_our_fault() {
    let world = World::new();
    world.codes.no_key.store(true, Ordering::SeqCst);
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    let answer = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
    let expected = ("server_error".into(), "Internal Server Error".into());
    assert_eq!(answer.error_to(REDIRECT_URI), expected);
    // The proof is not lost: when there is a key again, the page goes on.
    world.codes.no_key.store(false, Ordering::SeqCst);
    assert!(browser.get(&page).await.response_to(REDIRECT_URI).contains_key("code"));
}
