//! Waiting browsers hear when their page is out of date.

use std::{sync::atomic::Ordering, time::Duration};

use axum::body::BodyDataStream;
use fiador_domain::{journey::LIFETIME, profile::Profile};
use fiador_kernel::Clock;
use fiador_ports::StartError;
use futures_util::StreamExt;
use http::{Method, StatusCode};

use crate::world::{AGAIN_AFTER, Answer, Browser, REDIRECT_URI, World};

const HINT: [(&str, Option<&str>); 1] = [("login_hint", Some("MSISDN:447700900907"))];
const MOVED: &str = "event: moved\ndata: moved\n\n";

/// A browser whose journey waits for a click on the phone, its page, and where it can be followed.
async fn waiting(world: &World) -> (Browser, String, String) {
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &HINT).await.page();
    let shown = browser.get(&page).await.body;
    let events = shown.split("data-events=\"/oidc").nth(1).expect("a page that follows");
    let events = events.split('"').next().unwrap().to_owned();
    assert!(events.starts_with(&format!("{page}/events?since=")), "{events}");
    (browser, page, events)
}

fn world_of_links() -> World {
    let world = World::new();
    world.routing.asks(&[(&["sms_url"], None)]);
    world
}

async fn follow(browser: &Browser, events: &str) -> BodyDataStream {
    let response = browser.response(Method::GET, events, None).await;
    assert_eq!(response.status(), 200);
    response.into_body().into_data_stream()
}

