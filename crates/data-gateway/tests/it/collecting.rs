//! Which source is asked for what (T-200, T-201).

use std::time::Duration;

use fiador_ports::{DataError, SourceError};
use serde_json::json;

use crate::world::{
    Behaviour::{Answers, AnswersAfter, Fails},
    Source, World,
};

#[tokio::test]
async fn a_source_is_asked_only_for_what_is_wanted_and_offered() {
    let table = Source::new("table", &["name", "email"], Answers(json!({"name": "Ann"})));
    let other = Source::new("other", &["birthdate"], Answers(json!({"birthdate": "1980-01-01"})));
    let world = World::new(&[&table, &other]);
    assert_eq!(world.answer(&["name"]).await, (json!({"name": "Ann"}), false));
    assert_eq!(table.asked(), [["name"]]);
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn the_earlier_source_is_believed_and_the_later_not_even_asked() {
    let first = Source::new("first", &["name"], Answers(json!({"name": "Ann"})));
    let second = Source::new("second", &["name"], Answers(json!({"name": "Bob"})));
    let world = World::new(&[&first, &second]);
    assert_eq!(world.answer(&["name"]).await.0, json!({"name": "Ann"}));
    assert!(second.asked().is_empty());
}

#[tokio::test]
async fn what_the_first_does_not_know_the_next_is_asked_for_and_nothing_more() {
    let first = Source::new("first", &["name", "email"], Answers(json!({"name": "Ann"})));
    let second =
        Source::new("second", &["name", "email"], Answers(json!({"email": "ann@example.org"})));
    let world = World::new(&[&first, &second]);
    let (known, partial) = world.answer(&["name", "email"]).await;
    assert_eq!((known, partial), (json!({"name": "Ann", "email": "ann@example.org"}), false));
    assert_eq!(second.asked(), [["email"]]);
}

/// Two slow sources cost the time of one: each may take 800 ms, both together 700 ms.
#[tokio::test(start_paused = true)]
async fn sources_with_different_claims_are_asked_at_the_same_time() {
    let slow = |claim: &str| AnswersAfter(Duration::from_millis(700), json!({claim: "x"}));
    let first = Source::new("first", &["name"], slow("name"));
    let second = Source::new("second", &["email"], slow("email"));
    let world = World::new(&[&first, &second]);
    let start = tokio::time::Instant::now();
    let (known, partial) = world.answer(&["name", "email"]).await;
    assert_eq!((known, partial), (json!({"name": "x", "email": "x"}), false));
    assert_eq!(start.elapsed(), Duration::from_millis(700), "of the paused clock of the runtime");
}

/// T-201, T-202: dropped, and what is missing for that reason is marked.
#[tokio::test]
async fn what_was_not_asked_or_has_another_shape_never_passes() {
    let lies = json!({
        "sub": "another", "iss": "https://evil.example", "name": ["Ann"], "email": "a@example.org",
    });
    let source = Source::new("liar", &["name", "email", "sub"], Answers(lies));
    let world = World::new(&[&source]);
    let (known, partial) = world.answer(&["name", "email"]).await;
    assert_eq!((known, partial), (json!({"email": "a@example.org"}), true));
}

#[tokio::test]
async fn a_claim_that_no_source_offers_is_absent_and_no_failure() {
    let source = Source::new("table", &["name"], Answers(json!({"name": "Ann"})));
    let world = World::new(&[&source]);
    assert_eq!(world.answer(&["name", "picture"]).await, (json!({"name": "Ann"}), false));
    assert_eq!(world.answer(&["picture"]).await, (json!({}), false));
    assert_eq!(world.answer(&[]).await, (json!({}), false));
    assert_eq!(source.asked().len(), 1);
}

#[tokio::test]
async fn a_subscriber_whom_no_source_knows_is_unknown() {
    let unknown = || Fails(SourceError::UnknownSubscriber);
    let first = Source::new("first", &["name"], unknown());
    let second = Source::new("second", &["name"], unknown());
    let world = World::new(&[&first, &second]);
    assert_eq!(world.ask(&["name"]).await.unwrap_err(), DataError::UnknownSubscriber);
    second.behave(Answers(json!({"name": "Ann"})));
    assert_eq!(world.answer(&["name"]).await, (json!({"name": "Ann"}), false));
}

/// T-204: at most 60 s ahead.
#[tokio::test]
async fn a_question_that_has_expired_or_lives_too_long_is_refused() {
    let source = Source::new("table", &["name"], Answers(json!({"name": "Ann"})));
    let world = World::new(&[&source]);
    for life in [Duration::ZERO, Duration::from_secs(61)] {
        assert_eq!(world.ask_until(&["name"], life).await.unwrap_err(), DataError::Expired);
    }
    assert!(source.asked().is_empty());
    assert!(world.ask_until(&["name"], Duration::from_mins(1)).await.is_ok());
}
