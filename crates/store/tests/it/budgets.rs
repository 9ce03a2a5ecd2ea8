//! Budgets hold under any parallelism and over restarts (T-103, T-122, T-241, T-246).

use std::time::Duration;

use fiador_domain::quota::Limit;
use fiador_kernel::Clock as _;
use fiador_ports::{Budgets as _, Maintenance as _, Reservation, Spend};
use tokio::task::JoinSet;

pub(crate) fn spend(key: &str, count: u32) -> Spend {
    Spend { key: key.to_owned(), limits: vec![Limit::per_seconds(count, 600)] }
}

contract! {
    async fn a_budget_gives_its_count_and_then_says_when_it_gives_again(fixture: &Fixture) {
        let store = fixture.open().await;
        for _ in 0..3 {
            let now = fixture.clock.now();
            assert_eq!(store.reserve(vec![spend("number:a", 3)], now).await, Ok(Reservation::Granted));
            fixture.clock.advance(Duration::from_mins(1));
        }
        let now = fixture.clock.now();
        let Reservation::Refused { index, exhausted } =
            store.reserve(vec![spend("number:a", 3)], now).await.unwrap()
        else { panic!("the budget is used up") };
        assert_eq!((index, exhausted.retry_after), (0, Duration::from_mins(7)));
        fixture.clock.advance(exhausted.retry_after);
        let now = fixture.clock.now();
        assert_eq!(store.reserve(vec![spend("number:a", 3)], now).await, Ok(Reservation::Granted));
    }

    async fn all_budgets_are_counted_or_none(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        store.reserve(vec![spend("network:x", 1)], now).await.unwrap();
        let both = vec![spend("number:a", 1), spend("network:x", 1)];
        let refused = store.reserve(both, now).await.unwrap();
        assert!(matches!(refused, Reservation::Refused { index: 1, .. }), "{refused:?}");
        assert_eq!(store.reserve(vec![spend("number:a", 1)], now).await, Ok(Reservation::Granted));
    }

    async fn refusals_leave_no_rows_behind(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        store.reserve(vec![spend("client:bank", 1)], now).await.unwrap();
        let clock = "SELECT highest FROM clock";
        let written = fixture.number(clock).await;
        fixture.clock.advance(Duration::from_secs(5));
        let now = fixture.clock.now();
        let mut uses = JoinSet::new();
        for number in 0..100 {
            let store = store.clone();
            let wanted = vec![spend(&format!("number:{number}"), 1), spend("client:bank", 1)];
            uses.spawn(async move { store.reserve(wanted, now).await.unwrap() });
        }
        let outcomes = uses.join_all().await;
        assert!(outcomes.iter().all(|o| matches!(o, Reservation::Refused { index: 1, .. })));
        assert_eq!(fixture.number("SELECT COUNT(*) FROM budgets").await, 1);
        assert_eq!(fixture.number(clock).await, written, "nothing was committed");
    }

    async fn a_refusal_beside_a_grant_leaves_the_row_of_the_grant_alone(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        store.reserve(vec![spend("client:bank", 1)], now).await.unwrap();
        let mut uses = JoinSet::new();
        for number in 0..100 {
            let store = store.clone();
            let mut wanted = vec![spend(&format!("number:{number}"), 1)];
            if number % 2 == 0 {
                wanted.push(spend("client:bank", 1));
            }
            uses.spawn(async move { store.reserve(wanted, now).await.unwrap() });
        }
        uses.join_all().await;
        assert_eq!(fixture.number("SELECT COUNT(*) FROM budgets").await, 51);
    }

    async fn a_budget_named_twice_is_used_twice(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        let twice = || vec![spend("number:a", 3), spend("number:a", 3)];
        assert_eq!(store.reserve(twice(), now).await, Ok(Reservation::Granted));
        let refused = store.reserve(twice(), now).await.unwrap();
        assert!(matches!(refused, Reservation::Refused { index: 1, .. }), "{refused:?}");
        assert_eq!(store.reserve(vec![spend("number:a", 3)], now).await, Ok(Reservation::Granted));
    }

    async fn parallel_uses_never_exceed_a_limit_t_103(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        let mut uses = JoinSet::new();
        for number in 0..300 {
            let store = store.clone();
            let wanted = vec![spend("client:bank", 40), spend(&format!("number:{number}"), 1)];
            uses.spawn(async move { store.reserve(wanted, now).await.unwrap() });
        }
        let outcomes = uses.join_all().await;
        let granted = outcomes.iter().filter(|o| **o == Reservation::Granted).count();
        assert_eq!(granted, 40);
    }

    async fn looking_uses_nothing_and_recording_never_refuses(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        let guesses = spend("guesses:ana", 2);
        for _ in 0..5 {
            assert_eq!(store.check(&guesses, now).await, Ok(Reservation::Granted));
        }
        for _ in 0..4 {
            store.record(guesses.clone(), now).await.unwrap();
        }
        let refused = store.check(&guesses, now).await.unwrap();
        assert!(matches!(refused, Reservation::Refused { index: 0, .. }));
    }

    async fn clearing_forgets_one_budget_only(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        store.record(spend("guesses:ana", 1), now).await.unwrap();
        store.record(spend("guesses:ben", 1), now).await.unwrap();
        store.clear("guesses:ana").await.unwrap();
        assert_eq!(store.check(&spend("guesses:ana", 1), now).await, Ok(Reservation::Granted));
        assert_eq!(store.reserve(vec![spend("guesses:ana", 1)], now).await, Ok(Reservation::Granted));
        let other = store.check(&spend("guesses:ben", 1), now).await.unwrap();
        assert!(matches!(other, Reservation::Refused { .. }));
    }

    async fn budgets_survive_a_restart_and_the_reaper_t_246(fixture: &Fixture) {
        let store = fixture.open().await;
        let now = fixture.clock.now();
        store.record(spend("guesses:ana", 1), now).await.unwrap();
        let store = fixture.reopen(store).await;
        fixture.clock.advance(Duration::from_secs(599));
        let now = fixture.clock.now();
        store.reap(now).await.unwrap();
        let refused = store.reserve(vec![spend("guesses:ana", 1)], now).await.unwrap();
        assert!(matches!(refused, Reservation::Refused { .. }));
    }
}