async fn heard(stream: &mut BodyDataStream) -> Option<String> {
    let chunk = stream.next().await?.unwrap();
    Some(String::from_utf8(chunk.to_vec()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_waiting_browser_hears_at_once_that_the_phone_has_answered() {
    let world = world_of_links();
    let (mut browser, page, events) = waiting(&world).await;
    let mut stream = follow(&browser, &events).await;
    assert!(heard(&mut stream).await.unwrap().contains("retry: 1000"));
    let began = tokio::time::Instant::now();
    world.routing.approves().await;
    assert_eq!(heard(&mut stream).await.as_deref(), Some(MOVED));
    assert_eq!(began.elapsed(), Duration::ZERO, "no wait for the next comment");
    assert_eq!(heard(&mut stream).await, None, "the end");
    assert!(browser.get(&page).await.response_to(REDIRECT_URI).contains_key("code"));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_was_out_of_date_before_is_told_when_it_begins_to_follow() {
    let world = world_of_links();
    let (browser, _, events) = waiting(&world).await;
    world.routing.denies().await;
    let mut stream = follow(&browser, &events).await;
    assert_eq!(heard(&mut stream).await.as_deref(), Some(MOVED));
    assert_eq!(heard(&mut stream).await, None);
}

/// What is being typed must not be lost because of something that the page does not show.
#[tokio::test(start_paused = true)]
async fn what_the_page_does_not_show_loads_no_page_anew() {
    let world = World::new();
    world.routing.asks(&[(&["sms_otp", "push"], None)]);
    let (mut browser, page, events) = waiting(&world).await;
    let mut stream = follow(&browser, &events).await;
    heard(&mut stream).await.unwrap();
    browser.clone().post(&format!("{page}/answer"), &[("code", "999999")]).await;
    assert_eq!(heard(&mut stream).await.as_deref(), Some(": waiting\n\n"));
    // Another message is another page, and voids what was being typed.
    world.clock.advance(AGAIN_AFTER);
    browser.post(&format!("{page}/again"), &[("authenticator", "sms_otp")]).await;
    assert_eq!(heard(&mut stream).await.as_deref(), Some(MOVED));
}

#[tokio::test(start_paused = true)]
async fn a_line_gives_signs_of_life_until_the_journey_is_over_t_106() {
    let world = world_of_links();
    let (mut browser, page, events) = waiting(&world).await;
    let mut stream = follow(&browser, &events).await;
    heard(&mut stream).await.unwrap();
    for _ in 0..3 {
        let began = tokio::time::Instant::now();
        assert_eq!(heard(&mut stream).await.as_deref(), Some(": waiting\n\n"));
        // Every 15 s, to the millisecond of tokio's timers.
        assert_eq!(began.elapsed().as_secs(), 15);
    }
    world.clock.advance(LIFETIME);
    assert_eq!(heard(&mut stream).await.as_deref(), Some(MOVED));
    assert_eq!(heard(&mut stream).await, None);
    let failed = ("access_denied".into(), "User failed to authenticate".into());
    assert_eq!(browser.get(&page).await.error_to(REDIRECT_URI), failed);
}

#[tokio::test(start_paused = true)]
async fn the_next_step_is_heard_of_when_it_is_due() {
    let world = World::new();
    world.routing.asks(&[(&["sms_url"], Some(Duration::from_secs(9))), (&["sms_otp"], None)]);
    let (mut browser, page, events) = waiting(&world).await;
    let mut stream = follow(&browser, &events).await;
    heard(&mut stream).await.unwrap();
    world.clock.advance(Duration::from_secs(9));
    let began = tokio::time::Instant::now();
    assert_eq!(heard(&mut stream).await.as_deref(), Some(MOVED));
    assert_eq!(began.elapsed().as_secs(), 0, "nobody waits for the next sign of life");
    assert!(browser.get(&page).await.body.contains("Enter the code"));
}

#[tokio::test]
async fn a_stream_is_kept_by_nobody_on_the_way() {
    let world = world_of_links();
    let (browser, _, events) = waiting(&world).await;
    let response = browser.response(Method::GET, &events, None).await;
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header("content-type"), Some("text/event-stream"));
    assert_eq!(header("cache-control"), Some("no-store"));
    assert_eq!(header("x-accel-buffering"), Some("no"));
    assert_eq!(header("access-control-allow-origin"), None);
}

/// Without the cookie, with another one and for a handle that never was it is the same, and nothing.
#[tokio::test]
async fn nobody_else_hears_anything_t_034() {
    let world = world_of_links();
    let (owner, page, events) = waiting(&world).await;
    let mut other = world.browser();
    other.authorize(Profile::Oidc, &[]).await;
    let nowhere = format!("/journey/{}/events", "A".repeat(43));
    let missing = world.browser().get(&nowhere).await;
    assert_eq!(missing.status, 404);
    let bare = format!("{page}/events");
    for (mut browser, path) in
        [(world.browser(), &events), (other.clone(), &events), (other, &bare), (owner, &nowhere)]
    {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, &answer.body), (missing.status, &missing.body));
        assert_eq!(answer.headers, missing.headers);
    }
}

async fn is_refused(browser: &Browser, events: &str) -> bool {
    let mut program = browser.clone();
    program.accept = "text/event-stream";
    let response = program.response(Method::GET, events, None).await;
    if response.status() == StatusCode::OK {
        return false;
    }
    let answer = Answer::read(response).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("2")));
    assert!(answer.body.contains(r#""error":"temporarily_unavailable""#));
    true
}

#[tokio::test]
async fn a_fifth_stream_of_a_login_replaces_its_oldest_which_asks_from_then_on_t_260() {
    let world = world_of_links();
    let (browser, page, events) = waiting(&world).await;
    let mut streams = vec![];
    for _ in 0..5 {
        let mut stream = follow(&browser, &events).await;
        assert!(heard(&mut stream).await.unwrap().contains("retry: 1000"));
        streams.push(stream);
    }
    let replaced = "event: replaced\ndata: replaced\n\n";
    assert_eq!(heard(&mut streams[0]).await.as_deref(), Some(replaced));
    assert_eq!(heard(&mut streams[0]).await, None);

    let once = format!("{events}&once");
    assert_eq!(browser.response(Method::GET, &once, None).await.status(), StatusCode::NO_CONTENT);
    world.routing.approves().await;
    for stream in &mut streams[1..] {
        assert_eq!(heard(stream).await.as_deref(), Some(MOVED));
    }
    assert_eq!(browser.clone().get(&once).await.body, MOVED);
    assert!(browser.clone().get(&page).await.response_to(REDIRECT_URI).contains_key("code"));
}

#[tokio::test]
async fn one_network_has_a_part_of_the_streams_and_who_is_refused_can_ask_t_264() {
    let world = World::with(|_| {}, |settings| settings.max_event_streams = 16);
    world.routing.asks(&[(&["sms_url"], None)]);
    let (one, _, events_of_one) = waiting(&world).await;
    let (two, _, events_of_two) = waiting(&world).await;
    let (mut three, _, events_of_three) = waiting(&world).await;
    let first = follow(&one, &events_of_one).await;
    let _second = follow(&two, &events_of_two).await;
    assert!(is_refused(&three, &events_of_three).await, "two are an eighth of sixteen");
    let asked = three.get(&format!("{events_of_three}&once")).await;
    assert_eq!((asked.status, asked.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(asked.header("cache-control"), Some("no-store"));
    three.address = [198, 51, 100, 7].into();
    assert!(!is_refused(&three, &events_of_three).await, "another network has its own part");
    three.address = one.address;
    drop(first);
    assert!(!is_refused(&three, &events_of_three).await, "its place is free again");
}

#[tokio::test]
async fn a_login_that_does_not_move_by_itself_takes_no_stream_t_264() {
    let world = World::with(|_| {}, |settings| settings.max_event_streams = 1);
    let mut browser = world.browser();
    for _ in 0..3 {
        let page = browser.authorize(Profile::Oidc, &[]).await.page();
        let answer = browser.get(&format!("{page}/events")).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""));
        assert_eq!(browser.get(&format!("{page}/events?since=else")).await.body, MOVED);
    }
}

/// What comes in a minute while nothing moves, and how often the journey was looked at.
async fn minute_of(stream: &mut BodyDataStream, world: &World) -> (Vec<String>, usize) {
    let before = world.journeys.reads.load(Ordering::SeqCst);
    let mut chunks = vec![];
    let all = async {
        while let Some(chunk) = heard(stream).await {
            chunks.push(chunk);
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(61), all).await.is_err(), "the end");
    (chunks, world.journeys.reads.load(Ordering::SeqCst) - before)
}

/// The page stays as it is, and nobody is kept busy by what could not follow (T-260).
#[tokio::test(start_paused = true)]
async fn a_text_too_long_for_the_next_step_gives_no_flood_of_looks_and_lines() {
    let world = World::new();
    world.routing.asks(&[(&["sms_url"], Some(Duration::from_secs(9))), (&["sms_otp"], None)]);
    let (mut browser, page, events) = waiting(&world).await;
    let mut stream = follow(&browser, &events).await;
    heard(&mut stream).await.unwrap();
    *world.phone.refuses.lock().unwrap() = Some(StartError::TextTooLong);
    world.clock.advance(Duration::from_secs(9));
    // There is no other way any more, which the page has to stop offering.
    assert_eq!(heard(&mut stream).await.as_deref(), Some(MOVED));
    let shown = browser.get(&page).await.body;
    assert!(shown.contains("Open the link") && !shown.contains("other-way"), "{shown}");
    let events = shown.split("data-events=\"/oidc").nth(1).unwrap().split('"').next().unwrap();

    let mut stream = follow(&browser, events).await;
    heard(&mut stream).await.unwrap();
    let (chunks, looks) = minute_of(&mut stream, &world).await;
    assert_eq!(chunks, vec![": waiting\n\n"; 4], "one in 15 s");
    assert!(looks <= 8, "{looks}");
    world.routing.approves().await;
    assert_eq!(heard(&mut stream).await.as_deref(), Some(MOVED), "the first step still counts");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_another_node_starts_gives_no_flood_t_260() {
    let world = World::new();
    world.routing.asks(&[(&["sms_url"], Some(Duration::from_secs(9))), (&["sms_otp"], None)]);
    let (browser, _, events) = waiting(&world).await;
    let mut stream = follow(&browser, &events).await;
    heard(&mut stream).await.unwrap();
    world.clock.advance(Duration::from_secs(9));
    // Somebody whose clock is ahead by nearly nothing: the claim ends as soon as it can.
    for left in [Duration::from_secs(6), Duration::from_micros(1)] {
        world.journeys.claim(world.clock.now() + left);
        let (chunks, looks) = minute_of(&mut stream, &world).await;
        assert_eq!(chunks, vec![": waiting\n\n"; 4], "{left:?}");
        assert!(looks <= 61 * 4 + 8, "at most every 250 ms: {looks}");
    }
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(heard(&mut stream).await.as_deref(), Some(MOVED), "the claim is over");
}

#[tokio::test]
async fn a_node_that_stops_lets_its_browsers_go_elsewhere() {
    let world = world_of_links();
    let (browser, _, events) = waiting(&world).await;
    let mut stream = follow(&browser, &events).await;
    heard(&mut stream).await.unwrap();
    world.event_streams.close();
    assert_eq!(heard(&mut stream).await, None, "the end, and no event");
    assert!(is_refused(&browser, &events).await);
}
