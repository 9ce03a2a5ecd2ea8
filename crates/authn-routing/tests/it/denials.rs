//! A no on the phone is not lost (T-106, T-109).

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use fiador_domain::journey::Refusal;
use fiador_kernel::Loa;
use fiador_ports::{Prompts, Settled, StartError, StoreError};

use crate::{
    scripted::{NO, Scripted, answer},
    world::{LOGIN, Login, World},
};

const NEXT: Login = Login { id: "journey-2", ..LOGIN };
const REST: Duration = Duration::from_mins(10);

fn link() -> Arc<Scripted> {
    Arc::new(Scripted::new("link", Loa::Two).with_reference())
}

async fn is_held_back(world: &World, login: Login) -> Option<Duration> {
    let handle = world.open(login).await;
    match world.start(handle).await {
        Ok(_) => None,
        Err(StartError::BudgetExhausted(wait)) => Some(wait),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_client_that_was_turned_down_rests_though_all_nodes_begin_anew_t_246() {
    for is_known in [true, false] {
        let link = link();
        let world = World::strict([&link]);
        world.started(LOGIN).await;
        world.answer_by_phone(link.reference("journey-1", 1), &answer(NO)).await;
        world.clock.advance(Duration::from_mins(4));
        world.kept.restart();
        // What is known of the number makes no difference (T-048).
        let next = Login { is_known, ..NEXT };
        assert_eq!(is_held_back(&world, next).await, Some(Duration::from_mins(6)));
        assert_eq!(is_held_back(&world, Login { client: "bank", ..NEXT }).await, None);
        let elsewhere = Login { number: "34600000009", id: "journey-4", ..NEXT };
        assert_eq!(is_held_back(&world, elsewhere).await, None);
        world.kept.restart();
        world.clock.advance(Duration::from_mins(6));
        assert_eq!(is_held_back(&world, Login { id: "journey-5", ..NEXT }).await, None);
    }
}

#[tokio::test]
async fn an_audit_log_that_is_full_does_not_take_a_no_away_t_109() {
    let link = link();
    let world = World::strict([&link]);
    let handle = world.started(LOGIN).await;
    world.kept.audit_is_full.store(true, Ordering::SeqCst);
    let reference = link.reference("journey-1", 1);
    let told = Prompts::answer(&*world.router, reference, &answer(NO)).await;
    assert_eq!(told.unwrap_err(), StoreError::Unavailable);
    assert_eq!(world.refusal(handle), Some(Refusal::Denied));
    assert_eq!(is_held_back(&world, NEXT).await, Some(REST));
    world.kept.restart();
    assert_eq!(is_held_back(&world, NEXT).await, Some(REST));
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_does_not_take_a_no_away_t_109() {
    let link = link();
    let world = World::strict([&link]);
    world.started(LOGIN).await;
    world.kept.loses_ledgers.store(true, Ordering::SeqCst);
    world.answer_by_phone(link.reference("journey-1", 1), &answer(NO)).await;
    world.kept.loses_ledgers.store(false, Ordering::SeqCst);
    assert_eq!(is_held_back(&world, NEXT).await, Some(REST));
}

#[tokio::test]
async fn a_no_while_the_store_is_down_can_be_said_again() {
    let link = link();
    let world = World::strict([&link]);
    let handle = world.started(LOGIN).await;
    let reference = link.reference("journey-1", 1);
    world.go_down(true);
    assert!(Prompts::answer(&*world.router, reference, &answer(NO)).await.is_err());
    world.go_down(false);
    let again = world.answer_by_phone(reference, &answer(NO)).await;
    assert!(matches!(again, Settled::Moved(_)));
    assert_eq!(world.refusal(handle), Some(Refusal::Denied));
    assert_eq!(is_held_back(&world, NEXT).await, Some(REST));
}

#[tokio::test]
async fn a_start_that_cannot_ask_whether_the_client_rests_sends_nothing() {
    let link = link();
    let world = World::strict([&link]);
    let handle = world.open(LOGIN).await;
    world.kept.loses_budgets.store(true, Ordering::SeqCst);
    assert_eq!(world.start(handle).await.unwrap_err(), StartError::Store(StoreError::Unavailable));
    assert_eq!(link.started(), 0);
    // A no counts all the same.
    world.kept.loses_budgets.store(false, Ordering::SeqCst);
    world.start(handle).await.unwrap();
    world.kept.loses_budgets.store(true, Ordering::SeqCst);
    world.answer_by_phone(link.reference("journey-1", 1), &answer(NO)).await;
    assert_eq!(world.refusal(handle), Some(Refusal::Denied));
    world.kept.loses_budgets.store(false, Ordering::SeqCst);
    assert_eq!(is_held_back(&world, NEXT).await, Some(REST));
}
