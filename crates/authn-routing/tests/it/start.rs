//! Which adaptor reaches the phone first.

use std::{sync::Arc, time::Duration};

use fiador_domain::{
    journey::{Ending, Refusal, Stage},
    routing::{Need, Unserved},
};
use fiador_kernel::Loa;
use fiador_ports::{AuthenticatorRouter, StartError};
use proptest::prelude::*;

use crate::{
    scripted::{RIGHT, Scripted, answer, name},
    world::{LOGIN, Login, World},
};

fn at_level(levels: &'static [Loa]) -> Login {
    Login { levels, ..LOGIN }
}

#[tokio::test]
async fn the_preferred_authenticator_that_reaches_the_level_starts() {
    let sms = Arc::new(Scripted::new("otp", Loa::Two));
    let sim = Arc::new(Scripted::new("sim", Loa::Three));
    let world = World::new([&sms, &sim]);
    let two = world.started(at_level(&[Loa::Two])).await;
    assert_eq!(world.live(two), [name("otp")]);
    let three = world.started(Login { id: "other", ..at_level(&[Loa::Three]) }).await;
    assert_eq!(world.live(three), [name("sim")]);
}

#[tokio::test]
async fn a_level_that_nobody_reaches_is_refused_and_never_lowered_t_100() {
    let sms = Arc::new(Scripted::new("otp", Loa::Two));
    let world = World::new([&sms]);
    let journey = world.kept.clone();
    let handle = world.open(at_level(&[Loa::Three, Loa::Four])).await;
    let asked = journey.journey(handle);
    let need = Need::of(&asked.ask, &asked.origin, true);
    assert_eq!(world.router.plan(need), Err(Unserved::LevelUnreachable));
    world.start(handle).await.unwrap();
    assert_eq!((world.refusal(handle), sms.started()), (Some(Refusal::LevelUnmet), 0));
}

#[tokio::test]
async fn one_that_cannot_work_now_hands_over_to_the_next() {
    for error in [StartError::Unavailable, StartError::TextTooLong] {
        let first = Arc::new(Scripted::new("first", Loa::Two).refusing(error));
        let second = Arc::new(Scripted::new("second", Loa::Two));
        let world = World::new([&first, &second]);
        let handle = world.started(LOGIN).await;
        assert_eq!(world.live(handle), [name("second")]);
        assert_eq!(world.tried(handle), [(name("first"), Ending::NotStarted)]);
    }
}

#[tokio::test]
async fn one_that_hangs_is_not_waited_for_t_131() {
    let first = Arc::new(Scripted::new("first", Loa::Two).hanging());
    let second = Arc::new(Scripted::new("second", Loa::Two));
    let world = World::new([&first, &second]);
    let handle = world.started(LOGIN).await;
    assert_eq!(world.live(handle), [name("second")]);
}

#[tokio::test]
async fn a_budget_or_lock_out_is_not_dodged_by_the_next_authenticator_t_104() {
    let wait = Duration::from_mins(1);
    for error in [StartError::BudgetExhausted(wait), StartError::LockedOut(wait)] {
        let first = Arc::new(Scripted::new("first", Loa::Two).refusing(error));
        let second = Arc::new(Scripted::new("second", Loa::Two));
        let world = World::new([&first, &second]);
        let handle = world.open(LOGIN).await;
        assert_eq!(world.start(handle).await.unwrap_err(), error);
        assert_eq!(second.started(), 0);
        // Nothing has begun, so the user may try later.
        assert!(matches!(world.stage(handle), Stage::Identified { .. }));
        first.refuse(None);
        world.start(handle).await.unwrap();
        assert_eq!(world.live(handle), [name("first")]);
    }
}

#[tokio::test]
async fn when_some_are_busy_and_some_cannot_show_the_text_a_later_try_is_worth_it() {
    let busy = Arc::new(Scripted::new("busy", Loa::Two).refusing(StartError::Unavailable));
    let small = Arc::new(Scripted::new("small", Loa::Two).refusing(StartError::TextTooLong));
    for order in [[&busy, &small], [&small, &busy]] {
        let world = World::new(order);
        let handle = world.open(LOGIN).await;
        assert_eq!(world.start(handle).await.unwrap_err(), StartError::Unavailable);
        assert_eq!(world.refusal(handle), Some(Refusal::Unavailable));
    }
    let world = World::new([&small]);
    let handle = world.open(LOGIN).await;
    assert_eq!(world.start(handle).await.unwrap_err(), StartError::TextTooLong);
}

