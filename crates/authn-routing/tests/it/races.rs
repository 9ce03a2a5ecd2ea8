//! Of parallel events exactly one counts, on any number of nodes (T-240).

use std::sync::Arc;

use fiador_domain::journey::Stage;
use fiador_kernel::{Digest, Loa};
use fiador_ports::{Answer, Prompts, Settled};
use fiador_testkit::share;

use crate::{
    scripted::{NO, RIGHT, Scripted, WRONG, answer},
    world::{LOGIN, Login, World},
};

const STEPS: &str = r#"[["link", "otp"]]"#;

/// What 16 taps at the same time do, on two nodes; how many of them moved the journey.
async fn raced(nodes: [&World; 2], reference: Digest, answers: [&Answer; 2]) -> usize {
    let taps = (0..16_usize).map(|n| {
        let router = Arc::clone(&nodes[n % 2].router);
        let answer = answers[(n / 2) % 2].clone();
        tokio::spawn(async move { Prompts::answer(&*router, reference, &answer).await.unwrap() })
    });
    let taps: Vec<_> = taps.collect();
    let mut moved = 0;
    for tap in taps {
        moved += usize::from(matches!(tap.await.unwrap(), Settled::Moved(_)));
    }
    moved
}

async fn race_once(n: usize, answers: [&Answer; 2]) -> (World, Digest, usize) {
    let link = Arc::new(Scripted::new("link", Loa::Two).with_reference());
    let otp = Arc::new(Scripted::new("otp", Loa::Two));
    let here = World::chained([&link, &otp], STEPS);
    let there = here.beside([&link, &otp], STEPS);
    let id = ["journey-even", "journey-odd"][n % 2];
    let handle = here.started(Login { id, ..LOGIN }).await;
    let moved = raced([&here, &there], link.reference(id, 1), answers).await;
    (here, handle, moved)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_set_approvals_and_denials_raced_16_fold_have_one_outcome() {
    let (yes, no) = (answer(RIGHT), answer(NO));
    let mut verified = 0;
    let mut refused = 0;
    for n in share::of(0..10_000, 0) {
        let (world, handle, moved) = race_once(n, [&yes, &no]).await;
        assert_eq!(moved, 1);
        match world.stage(handle) {
            Stage::Verified { .. } => verified += 1,
            Stage::Refused { .. } => refused += 1,
            other => panic!("the journey is {}", other.name()),
        }
        assert_eq!(world.kept.audit.lock().len(), usize::from(!world.is_verified(handle)));
    }
    assert!(verified + refused > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_approval_tapped_16_times_is_one_approval() {
    let yes = answer(RIGHT);
    let (world, handle, moved) = race_once(0, [&yes, &yes]).await;
    assert_eq!(moved, 1);
    assert!(world.is_verified(handle));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_set_200_parallel_guesses_are_judged_three_times_at_most_t_121() {
    for n in share::of(0..1_000, 1) {
        let otp = Arc::new(Scripted::new("otp", Loa::Two));
        let here = World::chained([&otp], r#"["otp"]"#);
        let there = here.beside([&otp], r#"["otp"]"#);
        let handle = here.started(LOGIN).await;
        let guesses = (0..200).map(|guess| {
            let router = Arc::clone(if guess % 2 == n % 2 { &here.router } else { &there.router });
            let (id, guess) = (otp.id.clone(), answer(WRONG));
            tokio::spawn(async move {
                use fiador_ports::AuthenticatorRouter;
                AuthenticatorRouter::answer(&*router, handle, &id, &guess).await.unwrap()
            })
        });
        let guesses: Vec<_> = guesses.collect();
        for guess in guesses {
            guess.await.unwrap();
        }
        assert_eq!(otp.evaluated(), 3);
        assert!(here.refusal(handle).is_some());
    }
}
