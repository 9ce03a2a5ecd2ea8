//! What Keycloak is told in the end.

use std::time::Duration;

use fiador_domain::{
    journey::{Refusal, Stage},
    subscriber::SubscriberStatus,
};
use fiador_kernel::{Language, Loa};
use fiador_ports::{FetchError, StartError};
use http::StatusCode;

use crate::world::{NUMBER, UNKNOWN, World, body, sign};

impl World {
    /// Asks, answers as told, and gives what the callback heard.
    async fn asked_and(&self, number: &str, answer: impl FnOnce(&Self)) -> Vec<(String, String)> {
        let (token, status) = self.ask(number).await;
        assert_eq!(status, StatusCode::CREATED);
        answer(self);
        self.channel.settled().await;
        let told = self.network.told.lock().clone();
        assert!(told.iter().all(|(with, _)| *with == token), "with the token of the request");
        told
    }
}

fn words(told: &[(String, String)]) -> Vec<&str> {
    told.iter().map(|(_, status)| status.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_approval_is_told_once_and_used_up() {
    let world = World::new();
    let told = world.asked_and(NUMBER, |world| {
        let journey = world.phone.journey();
        assert!(journey.browser.is_none() && journey.page.is_none());
        assert_eq!((journey.ask.client.as_str(), &*journey.ask.client_name), ("acme-shop", "Acme"));
        assert_eq!(journey.ask.number_to_choose(), Some(47));
        assert_eq!((journey.ask.language, &*journey.ask.levels), (Language::Es, &[Loa::Two][..]));
        world.phone.approve(Loa::Two);
    });
    assert_eq!(words(&told.await), ["SUCCEED"]);
    assert!(matches!(world.phone.journey().stage, Stage::Granted { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_denial_is_told_at_once() {
    let world = World::new();
    let told = world.asked_and(NUMBER, |world| world.phone.refuse(Refusal::Denied)).await;
    assert_eq!(words(&told), ["CANCELLED"]);
}

#[tokio::test(start_paused = true)]
async fn any_other_end_is_told_when_nobody_would_have_answered_t_048() {
    for reason in [Refusal::Failed, Refusal::TimedOut, Refusal::LockedOut, Refusal::LevelUnmet] {
        let world = World::new();
        world.ask(NUMBER).await;
        world.phone.refuse(reason);
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(words(&world.network.told.lock()), [""; 0], "{reason:?}");
        world.clock.advance(Duration::from_secs(115));
        world.channel.settled().await;
        assert_eq!(words(&world.network.told.lock()), ["UNAUTHORIZED"], "{reason:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outcome_waits_until_keycloak_waits_for_it() {
    let world = World::new();
    world.ask(NUMBER).await;
    world.phone.refuse(Refusal::Denied);
    tokio::time::sleep(Duration::from_millis(999)).await;
    assert_eq!(words(&world.network.told.lock()), [""; 0]);
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(words(&world.network.told.lock()), ["CANCELLED"]);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_ends_leaves_nobody_waiting() {
    let world = World::new();
    world.ask(NUMBER).await;
    world.channel.close();
    world.channel.settled().await;
    assert_eq!(words(&world.network.told.lock()), ["UNAUTHORIZED"]);
    assert!(matches!(world.phone.journey().stage, Stage::Refused { .. }), "the prompt is void");
}

#[tokio::test(start_paused = true)]
async fn evidence_below_the_request_is_no_success_t_100() {
    let world = World::new();
    let mut request = body(NUMBER);
    request["acr_values"] = "3".into();
    assert_eq!(world.ask_with(&sign(&world.claims()), &request).await, StatusCode::CREATED);
    world.phone.approve(Loa::Two);
    world.channel.settled().await;
    assert_eq!(words(&world.network.told.lock()), ["UNAUTHORIZED"]);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_ends_meanwhile_proves_nothing() {
    let world = World::new();
    let told = world.asked_and(NUMBER, |world| {
        world.add_subscriber(NUMBER, SubscriberStatus::Blocked);
        world.phone.approve(Loa::Two);
    });
    assert_eq!(words(&told.await), ["UNAUTHORIZED"]);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_waited_for_longer_than_keycloak_waits() {
    let world = World::new();
    let told = world.asked_and(NUMBER, |world| world.clock.advance(Duration::from_mins(2))).await;
    assert_eq!(words(&told), ["UNAUTHORIZED"]);
    assert!(matches!(world.phone.journey().stage, Stage::Refused { .. }), "the prompt is void");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_or_blocked_number_is_taken_like_any_other_t_048() {
    for number in [UNKNOWN, "34600000002"] {
        let world = World::new();
        world.add_subscriber("34600000002", SubscriberStatus::Blocked);
        let told = world.asked_and(number, |world| {
            let Stage::Challenged { subject, .. } = world.phone.journey().stage else { panic!() };
            assert!(subject.subscriber.is_none());
            world.clock.advance(Duration::from_mins(2));
        });
        assert_eq!(words(&told.await), ["UNAUTHORIZED"], "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_cannot_be_reached_looks_like_one_that_does_not_answer_t_048() {
    let world = World::new();
    *world.phone.start_error.lock() = Some(StartError::LockedOut(Duration::from_mins(1)));
    let told = world.asked_and(NUMBER, |world| world.clock.advance(Duration::from_mins(2))).await;
    assert_eq!(words(&told), ["UNAUTHORIZED"]);
}

#[tokio::test(start_paused = true)]
async fn an_outcome_is_told_again_only_where_it_has_certainly_not_arrived() {
    for (answers, calls) in [
        (vec![Err(FetchError::Unreachable), Ok(503)], 3),
        (vec![Err(FetchError::NotAsked); 9], 4),
        (vec![Err(FetchError::TimedOut)], 1),
        (vec![Err(FetchError::Broken)], 1),
        (vec![Ok(500)], 1),
        (vec![Ok(403)], 1),
    ] {
        let world = World::new();
        *world.network.answers.lock() = answers.clone();
        let told = world.asked_and(NUMBER, |world| world.phone.approve(Loa::Two)).await;
        assert_eq!(told.len(), calls, "{answers:?}");
    }
}
