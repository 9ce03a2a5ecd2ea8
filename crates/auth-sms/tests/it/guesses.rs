//! At most three guesses are evaluated, however they come.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use fiador_auth_sms::GuessAlarm;
use fiador_domain::quota::Limit;
use fiador_ports::{Answered, Authenticator, Exhausted, StartError};
use parking_lot::Mutex;
use serde_json::Value;

use crate::world::{Login, NUMBER, World, answer, wrong};

/// The journey store's promise: of parallel replacements of one version exactly one succeeds.
struct CompareAndSet(Mutex<(u64, Value)>);

impl CompareAndSet {
    fn read(&self) -> (u64, Value) {
        self.0.lock().clone()
    }

    fn replace(&self, version: u64, state: Value) -> bool {
        let mut current = self.0.lock();
        let is_current = current.0 == version;
        if is_current {
            *current = (version + 1, state);
        }
        is_current
    }
}

/// What the AuthServer does with an answer: read, take an attempt, store, and only then evaluate.
async fn submit(
    world: &World,
    login: &Login,
    stored: &CompareAndSet,
    code: &str,
) -> Option<Answered> {
    loop {
        let (version, state) = stored.read();
        let admitted = world.sms.admit(&state).ok()?;
        tokio::task::yield_now().await;
        if stored.replace(version, admitted.clone()) {
            let answered = world.sms.evaluate(login.challenge(), &admitted, &answer(code)).await;
            return Some(answered.unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_parallel_guesses_three_are_evaluated_t_121() {
    let world = Arc::new(World::new());
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let stored = Arc::new(CompareAndSet(Mutex::new((0, state))));
    let evaluated = Arc::new(AtomicUsize::new(0));
    let guesses: Vec<_> = (0..200)
        .map(|guess| {
            let (world, login) = (Arc::clone(&world), login.clone());
            let (stored, evaluated) = (Arc::clone(&stored), Arc::clone(&evaluated));
            tokio::spawn(async move {
                let answered = submit(&world, &login, &stored, &format!("{guess:07}")).await;
                if let Some(answered) = &answered {
                    assert!(!matches!(answered, Answered::Verified(_)));
                    evaluated.fetch_add(1, Ordering::SeqCst);
                }
                matches!(answered, Some(Answered::Failed))
            })
        })
        .collect();
    let mut failed = 0;
    for guess in guesses {
        failed += usize::from(guess.await.unwrap());
    }
    assert_eq!((evaluated.load(Ordering::SeqCst), failed), (3, 1));
    // One commit for the send, one for each wrong guess.
    assert_eq!(world.budgets.commits(), 4);
}

#[tokio::test]
async fn the_third_wrong_guess_is_the_last_t_121() {
    let world = World::new();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let code = world.code().await;
    let guess = wrong(&code);
    let (first, state) = world.guess(&login, &state, &guess).await.unwrap();
    let (second, state) = world.guess(&login, &state, &guess).await.unwrap();
    let (third, state) = world.guess(&login, &state, &guess).await.unwrap();
    assert!(matches!((first, second), (Answered::Wrong, Answered::Wrong)));
    assert!(matches!(third, Answered::Failed));
    assert_eq!(world.sms.admit(&state), Err(Exhausted));
}

#[tokio::test]
async fn many_wrong_codes_across_numbers_halve_the_send_budget_of_the_client_t_124() {
    let world = World::with(|settings| {
        settings.send_budgets.client = vec![Limit::per_seconds(8, 1)];
        settings.guess_alarm = GuessAlarm { minimum_guesses: 10, ..GuessAlarm::default() };
    });
    let sends = async |client: &str, from: u32| {
        let mut sent = 0;
        for number in from..from + 8 {
            let mut login = world.login(&format!("346{number:08}"));
            login.ask.client = fiador_kernel::ClientId::new(client).unwrap();
            // Another block and network for each, so that only the client's budget is looked at.
            login.subject.number_block = fiador_kernel::Digest::of(number.to_string());
            login.origin.network = format!("10.0.{}.0/24", number % 256);
            match world.start(&login).await {
                Ok(started) => {
                    sent += 1;
                    world.guess(&login, &started.state, "000000").await.unwrap();
                }
                Err(StartError::BudgetExhausted(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        sent
    };
    assert_eq!(sends("shop", 0).await, 8);
    world.clock.advance(std::time::Duration::from_secs(2));
    // The alarm is raised by the tenth wrong guess, two sends into this second.
    assert_eq!(sends("shop", 100).await, 4);
    world.clock.advance(std::time::Duration::from_secs(2));
    assert_eq!(sends("bank", 200).await, 8);
    world.clock.advance(std::time::Duration::from_mins(6));
    assert_eq!(sends("shop", 300).await, 8);
}
