//! From one step to the next: by time, by failure, by the user.

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{Ending, LIFETIME, Refusal};
use fiador_kernel::{Clock, Loa};
use fiador_ports::{AuthenticatorRouter, Journeys, Settled, StartError};

use crate::{
    scripted::{RIGHT, Scripted, WRONG, answer, name, right_for},
    world::{LOGIN, World},
};

const PATIENCE: Duration = Duration::from_secs(30);
const A_SECOND: Duration = Duration::from_secs(1);

fn three() -> [Arc<Scripted>; 3] {
    ["one", "two", "three"].map(|id| Arc::new(Scripted::new(id, Loa::Two)))
}

const STEPS: &str = r#"["one", ["two", "three"]]"#;

#[tokio::test]
async fn after_the_patience_of_a_step_and_not_before_the_next_one_begins() {
    let [one, two, three] = &three();
    let world = World::chained([one, two, three], STEPS);
    let handle = world.started(LOGIN).await;
    world.pass(PATIENCE.saturating_sub(A_SECOND)).await;
    assert_eq!(world.live(handle), [name("one")]);
    world.pass(A_SECOND).await;
    assert_eq!(world.live(handle), [name("two"), name("three")]);
    assert_eq!(world.tried(handle), [(name("one"), Ending::Unanswered)]);
    world.router.settled().await;
    assert_eq!(one.cancelled(), [1]);
    // The last step has no other to give way to.
    world.pass(PATIENCE * 2).await;
    assert_eq!(world.live(handle), [name("two"), name("three")]);
}

#[tokio::test]
async fn whoever_comes_for_the_journey_does_what_is_due_too() {
    let [one, two, three] = &three();
    let world = World::chained([one, two, three], STEPS);
    let handle = world.started(LOGIN).await;
    world.clock.advance(PATIENCE);
    let read = Journeys::read(&*world.kept, handle, world.clock.now()).await.unwrap().unwrap();
    let advanced = world.router.advance(handle, read).await.unwrap();
    assert_eq!(advanced.version, world.kept.version(handle));
    assert_eq!(world.live(handle), [name("two"), name("three")]);
}

#[tokio::test]
async fn an_answer_to_a_step_that_was_left_is_too_late() {
    let [one, two, three] = &three();
    let world = World::chained([one, two, three], STEPS);
    let handle = world.started(LOGIN).await;
    world.pass(PATIENCE).await;
    let late = world.answer(handle, one, &answer(RIGHT)).await;
    assert!(matches!(late, Settled::TooLate(Some(_))));
    assert_eq!(one.evaluated(), 0);
}

#[tokio::test]
async fn two_nodes_start_a_step_once() {
    let [one, two, three] = &three();
    let world = World::chained([one, two, three], STEPS);
    let handle = world.started(LOGIN).await;
    let other = world.beside([one, two, three], STEPS);
    world.clock.advance(PATIENCE);
    let read = || async {
        Journeys::read(&*world.kept, handle, world.clock.now()).await.unwrap().unwrap()
    };
    let (here, there) = (read().await, read().await);
    let (here, there) =
        tokio::join!(world.router.advance(handle, here), other.router.advance(handle, there));
    assert!(here.is_ok() && there.is_ok());
    assert_eq!((two.started(), three.started()), (1, 1));
    assert_eq!(world.live(handle), [name("two"), name("three")]);
}

