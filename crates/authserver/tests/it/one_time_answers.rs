//! Guesses are bounded and answers are given once, whatever runs at the same time (T-033, T-121).

use std::{collections::BTreeSet, sync::atomic::Ordering};

use fiador_domain::{journey::Stage, profile::Profile};

use crate::world::{Answer, Browser, REDIRECT_URI, World};

const HINT: [(&str, Option<&str>); 1] = [("login_hint", Some("MSISDN:447700900907"))];

async fn all_at_once(
    browser: &Browser,
    path: &str,
    forms: Vec<Vec<(&'static str, &'static str)>>,
) -> Vec<Answer> {
    let mut tasks = tokio::task::JoinSet::new();
    for form in forms {
        let (mut tab, path) = (browser.clone(), path.to_owned());
        tasks.spawn(async move { tab.post(&path, &form).await });
    }
    tasks.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_parallel_guesses_three_are_evaluated_t_121() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    let guesses = vec![vec![("code", "999999")]; 200];
    let answers = all_at_once(&browser, &format!("{page}/answer"), guesses).await;
    assert_eq!(world.phone.evaluated.load(Ordering::SeqCst), 3);
    assert!(answers.iter().all(|answer| answer.status == 303));
    assert!(matches!(world.journeys.only().stage, Stage::Refused { .. }));
    let right = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
    let expected = ("access_denied".into(), "User failed to authenticate".into());
    assert_eq!(right.error_to(REDIRECT_URI), expected);
    assert!(world.codes.issued.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_submit_yields_one_code() {
    for _ in 0..20 {
        let world = World::new();
        let mut browser = world.browser();
        let page = browser.authorize(Profile::Oidc, &HINT).await.page();
        let twice = vec![vec![("code", "000001")]; 2];
        let answers = all_at_once(&browser, &format!("{page}/answer"), twice).await;
        let codes: BTreeSet<String> = answers
            .iter()
            .filter(|answer| answer.location().starts_with(REDIRECT_URI))
            .filter_map(|answer| answer.response_to(REDIRECT_URI).get("code").cloned())
            .collect();
        assert_eq!(codes.len(), 1);
    }
}

/// A browser follows the answer to its last request only, so the second click must not be left
/// without; but who comes back later gets no code to spend again (T-036).
#[tokio::test]
async fn a_second_click_gets_the_same_code_and_the_history_none() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    let answer = format!("{page}/answer");
    let first = browser.post(&answer, &[("code", "000001")]).await;
    let second = browser.post(&answer, &[("code", "000001")]).await;
    assert_eq!(first.location(), second.location());
    assert_eq!(first.cookies(), second.cookies());
    assert_eq!(world.codes.issued.lock().unwrap().len(), 1);

    let history = browser.get(&page).await;
    assert_eq!(history.status, 200);
    assert!(history.body.contains("You are done here"));
    world.clock.advance(fiador_domain::token::CODE_LIFETIME);
    let late = browser.post(&answer, &[("code", "000001")]).await;
    assert!(late.body.contains("You are done here"));
}

#[tokio::test]
async fn the_third_wrong_answer_is_the_last() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::MobileConnect, &HINT).await.page();
    let answer = format!("{page}/answer");
    for _ in 0..2 {
        assert!(browser.post(&answer, &[("code", "1")]).await.leads_to_a_page());
    }
    let last = browser.post(&answer, &[("code", "1")]).await;
    let expected = ("access_denied".into(), "User failed to authenticate".into());
    assert_eq!(last.error_to(REDIRECT_URI), expected);
    // Reloading the page gives the same answer, not an end without a way on.
    let again = browser.get(&page).await;
    assert_eq!((again.status.as_u16(), again.location()), (302, last.location()));
}

#[tokio::test]
async fn a_repeated_field_is_no_guess() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    let twice = [("code", "000001"), ("code", "000002")];
    assert_eq!(browser.post(&format!("{page}/answer"), &twice).await.status, 400);
    assert_eq!(browser.post_raw(&format!("{page}/answer"), b"code=%zz").await.status, 400);
    assert_eq!(world.phone.evaluated.load(Ordering::SeqCst), 0);
}
