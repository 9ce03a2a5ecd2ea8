//! Messages at one gateway, and what becomes of them.

use std::{sync::Arc, time::Duration};

use fiador_domain::breaker::BreakerSettings;
use fiador_message_gateways::{GatewaySettings, HttpGateway};
use fiador_ports::{FetchError, MessageCentre as _, SendError, TextMessage};
use tokio::{sync::Semaphore, task::JoinHandle};

use crate::support::{Client, Scripted, clock, gateway, message, settings};

async fn sent(scripted: Scripted) -> Result<(), SendError> {
    let client = Client::says([scripted]);
    let outcome = gateway(settings(), client.clone(), &clock()).submit(message("x")).await;
    assert_eq!(client.requests(), 1, "never again by itself (T-131)");
    outcome
}

fn unknown() -> Result<(), SendError> {
    Err(SendError::Unknown { message_centre: "peer".to_owned() })
}

fn refused(status: u32) -> Result<(), SendError> {
    Err(SendError::Refused { message_centre: "peer".to_owned(), status })
}

#[tokio::test]
async fn a_message_is_handed_over_with_the_alphabet_that_its_text_needs() {
    let client = Client::says([]);
    let gateway = gateway(settings(), client.clone(), &clock());
    gateway.submit(message("code @ €")).await.unwrap();
    gateway.submit(message("код")).await.unwrap();
    assert_eq!(
        (client.body(0)["text"].as_str(), client.body(0)["coding"].as_str()),
        (Some("code @ €"), Some("0"))
    );
    assert_eq!(client.body(1)["coding"].as_str(), Some("2"));
    assert_eq!(client.body(0)["to"].as_str(), Some(crate::support::PHONE));
    let headers = client.asked.lock()[0].headers.clone();
    assert!(headers.contains(&("authorization".into(), "Bearer token".to_owned())));
}

#[tokio::test]
async fn every_answer_is_taken_refused_later_or_unknown() {
    assert_eq!(sent(Scripted::Answer(202, "")).await, Ok(()));
    assert_eq!(sent(Scripted::Answer(400, "")).await, refused(400));
    assert_eq!(sent(Scripted::Answer(429, "")).await, Err(SendError::QueueFull));
    assert_eq!(sent(Scripted::Answer(502, "")).await, unknown());
}

#[tokio::test]
async fn no_answer_is_unknown_when_something_was_sent_and_unavailable_when_nothing_was_t_131() {
    for error in [FetchError::TimedOut, FetchError::Broken, FetchError::Redirected] {
        assert_eq!(sent(Scripted::Error(error)).await, unknown(), "{error}");
    }
    for error in [FetchError::Unreachable, FetchError::Unresolved, FetchError::NotAsked] {
        assert_eq!(sent(Scripted::Error(error)).await, Err(SendError::Unavailable), "{error}");
    }
}

#[tokio::test]
async fn a_message_with_less_than_a_minute_to_live_is_not_handed_over_t_130() {
    let client = Client::says([]);
    let gateway = gateway(settings(), client.clone(), &clock());
    let stale = TextMessage { validity: Duration::from_secs(59), ..message("old") };
    assert_eq!(gateway.submit(stale).await, Err(SendError::Stale));
    assert_eq!(client.requests(), 0);
}

#[tokio::test]
async fn a_gateway_that_fails_again_and_again_is_left_alone_for_a_while() {
    let breaker = BreakerSettings { failures: 3, open_for: Duration::from_secs(5) };
    let unreachable = || Scripted::Error(FetchError::Unreachable);
    let client = Client::says([unreachable(), unreachable(), unreachable(), unreachable()]);
    let clock = clock();
    let gateway = gateway(GatewaySettings { breaker, ..settings() }, client.clone(), &clock);
    for _ in 0..3 {
        assert!(gateway.is_available());
        assert_eq!(gateway.submit(message("x")).await, Err(SendError::Unavailable));
    }
    assert!(!gateway.is_available());
    assert_eq!(gateway.submit(message("x")).await, Err(SendError::Unavailable));
    assert_eq!(client.requests(), 3, "nobody asks");
    clock.advance(Duration::from_secs(5));
    assert!(gateway.is_available());
    assert_eq!(gateway.submit(message("x")).await, Err(SendError::Unavailable));
    assert!(!gateway.is_available(), "the one question failed");
    clock.advance(Duration::from_secs(5));
    gateway.submit(message("x")).await.unwrap();
    assert!(gateway.is_available());
    assert_eq!(client.requests(), 5);
}

