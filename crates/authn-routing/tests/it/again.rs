//! "Send again", also by a form that no page shows (T-106).

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::Ending;
use fiador_kernel::{Digest, Loa};
use fiador_ports::{AuthenticatorRouter, StartError};

use crate::{
    scripted::{Scripted, name, right_for},
    world::{GAP, LOGIN, Login, World},
};

fn otp() -> Arc<Scripted> {
    Arc::new(Scripted::new("otp", Loa::Two))
}

async fn again(world: &World, handle: Digest, adaptor: &Scripted) -> Result<(), StartError> {
    world.router.again(handle, &adaptor.id).await.map(|_| ())
}

#[tokio::test]
async fn an_authenticator_that_does_not_offer_it_asks_nobody_again_t_106() {
    let otp = otp();
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    for (offer, wait) in [(None, 290), (Some(20), 20)] {
        otp.offer_again(offer);
        world.clock.advance(Duration::from_secs(5));
        let refused = again(&world, handle, &otp).await.unwrap_err();
        let StartError::BudgetExhausted(told) = refused else { panic!("{refused:?}") };
        assert!(told >= Duration::from_secs(wait));
    }
    assert_eq!(otp.started(), 1);
    // What is on the phone stands.
    world.answer(handle, &otp, &right_for(1)).await;
    assert!(world.is_verified(handle));
}

#[tokio::test]
async fn the_prompt_that_is_replaced_is_taken_back() {
    let otp = otp();
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    world.clock.advance(GAP);
    again(&world, handle, &otp).await.unwrap();
    world.router.settled().await;
    assert_eq!((otp.started(), otp.cancelled()), (2, vec![1]));
}

#[tokio::test]
async fn a_journey_asks_again_a_few_times_however_loose_the_limits_are_t_106() {
    let otp = otp();
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    for _ in 0..20 {
        world.clock.advance(GAP);
        let _ = again(&world, handle, &otp).await;
    }
    assert_eq!(otp.started(), 5);
    assert_eq!(world.live(handle), [name("otp")]);
}

#[tokio::test]
async fn of_parallel_taps_one_asks_again_t_106() {
    let otp = otp();
    let world = World::new([&otp]);
    let handle = world.started(LOGIN).await;
    world.clock.advance(GAP);
    let taps = futures_util::future::join_all((0..25).map(|_| again(&world, handle, &otp))).await;
    assert_eq!(taps.iter().filter(|tap| tap.is_ok()).count(), 1);
    assert_eq!(otp.started(), 2);
    assert_eq!(world.tried(handle), [(name("otp"), Ending::Replaced)]);
}

#[tokio::test]
async fn each_prompt_counts_for_the_number_until_the_subscriber_answers_t_106() {
    let otp = otp();
    let world = World::strict([&otp]);
    let handle = world.started(LOGIN).await;
    for _ in 0..3 {
        world.clock.advance(GAP);
        let _ = again(&world, handle, &otp).await;
    }
    assert_eq!(otp.started(), 3);
    world.router.abandon(handle).await.unwrap();
    let stranger = Login { id: "journey-2", browser: Some("browser-2"), ..LOGIN };
    let next = world.open(stranger).await;
    assert!(matches!(world.start(next).await, Err(StartError::BudgetExhausted(_))));
    world.clock.advance(Duration::from_mins(10));
    let answered = world.started(Login { id: "journey-3", ..stranger }).await;
    world.clock.advance(GAP);
    again(&world, answered, &otp).await.unwrap();
    world.answer(answered, &otp, &right_for(5)).await;
    assert!(world.is_verified(answered));
    world.started(Login { id: "journey-4", ..LOGIN }).await;
}

#[tokio::test]
async fn what_could_not_be_sent_again_counts_for_nothing_unless_it_may_have_left() {
    let otp = otp();
    let world = World::strict([&otp]);
    let handle = world.started(LOGIN).await;
    otp.refuse(Some(StartError::Unavailable));
    for _ in 0..10 {
        world.clock.advance(GAP);
        assert_eq!(again(&world, handle, &otp).await, Err(StartError::Unavailable));
    }
    otp.refuse(None);
    otp.hold(true);
    for _ in 0..2 {
        world.clock.advance(GAP);
        assert_eq!(again(&world, handle, &otp).await, Err(StartError::Unavailable));
    }
    world.clock.advance(GAP);
    let refused = again(&world, handle, &otp).await;
    assert!(matches!(refused, Err(StartError::BudgetExhausted(_))));
    assert_eq!(otp.started(), 3);
}
