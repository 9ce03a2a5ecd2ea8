//! Which adaptor reaches the phone.

use std::{sync::Arc, time::Duration};

use fiador_authn_routing::Router;
use fiador_domain::routing::{Need, Unserved};
use fiador_kernel::Loa;
use fiador_ports::{Authenticator, AuthenticatorRouter, StartError};
use proptest::prelude::*;
use serde_json::json;

use crate::scripted::{Journey, Scripted, id};

fn router<const N: usize>(adaptors: [&Arc<Scripted>; N]) -> Router {
    Router::new(adaptors.into_iter().map(|a| Arc::clone(a) as Arc<dyn Authenticator>).collect())
}

#[tokio::test]
async fn the_preferred_authenticator_that_reaches_the_level_starts() {
    let sms = Scripted::new("sms_otp", Loa::Two).arc();
    let sim = Scripted::new("sim", Loa::Three).arc();
    let router = router([&sms, &sim]);
    let (by, _) = router.start(Journey::asking(&[Loa::Two]).challenge(), None).await.unwrap();
    assert_eq!(by, id("sms_otp"));
    let (by, _) = router.start(Journey::asking(&[Loa::Three]).challenge(), None).await.unwrap();
    assert_eq!(by, id("sim"));
}

#[test]
fn a_level_that_nobody_reaches_is_refused_and_never_lowered_t_100() {
    let sms = Scripted::new("sms_otp", Loa::Two).arc();
    let need = Need { levels: &[Loa::Three, Loa::Four], voluntary: false };
    assert_eq!(router([&sms]).plan(need), Err(Unserved::LevelUnreachable));
}

#[tokio::test]
async fn one_that_cannot_work_now_hands_over_to_the_next() {
    for error in [StartError::Unavailable, StartError::TextTooLong] {
        let first = Scripted::new("first", Loa::Two).refusing(error).arc();
        let second = Scripted::new("second", Loa::Two).arc();
        let (by, _) = router([&first, &second])
            .start(Journey::asking(&[Loa::Two]).challenge(), None)
            .await
            .unwrap();
        assert_eq!((by, first.started()), (id("second"), 1));
    }
}

#[tokio::test]
async fn a_budget_or_lock_out_is_not_dodged_by_the_next_authenticator_t_104() {
    let wait = Duration::from_mins(1);
    for error in [StartError::BudgetExhausted(wait), StartError::LockedOut(wait)] {
        let first = Scripted::new("first", Loa::Two).refusing(error).arc();
        let second = Scripted::new("second", Loa::Two).arc();
        let refused = router([&first, &second])
            .start(Journey::asking(&[Loa::Two]).challenge(), None)
            .await
            .unwrap_err();
        assert_eq!((refused, second.started()), (error, 0));
    }
}

#[tokio::test]
async fn when_some_are_busy_and_some_cannot_show_the_text_a_later_try_is_worth_it() {
    let busy = Scripted::new("busy", Loa::Two).refusing(StartError::Unavailable).arc();
    let small = Scripted::new("small", Loa::Two).refusing(StartError::TextTooLong).arc();
    let journey = Journey::asking(&[]);
    for order in [[&busy, &small], [&small, &busy]] {
        let refused = router(order).start(journey.challenge(), None).await.unwrap_err();
        assert_eq!(refused, StartError::Unavailable);
    }
    let refused = router([&small]).start(journey.challenge(), None).await.unwrap_err();
    assert_eq!(refused, StartError::TextTooLong);
}

#[tokio::test]
async fn sending_again_stays_with_the_authenticator_that_holds_the_challenge() {
    let first = Scripted::new("first", Loa::Two).arc();
    let second = Scripted::new("second", Loa::Two).arc();
    let router = router([&first, &second]);
    let journey = Journey::asking(&[Loa::Two]);
    let state = json!({ "old": true });
    let (by, started) =
        router.start(journey.challenge(), Some((&id("second"), &state))).await.unwrap();
    assert_eq!((by, first.started()), (id("second"), 0));
    assert_eq!(started.state["previous"], state);
    let gone = router.start(journey.challenge(), Some((&id("gone"), &state))).await;
    assert_eq!(gone.unwrap_err(), StartError::Unavailable);
}

fn adaptors() -> impl Strategy<Value = Vec<(u8, bool, bool)>> {
    prop::collection::vec((1_u8..=4, any::<bool>(), any::<bool>()), 0..4)
}

proptest! {
    #[test]
    fn whoever_starts_is_available_and_reaches_a_level_asked_for_t_100(
        adaptors in adaptors(),
        levels in prop::collection::vec(1_u8..=4, 1..4),
    ) {
        const NAMES: [&str; 4] = ["a", "b", "c", "d"];
        let adaptors: Vec<_> = adaptors.into_iter().zip(NAMES).map(|((ceiling, there, starts), name)| {
            let adaptor = Scripted::new(name, Loa::try_from(ceiling).unwrap());
            let adaptor = if there { adaptor } else { adaptor.absent() };
            if starts { adaptor.arc() } else { adaptor.refusing(StartError::Unavailable).arc() }
        }).collect();
        let levels: Vec<Loa> = levels.into_iter().map(|l| Loa::try_from(l).unwrap()).collect();
        let router = Router::new(adaptors.iter().map(|a| Arc::clone(a) as Arc<dyn Authenticator>).collect());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        if let Ok((by, _)) = runtime.block_on(router.start(Journey::asking(&levels).challenge(), None)) {
            let used = adaptors.iter().find(|a| id(a.id) == by).unwrap();
            prop_assert!(used.available && used.start.is_ok());
            prop_assert!(levels.iter().any(|&level| used.ceiling >= level));
        }
        prop_assert!(adaptors.iter().all(|a| a.available || a.started() == 0));
    }
}
