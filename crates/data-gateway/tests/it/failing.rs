//! Sources that fail, dawdle, and are left alone (T-202, T-243).

use std::time::Duration;

use fiador_ports::{DataError, SourceError, StoreError};
use serde_json::json;

use crate::world::{
    Behaviour::{Answers, AnswersAfter, Fails, Hangs},
    Source, World,
};

#[tokio::test(start_paused = true)]
async fn a_source_that_hangs_costs_800_ms_and_only_its_own_claims() {
    let good = Source::new("good", &["name"], Answers(json!({"name": "Ann"})));
    let hanging = Source::new("hanging", &["email"], Hangs);
    let world = World::new(&[&hanging, &good]);
    let start = tokio::time::Instant::now();
    assert_eq!(world.answer(&["name", "email"]).await, (json!({"name": "Ann"}), true));
    assert_eq!(start.elapsed(), Duration::from_millis(800), "of the paused clock of the runtime");
}

#[tokio::test(start_paused = true)]
async fn an_answer_within_800_ms_counts_and_a_later_one_does_not() {
    let after = |millis| AnswersAfter(Duration::from_millis(millis), json!({"name": "Ann"}));
    let source = Source::new("slow", &["name"], after(799));
    let world = World::new(&[&source]);
    assert!(!world.answer(&["name"]).await.1);
    source.behave(after(801));
    assert_eq!(world.ask(&["name"]).await.unwrap_err(), DataError::Unavailable);
}

#[tokio::test]
async fn a_claim_that_another_source_has_is_not_missed() {
    let failing = Source::new("failing", &["name"], Fails(SourceError::Failed));
    let good = Source::new("good", &["name"], Answers(json!({"name": "Ann"})));
    let world = World::new(&[&failing, &good]);
    assert_eq!(world.answer(&["name"]).await, (json!({"name": "Ann"}), false));
    good.behave(Answers(json!({})));
    assert_eq!(world.answer(&["name"]).await, (json!({}), true), "the first might have known");
}

#[tokio::test]
async fn when_every_source_fails_there_is_no_answer() {
    let first = Source::new("first", &["name"], Fails(SourceError::Failed));
    let second = Source::new("second", &["email"], Fails(SourceError::UnknownSubscriber));
    let world = World::new(&[&first, &second]);
    assert_eq!(world.ask(&["name", "email"]).await.unwrap_err(), DataError::Unavailable);
    first.behave(Fails(SourceError::Store(StoreError::Unavailable)));
    let error = DataError::Store(StoreError::Unavailable);
    assert_eq!(world.ask(&["name", "email"]).await.unwrap_err(), error);
}

#[tokio::test]
async fn a_source_that_keeps_failing_is_left_alone_until_a_trial_succeeds() {
    let failing = Source::new("failing", &["email"], Fails(SourceError::Failed));
    let good = Source::new("good", &["name"], Answers(json!({"name": "Ann"})));
    let world = World::new(&[&failing, &good]);
    for _ in 0..10 {
        assert_eq!(world.answer(&["name", "email"]).await, (json!({"name": "Ann"}), true));
    }
    assert_eq!(failing.asked().len(), 3, "the breaker of these tests opens at the third failure");
    assert_eq!(good.asked().len(), 10, "and is the breaker of one source only");

    world.clock.advance(Duration::from_secs(1));
    world.answer(&["email", "name"]).await;
    world.answer(&["email", "name"]).await;
    assert_eq!(failing.asked().len(), 4, "one trial");

    failing.behave(Answers(json!({"email": "ann@example.org"})));
    world.clock.advance(Duration::from_secs(1));
    for _ in 0..2 {
        assert_eq!(world.answer(&["email"]).await.0, json!({"email": "ann@example.org"}));
    }
}

/// Of somebody whom the source does not know there may be many.
#[tokio::test]
async fn an_unknown_subscriber_does_not_open_the_breaker() {
    let source = Source::new("table", &["name"], Fails(SourceError::UnknownSubscriber));
    let world = World::new(&[&source]);
    for _ in 0..10 {
        assert_eq!(world.ask(&["name"]).await.unwrap_err(), DataError::UnknownSubscriber);
    }
    assert_eq!(source.asked().len(), 10);
}
