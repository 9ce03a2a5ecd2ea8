//! The page of a journey whose user is being asked, by one or several at once.

use std::time::Duration;

use fiador_domain::{
    journey::{LIFETIME, Refusal, Stage},
    profile::Profile,
};
use fiador_kernel::Clock;
use fiador_ports::StartError;

use crate::world::{Browser, FOREIGN, ISSUER, KNOWN, REDIRECT_URI, Step, UNKNOWN, World};

const HINT: [(&str, Option<&str>); 1] = [("login_hint", Some("MSISDN:447700900907"))];
const REFRESH: &str = r#"<noscript><meta http-equiv="refresh" content="5"></noscript>"#;
const FAILED: (&str, &str) = ("access_denied", "User failed to authenticate");

/// A browser at the page of a journey that these ask, and the page's path.
async fn asked(world: &World, steps: &[Step<'_>]) -> (Browser, String) {
    world.routing.asks(steps);
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    (browser, page)
}

#[tokio::test]
async fn each_live_prompt_has_its_own_part_and_form() {
    let world = World::new();
    let (mut browser, page) = asked(&world, &[(&["sms_otp", "push", "foreign"], None)]).await;
    let shown = browser.get(&page).await.body;
    for part in [
        "<h1>Confirm that it is you</h1>",
        r#"<section class="prompt" id="prompt-sms_otp" "#,
        ">Enter the code</h2>",
        r#"id="journey-answer">"#,
        r#"<input type="hidden" name="authenticator" value="sms_otp">"#,
        r#"id="submit-answer""#,
        r#"<section class="prompt" id="prompt-push" "#,
        ">Open the link</h2>",
        r#"id="journey-again-push" class="again after-30">"#,
        "Waiting for your answer",
        r#"id="go-foreign" href="https://authenticator.example/begin?t=1""#,
        r#"id="journey-cancel""#,
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    assert!(!shown.contains(r#"id="journey-answer-push""#), "nothing can be typed there");
    assert!(!shown.contains(r#"id="other-way""#), "there is no other way");
}

#[tokio::test]
async fn a_wrong_answer_is_told_where_it_was_given_and_the_first_right_one_wins() {
    let world = World::new();
    let (mut browser, page) = asked(&world, &[(&["push", "sms_otp"], None)]).await;
    let answer = format!("{page}/answer");
    // A form that names nobody is for the first part, and a name that is not asked for none.
    for named in [vec![], vec![("authenticator", "sim")]] {
        let form = [named, vec![("code", "000002")]].concat();
        assert!(browser.post(&answer, &form).await.leads_to_a_page());
    }
    let wrong = [("authenticator", "sms_otp"), ("code", "999999")];
    let told = browser.post(&answer, &wrong).await.page();
    assert!(browser.get(&told).await.body.contains("wrong=true"));
    let right = [("authenticator", "sms_otp"), ("code", "000002")];
    assert!(browser.post(&answer, &right).await.response_to(REDIRECT_URI).contains_key("code"));
}

#[tokio::test]
async fn an_answer_on_the_phone_ends_the_wait_of_a_page_on_which_something_is_typed() {
    let world = World::new();
    let (mut browser, page) = asked(&world, &[(&["sms_otp", "push"], None)]).await;
    world.routing.approves().await;
    // Whatever the browser does next leads on.
    let late = browser.post(&format!("{page}/answer"), &[("code", "999999")]).await;
    assert!(late.response_to(REDIRECT_URI).contains_key("code"));
    assert_eq!(world.codes.issued.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_page_loads_itself_anew_without_scripts_only_where_nothing_is_typed() {
    for (asks, refreshes) in
        [(["sms_url"].as_slice(), true), (&["sms_otp"], false), (&["push", "sms_otp"], false)]
    {
        let world = World::new();
        let (mut browser, page) = asked(&world, &[(asks, None)]).await;
        let shown = browser.get(&page).await;
        assert_eq!(shown.body.contains(REFRESH), refreshes, "{asks:?}");
        assert_eq!(shown.header("refresh"), None);
        assert!(shown.body.contains("journey") && shown.body.contains("data-events="));
    }
    let mut typing = World::new().browser();
    let page = typing.authorize(Profile::Oidc, &[]).await.page();
    assert!(!typing.get(&page).await.body.contains("http-equiv"), "a number is typed there");
}

#[tokio::test]
async fn another_way_is_offered_while_there_is_one_and_voids_the_way_before() {
    let world = World::new();
    let steps: [(&[&str], _); 2] = [(&["sms_otp"], None), (&["sms_url"], None)];
    let (mut browser, page) = asked(&world, &steps).await;
    assert!(browser.get(&page).await.body.contains(r#"id="journey-other-way""#));
    let on = browser.post(&format!("{page}/other-way"), &[]).await;
    assert_eq!((on.status.as_u16(), on.page()), (303, page.clone()));
    let shown = browser.get(&page).await.body;
    assert!(shown.contains("Open the link") && !shown.contains("other-way"), "{shown}");
    let old = [("authenticator", "sms_otp"), ("code", "000001")];
    assert!(browser.post(&format!("{page}/answer"), &old).await.leads_to_a_page());
    assert!(world.codes.issued.lock().unwrap().is_empty());
    // There is no third way, and asking for it is harmless.
    assert_eq!(browser.post(&format!("{page}/other-way"), &[]).await.page(), page);
}

#[tokio::test]
async fn another_way_that_cannot_be_gone_leaves_the_first_good() {
    let world = World::new();
    let steps: [(&[&str], _); 2] = [(&["sms_otp"], None), (&["sms_url"], None)];
    let (mut browser, page) = asked(&world, &steps).await;
    *world.phone.refuses.lock().unwrap() = Some(StartError::Unavailable);
    let told = browser.post(&format!("{page}/other-way"), &[]).await.page();
    assert!(browser.get(&told).await.body.contains(r#"id="wait""#));
    let done = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
    assert!(done.response_to(REDIRECT_URI).contains_key("code"));
}

#[tokio::test]
async fn a_foreign_authenticator_takes_the_browser_over_and_gives_it_back() {
    let world = World::with(
        |_| {},
        |settings| {
            settings.foreign_authenticators = vec!["http://authenticator.example:81/in".to_owned()];
        },
    );
    world.routing.asks(&[(&["foreign"], None)]);
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &[]).await.page();
    // The form of this page ends there, and Chromium holds the redirect against its policy.
    let policy = browser.get(&page).await;
    let policy = policy.header("content-security-policy").unwrap();
    assert!(policy.contains("http://authenticator.example:81"), "{policy}");
    let number = [("msisdn", "+447700900907")];
    assert_eq!(browser.post(&format!("{page}/number"), &number).await.page(), page);
    let led = browser.get(&page).await;
    assert_eq!((led.status.as_u16(), led.location()), (302, FOREIGN));
    world.routing.approves().await;
    assert!(browser.get(&page).await.response_to(REDIRECT_URI).contains_key("code"));
}

#[tokio::test]
async fn who_comes_back_to_be_told_something_is_not_led_away_again() {
    let world = World::new();
    let (mut browser, page) = asked(&world, &[(&["foreign"], None)]).await;
    let shown = browser.get(&format!("{page}?note=unsent")).await;
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains(r#"id="go" href="https://authenticator.example/begin?t=1""#));
    assert!(shown.body.contains(r#"id="cancel""#), "and a way out");
}

/// mobile-connect §2.6; OpenID Connect Core Unmet Authentication Requirements §2. What could tell a
/// known number from another is one and the same (T-048).
#[tokio::test]
async fn every_end_has_its_words_for_the_service_provider() {
    let level = "The requested level of assurance cannot be met";
    for (reason, profile, expected) in [
        (Refusal::Denied, Profile::Oidc, FAILED),
        (Refusal::Failed, Profile::Oidc, FAILED),
        (Refusal::TimedOut, Profile::MobileConnect, FAILED),
        (Refusal::BudgetExhausted, Profile::MobileConnect, FAILED),
        (Refusal::LockedOut, Profile::Oidc, FAILED),
        (Refusal::ConsentDenied, Profile::Oidc, ("access_denied", "The user did not consent")),
        (
            Refusal::Unavailable,
            Profile::MobileConnect,
            ("temporarily_unavailable", "Internal Server Error"),
        ),
        (Refusal::LevelUnmet, Profile::MobileConnect, ("access_denied", level)),
        (Refusal::LevelUnmet, Profile::Oidc, ("unmet_authentication_requirements", level)),
    ] {
        for step in ["", "/answer", "/again", "/other-way", "/cancel"] {
            let world = World::new();
            let mut browser = world.browser();
            let page = browser.authorize(profile, &HINT).await.page();
            world.journeys.refuse(reason, world.clock.now());
            let answer = match step {
                "" => browser.get(&page).await,
                _ => browser.post(&format!("{page}{step}"), &[("code", "000001")]).await,
            };
            let (error, description) = answer.error_to(REDIRECT_URI);
            assert_eq!((&*error, &*description), expected, "{reason:?} {step}");
        }
    }
}

/// The subscriber says no on the phone, whatever the browser does next.
#[tokio::test]
async fn a_journey_refused_on_the_phone_leads_back_with_the_error() {
    for by_form in [false, true] {
        let world = World::new();
        let (mut browser, page) = asked(&world, &[(&["sms_otp", "push"], None)]).await;
        world.routing.denies().await;
        let answer = if by_form {
            browser.post(&format!("{page}/answer"), &[("code", "000001")]).await
        } else {
            browser.get(&page).await
        };
        let (error, description) = answer.error_to(REDIRECT_URI);
        assert_eq!((&*error, &*description), FAILED);
        assert!(world.codes.issued.lock().unwrap().is_empty());
    }
}

/// T-048: whose number it is, and why there is a wait, cannot be told from the page.
#[tokio::test]
async fn a_held_page_counts_down_and_offers_what_can_still_succeed() {
    let mut pages = vec![];
    for digits in [KNOWN, UNKNOWN] {
        for (refusal, again) in [
            (StartError::LockedOut(Duration::from_secs(42)), true),
            (StartError::BudgetExhausted(Duration::from_secs(42)), true),
            (StartError::LockedOut(LIFETIME * 2), false),
        ] {
            let world = World::new();
            *world.phone.refuses.lock().unwrap() = Some(refusal);
            let mut browser = world.browser();
            let hint = format!("MSISDN:{digits}");
            let changes = [("login_hint", Some(hint.as_str()))];
            let page = browser.authorize(Profile::Oidc, &changes).await.page();
            let shown = browser.get(&page).await.body;
            assert_eq!(shown.contains(r#"id="journey-again" class="again after-45""#), again);
            assert_eq!(shown.contains("Please wait about 10 minutes"), !again, "{shown}");
            assert!(shown.contains(r#"id="cancel""#));
            let handle = page.split(['/', '?']).nth(2).unwrap();
            pages.push(
                shown.replace(handle, "HANDLE").replace(&format!("*{}<", &digits[10..]), "*NN<"),
            );
        }
    }
    assert_eq!(pages[..3], pages[3..]);
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn another_message_can_be_asked_for_after_a_while_that_the_page_tells() {
    let world = World::new();
    let (mut browser, page) = asked(&world, &[(&["sms_otp"], None)]).await;
    let shown = browser.get(&page).await.body;
    assert!(shown.contains(r#"id="journey-again" class="again after-30""#), "{shown}");
    assert!(shown.contains("You can ask for another message in a moment."));
}

/// What routing and adaptors are told of the browser.
#[tokio::test]
async fn a_journey_knows_its_page_and_where_it_came_from() {
    let world = World::new();
    let (_, page) = asked(&world, &[(&["sms_otp"], None)]).await;
    let journey = world.journeys.only();
    assert_eq!(journey.page.as_deref(), Some(&*format!("{ISSUER}{page}")));
    assert_eq!(journey.origin.network, "192.0.2.0/24");
    assert!(journey.browser.is_some() && !journey.origin.on_handset);
    assert!(matches!(journey.stage, Stage::Challenged { .. }));
}

/// T-106: of two browsers one prompts the phone; T-048: whosever number it is.
#[tokio::test]
async fn a_phone_that_is_being_asked_is_not_asked_by_a_second_browser() {
    for digits in [KNOWN, UNKNOWN] {
        let world = World::strict();
        let hint = format!("MSISDN:{digits}");
        let changes = [("login_hint", Some(hint.as_str()))];
        let mut first = world.browser();
        let page = first.authorize(Profile::Oidc, &changes).await.page();
        assert!(first.get(&page).await.body.contains("Enter the code"));
        let mut second = world.browser();
        let held = second.authorize(Profile::MobileConnect, &changes).await.page();
        assert!(second.get(&held).await.body.contains("The message could not be sent yet"));
        assert_eq!(world.phone.asked.lock().unwrap().len(), 1);
        // When the first gives up, the second may.
        first.post(&format!("{page}/cancel"), &[]).await;
        let held = held.split('?').next().unwrap();
        second.post(&format!("{held}/again"), &[]).await;
        assert!(second.get(held).await.body.contains("Enter the code"), "{digits}");
    }
}

/// T-109: whoever holds the phone has said no, and the client rests longer than the login lasts.
#[tokio::test]
async fn a_client_that_was_turned_down_is_told_to_come_back_later() {
    let world = World::strict();
    let (mut browser, page) = asked(&world, &[(&["sms_url"], None)]).await;
    world.routing.denies().await;
    let (error, description) = browser.get(&page).await.error_to(REDIRECT_URI);
    assert_eq!((&*error, &*description), FAILED);
    let held = world.browser().authorize(Profile::Oidc, &HINT).await;
    let mut other = world.browser();
    let held_page = other.authorize(Profile::Oidc, &HINT).await.page();
    let shown = other.get(&held_page).await.body;
    assert!(held.leads_to_a_page() && shown.contains("Please wait about 10 minutes"), "{shown}");
    assert!(!shown.contains(r#"id="again""#) && shown.contains(r#"id="cancel""#));
    assert_eq!(world.phone.asked.lock().unwrap().len(), 1);
}