#[tokio::test]
async fn a_group_has_begun_when_one_of_it_has_and_the_first_answer_cancels_the_others() {
    let one = Arc::new(Scripted::new("one", Loa::Two));
    let two = Arc::new(Scripted::new("two", Loa::Two).refusing(StartError::Unavailable));
    let three = Arc::new(Scripted::new("three", Loa::Two));
    let world = World::chained([&one, &two, &three], r#"[["one", "two", "three"]]"#);
    let handle = world.started(LOGIN).await;
    assert_eq!(world.live(handle), [name("one"), name("three")]);
    assert_eq!(world.tried(handle), [(name("two"), Ending::NotStarted)]);
    world.answer(handle, &three, &answer(RIGHT)).await;
    assert!(world.is_verified(handle));
    world.router.settled().await;
    assert_eq!((one.cancelled(), three.cancelled()), (vec![1], vec![]));
}

#[tokio::test]
async fn a_journey_is_started_once_however_often_it_is_asked_for() {
    let sms = Arc::new(Scripted::new("otp", Loa::Two));
    let world = World::new([&sms]);
    let handle = world.open(LOGIN).await;
    let (one, two, three) =
        tokio::join!(world.start(handle), world.start(handle), world.start(handle));
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!((sms.started(), world.live(handle)), (1, vec![name("otp")]));
    let before = world.kept.version(handle);
    world.start(handle).await.unwrap();
    assert_eq!(world.kept.version(handle), before);
}

#[tokio::test]
async fn an_unknown_number_takes_the_same_road_t_048() {
    let sms = Arc::new(Scripted::new("otp", Loa::Two).with_reference());
    let world = World::strict([&sms]);
    let known = world.started(LOGIN).await;
    let unknown =
        Login { id: "journey-2", number: "34600000002", is_known: false, browser: None, ..LOGIN };
    let unknown = world.started(unknown).await;
    let (known, unknown) = (world.chain(known), world.chain(unknown));
    assert_eq!(known.live.len(), unknown.live.len());
    assert_eq!((known.next_at, known.ahead), (unknown.next_at, unknown.ahead));
    assert_eq!(known.live[0].state["left"], unknown.live[0].state["left"]);
}

#[tokio::test]
async fn an_unknown_number_is_verified_by_nobody_t_048() {
    let sms = Arc::new(Scripted::new("otp", Loa::Two));
    let world = World::new([&sms]);
    let handle = world.started(Login { is_known: false, ..LOGIN }).await;
    world.answer(handle, &sms, &answer(RIGHT)).await;
    assert_eq!(world.refusal(handle), Some(Refusal::Failed));
}

#[tokio::test]
async fn a_journey_that_is_not_there_cannot_be_started() {
    let world = World::new([]);
    let nowhere = fiador_kernel::Digest::of("nowhere");
    assert_eq!(world.start(nowhere).await.unwrap_err(), StartError::NoJourney);
}

fn adaptors() -> impl Strategy<Value = Vec<(u8, bool, bool)>> {
    prop::collection::vec((1_u8..=4, any::<bool>(), any::<bool>()), 4)
}

const LEVELS: &[&[Loa]] =
    &[&[Loa::One], &[Loa::Two], &[Loa::Three], &[Loa::Four, Loa::Two], &[Loa::Three, Loa::One]];

proptest! {
    #[test]
    fn whoever_starts_is_available_and_reaches_a_level_asked_for_t_100(
        adaptors in adaptors(),
        levels in prop::sample::select(LEVELS),
    ) {
        const NAMES: [&str; 4] = ["a", "b", "c", "d"];
        let adaptors: Vec<_> = adaptors.into_iter().zip(NAMES).map(|((ceiling, there, starts), name)| {
            let adaptor = Scripted::new(name, Loa::try_from(ceiling).unwrap());
            let adaptor = if there { adaptor } else { adaptor.absent() };
            Arc::new(if starts { adaptor } else { adaptor.refusing(StartError::Unavailable) })
        }).collect();
        let [a, b, c, d] = &adaptors[..] else { unreachable!() };
        let world = World::new([a, b, c, d]);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let handle = runtime.block_on(world.open(at_level(levels)));
        let started = runtime.block_on(world.start(handle)).is_ok();
        if started && world.refusal(handle) != Some(Refusal::LevelUnmet) {
            let live = world.live(handle);
            let used = adaptors.iter().find(|a| live == [a.id.clone()]).unwrap();
            prop_assert_eq!(used.started(), 1);
            prop_assert!(levels.iter().any(|&level| used.ceiling() >= level));
        }
        prop_assert!(adaptors.iter().all(|a| a.is_available() || a.started() == 0));
    }
}