#[tokio::test]
async fn the_user_may_go_on_at_once_and_two_taps_are_one() {
    let [one, two, three] = &three();
    let world = World::chained([one, two, three], r#"["one", "two", "three"]"#);
    let handle = world.started(LOGIN).await;
    let (first, second) =
        tokio::join!(world.router.other_way(handle), world.router.other_way(handle));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(world.live(handle), [name("two")]);
    assert_eq!(world.tried(handle), [(name("one"), Ending::PassedOver)]);
    assert_eq!((two.started(), three.started()), (1, 0));
}

#[tokio::test]
async fn without_another_way_the_journey_stays_as_it_is() {
    let [one, ..] = &three();
    let world = World::chained([one], r#"["one"]"#);
    let handle = world.started(LOGIN).await;
    let version = world.kept.version(handle);
    world.router.other_way(handle).await.unwrap();
    assert_eq!((world.kept.version(handle), world.live(handle)), (version, vec![name("one")]));
}

#[tokio::test]
async fn when_no_other_way_works_what_is_live_stays_so() {
    let [one, two, _] = &three();
    two.refuse(Some(StartError::Unavailable));
    let world = World::chained([one, two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    assert_eq!(world.router.other_way(handle).await.unwrap_err(), StartError::Unavailable);
    assert_eq!(world.live(handle), [name("one")]);
    world.answer(handle, one, &right_for(1)).await;
    assert!(world.is_verified(handle));
}

#[tokio::test]
async fn a_chain_that_has_nobody_left_to_go_on_to_waits_for_no_time() {
    let [one, two, _] = &three();
    two.refuse(Some(StartError::TextTooLong));
    let world = World::chained([one, two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    world.pass(PATIENCE).await;
    let chain = world.chain(handle);
    assert_eq!(
        (chain.next_at, chain.starting_until.is_some(), chain.ahead.len()),
        (None, false, 0)
    );
    assert_eq!(world.live(handle), [name("one")]);
}

#[tokio::test]
async fn a_step_that_must_wait_for_a_budget_begins_when_it_may() {
    let [one, two, _] = &three();
    let wait = Duration::from_secs(20);
    two.refuse(Some(StartError::BudgetExhausted(wait)));
    let world = World::chained([one, two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    let refused = world.router.other_way(handle).await.unwrap_err();
    assert_eq!(refused, StartError::BudgetExhausted(wait));
    world.pass(PATIENCE).await;
    assert_eq!(world.live(handle), [name("one")], "its prompt may still be answered");
    two.refuse(None);
    world.pass(wait.saturating_sub(A_SECOND)).await;
    assert_eq!(two.started(), 0);
    world.pass(A_SECOND).await;
    assert_eq!(world.live(handle), [name("two")]);
}

#[tokio::test]
async fn a_journey_that_nobody_can_be_asked_for_in_time_ends() {
    let [one, two, _] = &three();
    two.refuse(Some(StartError::LockedOut(LIFETIME)));
    let world = World::chained([one, two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    world.answer(handle, one, &answer("gave up")).await;
    assert_eq!(world.refusal(handle), Some(Refusal::LockedOut));
}

#[tokio::test]
async fn sending_again_gives_the_step_its_patience_anew() {
    let [one, two, _] = &three();
    let world = World::chained([one, two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    world.pass(PATIENCE.saturating_sub(A_SECOND)).await;
    world.router.again(handle, &one.id).await.unwrap();
    world.pass(PATIENCE.saturating_sub(A_SECOND)).await;
    assert_eq!(world.live(handle), [name("one")]);
    world.pass(A_SECOND).await;
    assert_eq!(world.live(handle), [name("two")]);
}

#[tokio::test]
async fn what_nobody_finishes_ends_by_itself_t_106() {
    let [one, ..] = &three();
    let world = World::chained([one], r#"["one"]"#);
    let handle = world.started(LOGIN).await;
    world.pass(LIFETIME.saturating_sub(A_SECOND)).await;
    assert_eq!(world.refusal(handle), None);
    world.pass(A_SECOND).await;
    assert_eq!(world.refusal(handle), Some(Refusal::TimedOut));
    assert_eq!(world.kept.audit.lock().len(), 1);
    world.router.settled().await;
    assert_eq!(one.cancelled(), [1]);
}

#[tokio::test]
async fn a_fall_back_gives_no_new_attempts_to_what_was_asked_before_t_104() {
    let [one, two, _] = &three();
    let world = World::chained([one, two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    for _ in 0..2 {
        world.answer(handle, one, &answer(WRONG)).await;
    }
    // Nobody asks the first one again because the second is started.
    world.router.other_way(handle).await.unwrap();
    assert_eq!(one.started(), 1);
    assert!(matches!(world.answer(handle, one, &answer(RIGHT)).await, Settled::TooLate(_)));
}

#[tokio::test]
async fn the_run_does_what_is_due_until_it_is_told_to_end() {
    let [one, two, _] = &three();
    let world = World::chained([one, two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    let shutdown = tokio_util::sync::CancellationToken::new();
    let (router, token) = (Arc::clone(&world.router), shutdown.clone());
    let run = tokio::spawn(async move { router.run(token).await });
    world.clock.advance(PATIENCE);
    while world.live(handle) != [name("two")] {
        tokio::task::yield_now().await;
    }
    shutdown.cancel();
    run.await.unwrap();
}
