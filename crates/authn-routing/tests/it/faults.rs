//! The store goes in the middle of a chain, and comes back.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use fiador_authn_routing::Settings;
use fiador_domain::{
    journey::{LIFETIME, Stage},
    prompting::PromptLimits,
};
use fiador_kernel::{Digest, Loa};
use fiador_ports::{AuthenticatorRouter, StartError, StoreError};

use crate::{
    scripted::{RIGHT, Scripted, answer, name},
    world::{LOGIN, Login, World, chain, settings},
};

const DOWN: StartError = StartError::Store(StoreError::Unavailable);

#[tokio::test]
async fn nothing_is_sent_while_the_store_is_down() {
    let otp = Arc::new(Scripted::new("otp", Loa::Two));
    let world = World::new([&otp]);
    let handle = world.open(LOGIN).await;
    world.go_down(true);
    assert_eq!(world.start(handle).await.unwrap_err(), DOWN);
    assert_eq!(world.router.other_way(handle).await.unwrap_err(), DOWN);
    assert!(world.router.abandon(handle).await.is_err());
    assert_eq!(otp.started(), 0);
    world.go_down(false);
    world.start(handle).await.unwrap();
}

#[tokio::test]
async fn a_step_that_was_due_while_the_store_was_down_begins_when_it_is_back() {
    let one = Arc::new(Scripted::new("one", Loa::Two));
    let two = Arc::new(Scripted::new("two", Loa::Two));
    let world = World::chained([&one, &two], r#"["one", "two"]"#);
    let handle = world.started(LOGIN).await;
    world.go_down(true);
    world.pass(Duration::from_secs(30)).await;
    world.go_down(false);
    assert_eq!((world.live(handle), two.started()), (vec![name("one")], 0));
    world.pass(Duration::from_secs(10)).await;
    assert_eq!(world.live(handle), [name("two")]);
    world.answer(handle, &two, &answer(RIGHT)).await;
    assert!(world.is_verified(handle));
}

#[tokio::test]
async fn an_answer_that_could_not_be_kept_can_be_given_again() {
    let otp = Arc::new(Scripted::new("otp", Loa::Two));
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    world.go_down(true);
    let lost = AuthenticatorRouter::answer(&*world.router, handle, &otp.id, &answer(RIGHT)).await;
    assert_eq!(lost.unwrap_err(), StoreError::Unavailable);
    world.go_down(false);
    world.answer(handle, &otp, &answer(RIGHT)).await;
    assert!(world.is_verified(handle));
}

#[tokio::test]
async fn an_end_that_was_due_while_the_store_was_down_comes_later() {
    let otp = Arc::new(Scripted::new("otp", Loa::Two));
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    world.go_down(true);
    world.pass(LIFETIME).await;
    world.go_down(false);
    world.pass(Duration::from_secs(10)).await;
    assert!(world.refusal(handle).is_some());
}

#[tokio::test]
async fn a_ledger_that_cannot_be_read_stops_starts_and_takes_no_proof_away() {
    let otp = Arc::new(Scripted::new("otp", Loa::Two));
    let world = World::strict([&otp]);
    let handle = world.started(LOGIN).await;
    world.kept.loses_ledgers.store(true, Ordering::SeqCst);
    world.answer(handle, &otp, &answer(RIGHT)).await;
    assert!(world.is_verified(handle));
    let newer = world.open(Login { id: "journey-2", ..LOGIN }).await;
    assert_eq!(world.start(newer).await.unwrap_err(), DOWN);
    assert_eq!(otp.started(), 1);
    // The ledger has not heard of the proof; the same browser's next login does not undo it.
    world.kept.loses_ledgers.store(false, Ordering::SeqCst);
    world.start(newer).await.unwrap();
    assert!(world.is_verified(handle));
}

/// A start whose prompt leaves while the store fails once.
async fn lost_start(world: &World, otp: &Arc<Scripted>, handle: Digest) -> Option<StartError> {
    let begun = otp.started();
    otp.hold(true);
    let lose = async {
        while otp.started() == begun {
            tokio::task::yield_now().await;
        }
        world.kept.fails.store(1, Ordering::SeqCst);
        otp.hold(false);
    };
    let (started, ()) = tokio::join!(world.start(handle), lose);
    started.err()
}

#[tokio::test]
async fn a_prompt_that_left_while_the_store_went_counts_t_106() {
    let otp = Arc::new(Scripted::new("otp", Loa::Two));
    let world = World::strict([&otp]);
    let handle = world.open(LOGIN).await;
    for n in 1..=3 {
        assert_eq!(lost_start(&world, &otp, handle).await, Some(DOWN));
        assert!(matches!(world.stage(handle), Stage::Identified { .. }));
        world.router.settled().await;
        assert_eq!(otp.cancelled().len(), n);
    }
    let refused = world.start(handle).await.unwrap_err();
    assert!(matches!(refused, StartError::BudgetExhausted(_)), "{refused:?}");
    assert_eq!(otp.started(), 3);
}

#[tokio::test]
async fn a_start_that_hangs_may_have_sent_something_and_counts_t_106() {
    let slow = Arc::new(Scripted::new("slow", Loa::Two).hanging());
    let world = World::strict([&slow]);
    for id in ["a", "b", "c"] {
        let handle = world.open(Login { id, ..LOGIN }).await;
        assert_eq!(world.start(handle).await.unwrap_err(), StartError::Unavailable);
    }
    let handle = world.open(Login { id: "d", ..LOGIN }).await;
    let refused = world.start(handle).await.unwrap_err();
    assert!(matches!(refused, StartError::BudgetExhausted(_)), "{refused:?}");
}

#[tokio::test]
async fn what_may_have_left_counts_while_others_of_its_step_have_to_wait_t_106() {
    let slow = Arc::new(Scripted::new("slow", Loa::Two).hanging());
    let budget = StartError::BudgetExhausted(Duration::from_secs(20));
    let spent = Arc::new(Scripted::new("spent", Loa::Two).refusing(budget));
    let limits = PromptLimits::default();
    let settings = Settings { prompts: limits, ..settings() };
    let together = chain(r#"[["slow", "spent"]]"#);
    let world = World::with([&slow, &spent], together, settings, None);
    let handle = world.open(LOGIN).await;
    assert_eq!(world.start(handle).await.unwrap_err(), budget);
    let stranger = Login { id: "journey-2", browser: Some("browser-2"), ..LOGIN };
    let stranger = world.open(stranger).await;
    let refused = world.start(stranger).await.unwrap_err();
    assert_eq!(refused, StartError::BudgetExhausted(LIFETIME));
    // The step begins by itself when it may.
    spent.refuse(None);
    world.pass(Duration::from_secs(20)).await;
    assert_eq!(world.live(handle), [name("spent")]);
}
