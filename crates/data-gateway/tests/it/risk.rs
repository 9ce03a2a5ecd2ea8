//! Signs of a takeover, collected like any attributes (mobile-connect §2.9, ATP).

use fiador_domain::risk::RiskSignals;
use fiador_kernel::Timestamp;
use fiador_ports::{DataError, SourceError};
use serde_json::json;

use crate::world::{
    Behaviour::{Answers, Fails},
    Source, World,
};

#[tokio::test]
async fn signs_are_put_together_from_the_sources_that_have_them() {
    let cards = Source::new("cards", &["sim_changed_at"], Answers(json!({"sim_changed_at": 7})));
    let reports =
        Source::new("reports", &["is_lost_stolen"], Answers(json!({"is_lost_stolen": true})));
    let world = World::new(&[&cards, &reports]);
    let expected = RiskSignals {
        sim_changed_at: Some(Timestamp::from_seconds(7)),
        is_lost_stolen: Some(true),
        ..RiskSignals::default()
    };
    assert_eq!(world.signals().await, Ok(expected));
    assert_eq!(cards.asked(), [["sim_changed_at"]], "T-200");
}

/// T-202: "not reported stolen" and "nobody could say" are two things.
#[tokio::test]
async fn a_sign_that_a_silent_source_may_have_is_an_error() {
    let cards = Source::new("cards", &["sim_changed_at"], Answers(json!({"sim_changed_at": 7})));
    let reports = Source::new("reports", &["is_lost_stolen"], Fails(SourceError::Failed));
    let world = World::new(&[&cards, &reports]);
    assert_eq!(world.signals().await, Err(DataError::Unavailable));
    reports.behave(Answers(json!({"is_lost_stolen": "perhaps"})));
    assert_eq!(world.signals().await, Err(DataError::Unavailable), "nor is one of another shape");
    reports.behave(Answers(json!({})));
    assert!(world.signals().await.is_ok(), "it is there and knows nothing");
}
