//! Send budgets (T-122): strict, on the canonical number, in one reservation.

use std::time::Duration;

use fiador_auth_sms::SendBudgets;
use fiador_domain::quota::Limit;
use fiador_kernel::{ClientId, Digest};
use fiador_ports::StartError;
use proptest::prelude::*;

use crate::world::{NUMBER, World};

fn is_refused<T>(result: &Result<T, StartError>) -> bool {
    matches!(result, Err(StartError::BudgetExhausted(_)))
}

#[tokio::test]
async fn all_spellings_of_a_number_share_one_budget_t_123() {
    for spelling in
        ["+34600000001", "0034 600 000 001", "600000001", "600-00-00-01", "(+34) 600.000.001"]
    {
        let world = World::new();
        assert!(world.start(&world.login(NUMBER)).await.is_ok());
        let again = world.start(&world.login(spelling)).await;
        assert_eq!(again.unwrap_err(), StartError::BudgetExhausted(Duration::from_mins(1)));
    }
}

#[tokio::test]
async fn a_subscription_gets_one_in_a_minute_three_in_ten_and_ten_in_a_day_t_122() {
    let world = World::with(|settings| settings.send_budgets.browser_network.clear());
    let login = world.login(NUMBER);
    let mut sent = Vec::new();
    for second in (0..86_400).step_by(10) {
        if world.start(&login).await.is_ok() {
            sent.push(second);
        }
        world.clock.advance(Duration::from_secs(10));
    }
    assert_eq!(sent, [0, 60, 120, 600, 660, 720, 1200, 1260, 1320, 1800]);
}

#[tokio::test]
async fn one_network_cannot_ask_for_more_than_30_in_ten_minutes_t_122() {
    let world = World::new();
    for number in 0..31 {
        let mut login = world.login(&format!("346{:08}", number * 1000));
        login.subject.number_block = Digest::of(number.to_string());
        assert_eq!(world.start(&login).await.is_ok(), number < 30, "{number}");
        world.clock.advance(Duration::from_secs(1));
    }
}

#[tokio::test]
async fn one_block_of_numbers_gets_no_more_than_100_in_a_minute_t_122() {
    let world = World::with(|settings| settings.send_budgets.browser_network.clear());
    for number in 0..101 {
        let login = world.login(&format!("346000{number:05}"));
        assert_eq!(world.start(&login).await.is_ok(), number < 100, "{number}");
        world.clock.advance(Duration::from_millis(200));
    }
}

#[tokio::test]
async fn one_client_gets_no_more_than_20_in_a_second_t_122() {
    let world = World::new();
    for number in 0..21 {
        let mut login = world.login(&format!("346{number:08}"));
        login.origin.network = format!("10.0.{number}.0/24");
        assert_eq!(world.start(&login).await.is_ok(), number < 20, "{number}");
    }
    let mut other = world.login("34699999999");
    other.ask.client = ClientId::new("bank").unwrap();
    other.origin.network = "10.1.0.0/24".to_owned();
    assert!(world.start(&other).await.is_ok());
}

#[tokio::test]
async fn all_clients_together_leave_a_fifth_of_the_message_centre_free_t_122() {
    let share = SendBudgets::message_centre_share(10);
    assert_eq!(share, [Limit::per_seconds(8, 1)]);
    let world = World::with(|settings| settings.send_budgets.message_centre = share);
    for number in 0..9 {
        let mut login = world.login(&format!("346{number:08}"));
        login.ask.client = ClientId::new(&format!("client-{number}")).unwrap();
        assert_eq!(world.start(&login).await.is_ok(), number < 8, "{number}");
    }
}

#[tokio::test]
async fn a_refused_start_spends_nothing_and_sends_nothing() {
    let world = World::new();
    let login = world.login(NUMBER);
    world.start(&login).await.unwrap();
    let commits = world.budgets.commits();
    for _ in 0..5 {
        assert!(is_refused(&world.start(&login).await));
    }
    assert_eq!((world.budgets.commits(), world.texts().await.len()), (commits, 1));
    // The refusals have not used the budget of the network either.
    world.clock.advance(Duration::from_mins(1));
    assert!(world.start(&login).await.is_ok());
}

