//! Wrong codes lock a subscription, whichever journey they come from (T-103).

use std::time::Duration;

use fiador_kernel::{Clock as _, Msisdn, SubscriberId};
use fiador_ports::{Answered, LockOuts as _, StartError};

use crate::world::{NUMBER, World, subscriber_id, wrong};

/// Strict everywhere but in how often a code is sent.
fn world() -> World {
    World::with(|settings| {
        settings.send_budgets.subscription.clear();
        settings.send_budgets.browser_network.clear();
        settings.resend_gap = Duration::ZERO;
    })
}

/// Spends journeys until `count` wrong codes have been given.
async fn guess_wrong(world: &World, count: usize) {
    let login = world.login(NUMBER);
    let mut given = 0;
    while given < count {
        let mut state = world.start(&login).await.unwrap().state;
        let guess = wrong(&world.code().await);
        for _ in 0..3.min(count - given) {
            state = world.guess(&login, &state, &guess).await.unwrap().1;
            given += 1;
        }
    }
}

#[tokio::test]
async fn ten_wrong_codes_over_any_journeys_lock_the_subscription_t_103() {
    let world = world();
    guess_wrong(&world, 9).await;
    assert!(world.start(&world.login(NUMBER)).await.is_ok());
    guess_wrong(&world, 1).await;
    let locked = world.start(&world.login(NUMBER)).await.unwrap_err();
    assert_eq!(locked, StartError::LockedOut(Duration::from_hours(1)));
    assert!(world.start(&world.login("34600000002")).await.is_ok());
    world.clock.advance(Duration::from_hours(1));
    assert!(world.start(&world.login(NUMBER)).await.is_ok());
}

#[tokio::test]
async fn the_delay_grows_with_the_failures_t_103() {
    let world = world();
    let mut waits = Vec::new();
    for failures in [10, 5, 5] {
        guess_wrong(&world, failures).await;
        let Err(StartError::LockedOut(wait)) = world.start(&world.login(NUMBER)).await else {
            panic!("not locked after {failures} more failures");
        };
        waits.push(wait);
        world.clock.advance(wait);
    }
    assert!(waits.is_sorted() && waits[0] < waits[1] && waits[1] < waits[2], "{waits:?}");
}

#[tokio::test]
async fn a_code_that_is_already_out_does_not_open_a_locked_subscription_t_103() {
    let world = world();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let code = world.code().await;
    guess_wrong(&world, 10).await;
    let (answered, _) = world.guess(&login, &state, &code).await.unwrap();
    assert!(matches!(answered, Answered::Wrong));
}

#[tokio::test]
async fn a_success_forgets_the_failures_and_only_then_costs_a_commit() {
    let world = world();
    let login = world.login(NUMBER);
    guess_wrong(&world, 9).await;
    let state = world.start(&login).await.unwrap().state;
    let code = world.code().await;
    let before = world.budgets.commits();
    world.guess(&login, &state, &code).await.unwrap();
    assert_eq!(world.budgets.commits(), before + 1);
    guess_wrong(&world, 9).await;
    assert!(world.start(&login).await.is_ok());
}

#[tokio::test]
async fn others_can_ask_how_long_a_subscription_is_locked_t_052() {
    let world = world();
    let number = subscriber_id(&Msisdn::from_digits(NUMBER).unwrap());
    let nobody = SubscriberId::new("nobody").unwrap();
    let locked_for = async |id| world.family.locked_for(id, world.clock.now()).await.unwrap();
    guess_wrong(&world, 9).await;
    assert_eq!(locked_for(&number).await, None);
    guess_wrong(&world, 1).await;
    assert_eq!(locked_for(&number).await, Some(Duration::from_hours(1)));
    assert_eq!(locked_for(&nobody).await, None);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(locked_for(&number).await, None);
}
