//! How often a number is prompted (T-106).

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{LIFETIME, Refusal};
use fiador_kernel::{Digest, Loa};
use fiador_ports::{AuthenticatorRouter, StartError};

use crate::{
    scripted::{NO, RIGHT, Scripted, WRONG, answer},
    world::{LOGIN, Login, World},
};

const SECOND_LOGIN: Login = Login { id: "journey-2", ..LOGIN };
const STRANGER: Login = Login { id: "journey-3", browser: Some("browser-2"), ..LOGIN };
const TEN_MINUTES: Duration = Duration::from_mins(10);

fn link() -> Arc<Scripted> {
    Arc::new(Scripted::new("link", Loa::Two).with_reference())
}

async fn wait(world: &World, handle: Digest) -> Duration {
    match world.start(handle).await {
        Err(StartError::BudgetExhausted(wait)) => wait,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_number_has_one_live_prompt_at_a_time() {
    for is_known in [true, false] {
        let link = link();
        let world = World::strict([&link]);
        world.started(Login { is_known, ..LOGIN }).await;
        let stranger = world.open(Login { is_known, ..STRANGER }).await;
        assert_eq!(wait(&world, stranger).await, LIFETIME);
        assert_eq!(link.started(), 1);
        // Another number is nobody's business.
        world.started(Login { id: "other", number: "34600000009", ..STRANGER }).await;
    }
}

#[tokio::test]
async fn a_browser_replaces_its_own_prompt_and_the_older_journey_ends() {
    let link = link();
    let world = World::strict([&link]);
    let older = world.started(LOGIN).await;
    let newer = world.started(SECOND_LOGIN).await;
    assert_eq!(world.refusal(older), Some(Refusal::TimedOut));
    world.router.settled().await;
    assert_eq!(link.cancelled(), [1]);
    world.answer_by_phone(link.reference("journey-2", 2), &answer(RIGHT)).await;
    assert!(world.is_verified(newer));
}

#[tokio::test]
async fn a_login_that_was_begun_twice_keeps_its_code_while_no_other_can_be_sent_t_122() {
    let link = link();
    let world = World::strict([&link]);
    let older = world.started(LOGIN).await;
    let budget = StartError::BudgetExhausted(Duration::from_secs(58));
    link.refuse(Some(budget));
    let newer = world.open(SECOND_LOGIN).await;
    for _ in 0..5 {
        assert_eq!(world.start(newer).await.unwrap_err(), budget);
    }
    assert_eq!(world.refusal(older), None);
    // It is live, so it stands in the way of others, and is answered as ever.
    link.refuse(None);
    let stranger = world.open(STRANGER).await;
    assert_eq!(wait(&world, stranger).await, LIFETIME);
    world.answer_by_phone(link.reference("journey-1", 1), &answer(RIGHT)).await;
    assert!(world.is_verified(older));
    world.start(newer).await.unwrap();
    assert!(world.is_verified(older));
}

#[tokio::test]
async fn the_older_login_ends_when_the_newer_one_has_prompted_after_its_wait() {
    let link = link();
    let world = World::strict([&link]);
    let older = world.started(LOGIN).await;
    link.refuse(Some(StartError::BudgetExhausted(Duration::from_secs(58))));
    let newer = world.open(SECOND_LOGIN).await;
    assert!(world.start(newer).await.is_err());
    link.refuse(None);
    world.start(newer).await.unwrap();
    assert_eq!(world.refusal(older), Some(Refusal::TimedOut));
    // One live prompt, and not two: the next login of this browser takes its place.
    world.started(Login { id: "journey-4", ..LOGIN }).await;
    assert_eq!(world.refusal(newer), Some(Refusal::TimedOut));
}

#[tokio::test]
async fn doors_without_a_browser_do_not_replace_each_other() {
    let link = link();
    let world = World::strict([&link]);
    world.started(Login { browser: None, ..LOGIN }).await;
    let second = world.open(Login { browser: None, ..SECOND_LOGIN }).await;
    wait(&world, second).await;
}

#[tokio::test]
async fn an_answered_prompt_stands_in_nobodys_way() {
    let link = link();
    let world = World::strict([&link]);
    for id in ["a", "b", "c", "d", "e"] {
        let handle = world.started(Login { id, ..STRANGER }).await;
        world.answer(handle, &link, &answer(RIGHT)).await;
        assert!(world.is_verified(handle));
    }
}

#[tokio::test]
async fn three_prompts_without_an_answer_in_ten_minutes_are_the_last() {
    let link = link();
    let world = World::strict([&link]);
    for id in ["a", "b", "c"] {
        let handle = world.started(Login { id, ..LOGIN }).await;
        // Whoever gives up, or guesses, is not the subscriber.
        if id == "a" {
            world.router.abandon(handle).await.unwrap();
        } else {
            for _ in 0..3 {
                world.answer(handle, &link, &answer(WRONG)).await;
            }
        }
        world.pass(Duration::from_mins(1)).await;
    }
    let fourth = world.open(Login { id: "d", client: "bank", ..STRANGER }).await;
    assert_eq!(wait(&world, fourth).await, Duration::from_mins(7));
    world.clock.advance(Duration::from_mins(4));
    wait(&world, fourth).await;
    let fifth = Login { id: "e", ..STRANGER };
    world.clock.advance(Duration::from_mins(3));
    world.started(fifth).await;
}

#[tokio::test]
async fn a_no_on_the_phone_gives_the_client_a_rest_and_no_other_t_109() {
    let link = link();
    let world = World::strict([&link]);
    world.started(LOGIN).await;
    world.answer_by_phone(link.reference("journey-1", 1), &answer(NO)).await;
    let again = world.open(SECOND_LOGIN).await;
    assert_eq!(wait(&world, again).await, TEN_MINUTES);
    let bank = world.started(Login { id: "bank-1", client: "bank", ..LOGIN }).await;
    world.answer(bank, &link, &answer(RIGHT)).await;
    world.clock.advance(TEN_MINUTES);
    world.started(Login { id: "journey-9", ..LOGIN }).await;
}

#[tokio::test]
async fn a_no_in_the_browser_cannot_keep_a_client_away() {
    let link = link();
    let world = World::strict([&link]);
    let handle = world.started(LOGIN).await;
    world.answer(handle, &link, &answer(NO)).await;
    assert_eq!(world.refusal(handle), Some(Refusal::Denied));
    world.started(SECOND_LOGIN).await;
}

#[tokio::test]
async fn a_start_that_sent_nothing_counts_for_nothing() {
    let link = link();
    let world = World::strict([&link]);
    for id in ["a", "b", "c", "d", "e"] {
        link.refuse(Some(StartError::Unavailable));
        let handle = world.open(Login { id, ..STRANGER }).await;
        assert!(world.start(handle).await.is_err());
    }
    let handle = world.open(LOGIN).await;
    let budget = StartError::BudgetExhausted(Duration::from_secs(7));
    link.refuse(Some(budget));
    for _ in 0..5 {
        assert_eq!(world.start(handle).await.unwrap_err(), budget);
    }
    link.refuse(None);
    world.start(handle).await.unwrap();
}

#[tokio::test]
async fn of_parallel_starts_one_prompts() {
    let link = link();
    let world = World::strict([&link]);
    let one = world.open(Login { browser: None, ..LOGIN }).await;
    let two = world.open(Login { browser: None, ..SECOND_LOGIN }).await;
    let three = world.open(STRANGER).await;
    let (one, two, three) = tokio::join!(world.start(one), world.start(two), world.start(three));
    let begun = [one.is_ok(), two.is_ok(), three.is_ok()].into_iter().filter(|&ok| ok).count();
    assert_eq!((begun, link.started()), (1, 1));
}