#[tokio::test]
async fn sending_again_waits_even_when_budgets_are_loose() {
    let world = World::with(|settings| settings.send_budgets.subscription.clear());
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    assert_eq!(world.texts().await.len(), 1);
    world.clock.advance(Duration::from_secs(59));
    let early = world.again(&login, &state).await.unwrap_err();
    assert_eq!(early, StartError::BudgetExhausted(Duration::from_secs(1)));
    world.clock.advance(Duration::from_secs(1));
    let state = world.again(&login, &state).await.unwrap().state;
    assert_eq!(world.texts().await.len(), 2);
    world.clock.advance(Duration::from_mins(1));
    let state = world.again(&login, &state).await.unwrap().state;
    assert_eq!(world.texts().await.len(), 3);
    world.clock.advance(Duration::from_mins(1));
    assert!(is_refused(&world.again(&login, &state).await), "a fourth send in one journey");
    assert_eq!(world.texts().await.len(), 3);
}

#[tokio::test]
async fn no_key_shows_a_number_and_every_key_is_short_t_247() {
    let world = World::new();
    let mut login = world.login(NUMBER);
    login.ask.client = ClientId::new(&"c".repeat(255)).unwrap();
    let state = world.start(&login).await.unwrap().state;
    world.guess(&login, &state, "1").await.unwrap();
    let keys = world.budgets.keys();
    assert_eq!(keys.len(), 6);
    for key in keys {
        assert!(!key.contains("600000") && key.len() <= 160, "{key}");
    }
}

#[tokio::test]
async fn without_a_database_nothing_is_sent() {
    let world = World::new();
    world.budgets.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    let failed = world.start(&world.login(NUMBER)).await.unwrap_err();
    assert_eq!(failed, StartError::Store(fiador_ports::StoreError::Unavailable));
    assert!(world.texts().await.is_empty());
}

#[derive(Clone, Debug)]
enum Event {
    Start(u8),
    Again(u8),
    Guess(u8, bool),
    Wait(u16),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (0_u8..3).prop_map(Event::Start),
        (0_u8..3).prop_map(Event::Again),
        (0_u8..3, any::<bool>()).prop_map(|(login, right)| Event::Guess(login, right)),
        (0_u16..400).prop_map(Event::Wait),
    ]
}

/// How often each number was sent to, and what was guessed for the code that is live.
#[derive(Default)]
struct Seen {
    sends: Vec<u64>,
    wrong_guesses: u32,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn random_events_never_exceed_a_budget_or_a_bound(events in prop::collection::vec(event(), 1..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            // Three journeys, two of them for one subscription.
            let world = World::new();
            let logins = [NUMBER, NUMBER, "34600000002"].map(|number| world.login(number));
            let mut states = [const { None }; 3];
            let mut codes = [const { String::new() }; 3];
            let mut seen = [Seen::default(), Seen::default()];
            let mut now = 0;
            for event in events {
                match event {
                    Event::Wait(seconds) => {
                        now += u64::from(seconds);
                        world.clock.advance(Duration::from_secs(u64::from(seconds)));
                    }
                    Event::Start(index) | Event::Again(index) => {
                        let index = usize::from(index);
                        let previous = states[index].clone().filter(|_| matches!(event, Event::Again(_)));
                        let started = match &previous {
                            Some(state) => world.again(&logins[index], state).await,
                            None => world.start(&logins[index]).await,
                        };
                        if let Ok(started) = started {
                            states[index] = Some(started.state);
                            let seen = &mut seen[index / 2];
                            seen.sends.push(now);
                            seen.wrong_guesses = 0;
                            if index < 2 {
                                codes[index] = world.code().await;
                            }
                        }
                    }
                    Event::Guess(index, right) => {
                        use fiador_ports::{Answered, Authenticator};
                        let index = usize::from(index);
                        let Some(state) = &states[index] else { continue };
                        if world.sms.admit(state).is_err() {
                            continue;
                        }
                        let code = if right { codes[index].clone() } else { "x".to_owned() };
                        let (answered, admitted) = world.guess(&logins[index], state, &code).await.unwrap();
                        states[index] = Some(admitted);
                        match answered {
                            Answered::Verified(_) => prop_assert!(right && index < 2),
                            _ => seen[index / 2].wrong_guesses += 1,
                        }
                    }
                }
            }
            for seen in seen {
                for (limit, window) in [(1, 60), (3, 600), (10, 86_400)] {
                    for (first, &at) in seen.sends.iter().enumerate() {
                        let inside = seen.sends[first..].iter().filter(|&&other| other - at < window).count();
                        prop_assert!(inside <= limit, "{inside} sends in {window} s");
                    }
                }
                // Two journeys of one subscription can each have a live code of three guesses.
                prop_assert!(seen.wrong_guesses <= 6);
            }
            Ok(())
        })?;
    }
}
