//! What Keycloak is told in the end.

use std::time::Duration;

use fiador_domain::{
    journey::{Refusal, Stage},
    subscriber::SubscriberStatus,
};
use fiador_kernel::{Language, Loa};
use fiador_ports::StartError;
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
        assert_eq!((journey.ask.client.as_str(), &*journey.ask.client_name), ("bank:shop", "Acme"));
        assert_eq!(journey.ask.number_to_choose(), Some(47));
        assert_eq!((journey.ask.language, &*journey.ask.levels), (Language::Es, &[Loa::Two][..]));
        world.phone.approve(Loa::Two);
    });
    assert_eq!(words(&told.await), ["SUCCEED"]);
    assert!(matches!(world.phone.journey().stage, Stage::Granted { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_denial_is_a_cancellation_and_any_other_end_a_failure() {
    for (reason, word) in [
        (Refusal::Denied, "CANCELLED"),
        (Refusal::Failed, "UNAUTHORIZED"),
        (Refusal::TimedOut, "UNAUTHORIZED"),
        (Refusal::LockedOut, "UNAUTHORIZED"),
    ] {
        let world = World::new();
        let told = world.asked_and(NUMBER, |world| world.phone.refuse(reason)).await;
        assert_eq!(words(&told), [word], "{reason:?}");
    }
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
        world.people.set(NUMBER, SubscriberStatus::Blocked);
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
        world.people.set("34600000002", SubscriberStatus::Blocked);
        let told = world.asked_and(number, |world| {
            let Stage::Challenged { subject, .. } = world.phone.journey().stage else { panic!() };
            assert!(subject.subscriber.is_none());
            world.clock.advance(Duration::from_mins(2));
        });
        assert_eq!(words(&told.await), ["UNAUTHORIZED"], "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_cannot_be_reached_is_told_at_the_callback_alone() {
    let world = World::new();
    *world.phone.start_error.lock() = Some(StartError::LockedOut(Duration::from_mins(1)));
    let told = world.asked_and(NUMBER, |_| {}).await;
    assert_eq!(words(&told), ["UNAUTHORIZED"]);
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_fails_is_tried_again_and_one_that_refuses_is_not() {
    for (statuses, calls) in [(vec![503, 502], 3), (vec![403], 1), (vec![500; 9], 4)] {
        let world = World::new();
        *world.network.statuses.lock() = statuses.clone();
        let told = world.asked_and(NUMBER, |world| world.phone.approve(Loa::Two)).await;
        assert_eq!(told.len(), calls, "{statuses:?}");
    }
}
