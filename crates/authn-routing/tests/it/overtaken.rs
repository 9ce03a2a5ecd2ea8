//! What takes time is overtaken: the journey moves on while an answer is judged or a step starts.

use std::{sync::Arc, time::Duration};

use fiador_authn_routing::Settings;
use fiador_domain::journey::{LIFETIME, Refusal};
use fiador_kernel::{Clock, Digest, Loa};
use fiador_ports::{AuthenticatorRouter, Journeys, Settled, Versioned};

use crate::{
    scripted::{RIGHT, Scripted, answer, name, right_for},
    world::{GAP, LOGIN, World, chain, settings},
};

const STEPS: &str = r#"["one", "two"]"#;

fn two() -> [Arc<Scripted>; 2] {
    ["one", "two"].map(|id| Arc::new(Scripted::new(id, Loa::Two)))
}

/// Starts may take as long as the test likes.
fn world([one, two]: &[Arc<Scripted>; 2]) -> World {
    let settings = Settings { start_timeout: Duration::from_mins(1), ..settings() };
    World::with([one, two], chain(STEPS), settings, None)
}

/// A right answer of the first adaptor that is being judged.
async fn being_judged(
    world: &World,
    adaptor: &Arc<Scripted>,
    handle: Digest,
) -> tokio::task::JoinHandle<Settled> {
    adaptor.hold(true);
    let (router, id) = (Arc::clone(&world.router), adaptor.id.clone());
    let judged = tokio::spawn(async move {
        AuthenticatorRouter::answer(&*router, handle, &id, &answer(RIGHT)).await.unwrap()
    });
    while adaptor.evaluated() == 0 {
        tokio::task::yield_now().await;
    }
    judged
}

/// The second step, on its way.
async fn being_started(
    world: &World,
    adaptor: &Arc<Scripted>,
    handle: Digest,
) -> tokio::task::JoinHandle<bool> {
    adaptor.hold(true);
    let router = Arc::clone(&world.router);
    let started = tokio::spawn(async move { router.other_way(handle).await.is_ok() });
    while adaptor.started() == 0 {
        tokio::task::yield_now().await;
    }
    started
}

#[tokio::test]
async fn a_right_answer_to_a_prompt_that_was_left_meanwhile_is_not_honoured() {
    let adaptors = two();
    let world = world(&adaptors);
    let handle = world.started(LOGIN).await;
    let judged = being_judged(&world, &adaptors[0], handle).await;
    world.router.other_way(handle).await.unwrap();
    adaptors[0].hold(false);
    assert!(matches!(judged.await.unwrap(), Settled::TooLate(Some(_))));
    assert_eq!(world.live(handle), [name("two")]);
}

#[tokio::test]
async fn a_right_answer_to_a_code_that_was_replaced_meanwhile_is_not_honoured_t_121() {
    let adaptors = two();
    let world = world(&adaptors);
    let handle = world.started(LOGIN).await;
    let judged = being_judged(&world, &adaptors[0], handle).await;
    world.clock.advance(GAP);
    let (router, id) = (Arc::clone(&world.router), adaptors[0].id.clone());
    let again = tokio::spawn(async move { router.again(handle, &id).await.unwrap() });
    while adaptors[0].started() == 1 {
        tokio::task::yield_now().await;
    }
    adaptors[0].hold(false);
    again.await.unwrap();
    match judged.await.unwrap() {
        // It was judged before the new code stood.
        Settled::Moved(_) => assert!(world.is_verified(handle)),
        _ => assert_eq!(world.live(handle), [name("one")]),
    }
}

#[tokio::test]
async fn a_right_answer_that_is_judged_too_long_is_not_honoured() {
    let adaptors = two();
    let world = world(&adaptors);
    let handle = world.started(LOGIN).await;
    let judged = being_judged(&world, &adaptors[0], handle).await;
    world.clock.advance(LIFETIME);
    adaptors[0].hold(false);
    assert!(matches!(judged.await.unwrap(), Settled::TooLate(Some(_))));
    assert_eq!(world.refusal(handle), Some(Refusal::TimedOut));
}

#[tokio::test]
async fn an_answer_wins_over_a_step_that_is_being_started() {
    let adaptors = two();
    let world = world(&adaptors);
    let handle = world.started(LOGIN).await;
    let started = being_started(&world, &adaptors[1], handle).await;
    world.answer(handle, &adaptors[0], &right_for(1)).await;
    assert!(world.is_verified(handle));
    adaptors[1].hold(false);
    assert!(started.await.unwrap());
    assert!(world.is_verified(handle));
    // What has left for nothing is taken back.
    world.router.settled().await;
    assert_eq!((adaptors[0].cancelled(), adaptors[1].cancelled()), (vec![], vec![1]));
}

#[tokio::test]
async fn a_node_that_was_too_slow_to_start_a_step_is_relieved_and_changes_nothing() {
    let adaptors = two();
    let world = world(&adaptors);
    let [one, two] = &adaptors;
    let two_there = Arc::new(Scripted::new("two", Loa::Two));
    let there = world.beside([one, &two_there], STEPS);
    let handle = world.started(LOGIN).await;
    let started = being_started(&world, two, handle).await;
    // Until its claim is over nobody else starts the step.
    world.clock.advance(Duration::from_mins(1));
    there.router.advance(handle, read(&world, handle).await).await.unwrap();
    assert_eq!(two_there.started(), 0);
    world.clock.advance(Duration::from_mins(2));
    two_there.hold(true);
    let (router, due) = (Arc::clone(&there.router), read(&world, handle).await);
    let relieved = tokio::spawn(async move { router.advance(handle, due).await.unwrap() });
    while two_there.started() == 0 {
        tokio::task::yield_now().await;
    }
    two.hold(false);
    started.await.unwrap();
    assert_eq!(world.live(handle), [name("one")]);
    world.router.settled().await;
    assert_eq!(two.cancelled(), [1]);
    two_there.hold(false);
    relieved.await.unwrap();
    assert_eq!(world.live(handle), [name("two")]);
    there.router.settled().await;
    assert_eq!((one.cancelled(), two_there.cancelled()), (vec![1], vec![]));
}

async fn read(world: &World, handle: Digest) -> Versioned {
    Journeys::read(&*world.kept, handle, world.clock.now()).await.unwrap().unwrap()
}