#[tokio::test]
async fn a_refused_message_says_nothing_against_the_gateway() {
    let breaker = BreakerSettings { failures: 2, open_for: Duration::from_secs(5) };
    let client = Client::says((0..5).map(|_| Scripted::Answer(404, "")));
    let gateway = gateway(GatewaySettings { breaker, ..settings() }, client, &clock());
    for _ in 0..5 {
        assert_eq!(gateway.submit(message("x")).await, refused(404));
    }
    assert!(gateway.is_available());
}

/// A gateway whose first request waits for the gate, and that first message.
async fn held_up(
    bounds: GatewaySettings,
) -> (Arc<HttpGateway>, Arc<Semaphore>, JoinHandle<Result<(), SendError>>) {
    let gate = Arc::new(Semaphore::new(0));
    let client = Client::says([Scripted::After(gate.clone())]);
    let gateway = gateway(bounds, client.clone(), &clock());
    let first = Arc::clone(&gateway);
    let first = tokio::spawn(async move { first.submit(message("one")).await });
    while client.requests() < 1 {
        tokio::task::yield_now().await;
    }
    (gateway, gate, first)
}

#[tokio::test]
async fn a_full_queue_refuses_at_once_t_260() {
    let bounds = GatewaySettings { queue: 1, decide_within: crate::support::LONG, ..settings() };
    let (gateway, gate, first) = held_up(bounds).await;
    assert_eq!(gateway.submit(message("two")).await, Err(SendError::QueueFull));
    gate.add_permits(1);
    assert_eq!(first.await.unwrap(), Ok(()));
    gateway.submit(message("three")).await.unwrap();
}

#[tokio::test]
async fn a_busy_gateway_is_waited_for_only_as_long_as_was_said_t_131() {
    let decide_within = Duration::from_millis(100);
    let bounds = GatewaySettings { parallel: 1, decide_within, ..settings() };
    let (gateway, gate, first) = held_up(bounds).await;
    assert_eq!(gateway.submit(message("two")).await, Err(SendError::QueueFull));
    gate.add_permits(1);
    assert_eq!(first.await.unwrap(), Ok(()));
    gateway.submit(message("three")).await.unwrap();
}

#[tokio::test]
async fn a_request_may_take_no_more_than_is_left_and_its_answer_no_more_than_16_kib() {
    let client = Client::says([]);
    gateway(settings(), client.clone(), &clock()).submit(message("x")).await.unwrap();
    let limits = client.asked.lock()[0].limits;
    assert!(limits.total <= Duration::from_secs(3));
    assert_eq!(limits.body, 16 * 1024);
}

#[tokio::test]
async fn what_cannot_be_put_into_the_request_is_not_sent() {
    let client = Client::says([]);
    let mut wanted = settings();
    wanted.request.headers = crate::support::pairs(&[("x-from", "{sender}")]);
    let gateway = gateway(wanted, client.clone(), &clock());
    for (sender, text) in [("Bänk", "x"), ("Bank", "")] {
        let message = TextMessage { sender: sender.to_owned(), ..message(text) };
        let outcome = gateway.submit(message).await;
        assert!(matches!(outcome, Err(SendError::NotEncodable(_))), "{outcome:?}");
    }
    assert_eq!(client.requests(), 0);
}

#[test]
fn settings_are_refused_with_the_name_of_the_gateway_and_of_what_is_wrong() {
    let refused = |change: fn(&mut GatewaySettings)| {
        let mut settings = settings();
        change(&mut settings);
        settings.check().unwrap_err().to_string()
    };
    assert_eq!(settings().check(), Ok(()));
    for (change, words) in [
        ((|s| s.name = "a b".to_owned()) as fn(&mut GatewaySettings), "name must be"),
        (|s| s.messages_per_second = 0, "messages_per_second must be"),
        (|s| s.parallel = 0, "parallel must be"),
        (|s| s.queue = 0, "queue must be"),
        (|s| s.decide_within = Duration::ZERO, "decide_within must be"),
        (|s| s.request.url = "sms".to_owned(), "url must begin"),
        (|s| s.answer.accepted.clear(), "accepted: name the statuses"),
        (
            |s| s.deliveries.as_mut().unwrap().secret = "short".to_owned().into(),
            "at least 16 bytes",
        ),
        (|s| s.deliveries.as_mut().unwrap().base_url = "x".to_owned(), "base_url must be"),
        (|s| s.deliveries.as_mut().unwrap().state = "state".to_owned(), "JSON pointer"),
        (|s| s.deliveries.as_mut().unwrap().states.clear(), "states must name"),
    ] {
        let error = refused(change);
        assert!(error.starts_with("message gateway ") && error.contains(words), "{error}");
    }
}
