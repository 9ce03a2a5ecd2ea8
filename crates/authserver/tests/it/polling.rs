//! Programs that follow redirects wait by them (mobile-connect §6.1, row 12).

use std::time::Duration;

use fiador_domain::{journey::LIFETIME, profile::Profile};

use crate::world::{Browser, FOREIGN, KNOWN, REDIRECT_URI, World};

const PROGRAM: &str = "application/json";

fn program(browser: &Browser) -> Browser {
    let mut program = browser.clone();
    program.accept = PROGRAM;
    program
}

#[tokio::test]
async fn a_program_is_sent_round_until_the_answer_is_there() {
    let world = World::new();
    let hint = format!("MSISDN:{KNOWN}");
    let mut browser = world.browser();
    let changes = [("login_hint", Some(hint.as_str()))];
    let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
    let mut program = program(&browser);
    let mut at = page.clone();
    for turn in 1..4 {
        let answer = program.get(&at).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (302, Some("5")));
        assert_eq!(answer.page(), format!("{page}?poll={turn}"));
        at = answer.page();
    }
    // The same browser's cookies, as if the user had answered elsewhere.
    let answer = browser.post(&format!("{page}/answer"), &[("code", &world.phone.code())]).await;
    assert!(answer.response_to(REDIRECT_URI).contains_key("code"));
    assert_eq!(program.get(&at).await.status, 200, "a code is not spent twice");
}

#[tokio::test]
async fn a_program_gets_the_error_when_the_time_is_over() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::MobileConnect, &[]).await.page();
    let mut program = program(&browser);
    assert!(program.get(&page).await.leads_to_a_page());
    world.clock.advance(LIFETIME + Duration::from_secs(1));
    let answer = program.get(&format!("{page}?poll=23")).await;
    assert_eq!(answer.error_to(REDIRECT_URI).1, "User failed to authenticate");
}

/// T-034: without the cookie there is nothing to wait for.
#[tokio::test]
async fn a_program_without_the_cookie_is_told_that_there_is_no_login() {
    let world = World::new();
    let page = world.browser().authorize(Profile::MobileConnect, &[]).await.page();
    let answer = program(&world.browser()).get(&page).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_program_waits_for_the_phone_and_goes_once_where_a_browser_is_led() {
    for (asks, led_to) in [("sms_url", None), ("foreign", Some(FOREIGN))] {
        let world = World::new();
        world.routing.asks(&[(&[asks], None)]);
        let hint = format!("MSISDN:{KNOWN}");
        let changes = [("login_hint", Some(hint.as_str()))];
        let browser = &mut world.browser();
        let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
        let mut program = program(browser);
        let first = program.get(&page).await;
        assert_eq!(first.location().strip_prefix(FOREIGN), led_to.map(|_| ""), "{asks}");
        let next = program.get(&format!("{page}?poll=1")).await;
        assert_eq!(next.page(), format!("{page}?poll=2"));
        world.routing.approves().await;
        assert!(program.get(&next.page()).await.response_to(REDIRECT_URI).contains_key("code"));
    }
}
