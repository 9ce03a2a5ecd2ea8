//! Nobody waits for ever, and what is slow or contended still gets done (T-243, T-260).
//!
//! Bounds of time here are generous: they tell a wait that ends from one that does not.

use std::time::Duration;

use fiador_domain::audit::AuditKind;
use fiador_kernel::Clock as _;
use fiador_ports::{
    AuditLog as _, Budgets as _, Grants as _, Maintenance as _, Redeemed, Reservation,
    Revocations as _, StoreError,
};
use fiador_store::StoreSettings;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::{task::JoinSet, time::timeout};

use crate::{
    budgets::spend,
    fixture::Fixture,
    sample::{client, event, grant, redemption, redemption_of, subscriber},
};

/// Long enough for a writer that has nothing else to do to take what is queued.
const SOON: Duration = Duration::from_millis(300);

contract! {
    async fn a_code_is_not_spent_for_a_client_that_hung_up(fixture: &Fixture) {
        let store = fixture.open().await;
        let blocker = fixture.block_the_writer().await;
        let (first, written) = (store.clone(), event(fixture, AuditKind::GrantRevoked));
        let pending = tokio::spawn(async move { first.append(written).await });
        tokio::time::sleep(SOON).await;

        let (caller, code) = (store.clone(), redemption(fixture, "g1"));
        let hung_up = tokio::spawn(async move { caller.redeem(code).await });
        let (caller, now) = (store.clone(), fixture.clock.now());
        let guess = tokio::spawn(async move { caller.record(spend("guesses:ana", 1), now).await });
        tokio::time::sleep(SOON).await;
        hung_up.abort();
        guess.abort();
        assert!(hung_up.await.unwrap_err().is_cancelled());
        assert!(guess.await.unwrap_err().is_cancelled());

        blocker.release().await;
        assert_eq!(pending.await.unwrap(), Ok(()));
        let again = store.redeem(redemption(fixture, "g1")).await;
        assert!(matches!(again, Ok(Redeemed::Fresh { .. })), "{again:?}");
        let guesses = store.check(&spend("guesses:ana", 1), now).await.unwrap();
        assert!(matches!(guesses, Reservation::Refused { .. }), "a wrong guess counts all the same");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_too_slow_for_large_batches_is_given_smaller_ones() {
    let fixture = Fixture::postgresql();
    let store = fixture.try_open(StoreSettings::new(fixture.settings().engine)).await.unwrap();
    fixture
        .execute(
            "CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN PERFORM pg_sleep(0.004); RETURN NEW; END $$; \
             CREATE TRIGGER take_time BEFORE INSERT ON spent_codes FOR EACH ROW \
             EXECUTE FUNCTION take_time()",
        )
        .await;
    let mut logins = JoinSet::new();
    for number in 0..200 {
        let store = store.clone();
        let code = redemption_of(&fixture, &format!("g{number}"), &format!("s{number}"));
        logins.spawn(async move {
            while store.redeem(code.clone()).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
    }
    timeout(Duration::from_secs(30), logins.join_all()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_held_by_another_node_is_waited_for_again_t_103() {
    let fixture = Fixture::postgresql();
    let settings = fixture.settings();
    let settings = StoreSettings { deadline: Duration::from_secs(6), ..settings };
    let url = match &settings.engine {
        fiador_store::Engine::Postgres { url, .. } => url.clone(),
        fiador_store::Engine::Sqlite { .. } => unreachable!(),
    };
    let store = fixture.try_open(settings).await.unwrap();
    let now = fixture.clock.now();
    store.reserve(vec![spend("client:bank", 2)], now).await.unwrap();

    let mut other = PgConnection::connect(&url).await.unwrap();
    other.execute("BEGIN; SELECT used FROM budgets FOR UPDATE").await.unwrap();
    let waiting =
        tokio::spawn(async move { store.reserve(vec![spend("client:bank", 2)], now).await });
    // Longer than one wait for a lock, which is a quarter of the deadline.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(!waiting.is_finished());
    other.execute("COMMIT").await.unwrap();
    assert_eq!(waiting.await.unwrap(), Ok(Reservation::Granted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_stays_held_fails_its_caller_in_time_and_nobody_else_t_243() {
    let fixture = Fixture::postgresql();
    let settings = StoreSettings::new(fixture.settings().engine);
    let store = fixture.try_open(settings).await.unwrap();
    let now = fixture.clock.now();
    store.reserve(vec![spend("client:bank", 9)], now).await.unwrap();
    let fiador_store::Engine::Postgres { url, .. } = fixture.settings().engine else {
        unreachable!()
    };
    let mut other = PgConnection::connect(&url).await.unwrap();
    other.execute("BEGIN; SELECT used FROM budgets FOR UPDATE").await.unwrap();
    let held =
        timeout(Duration::from_millis(1500), store.reserve(vec![spend("client:bank", 9)], now));
    assert_eq!(held.await.unwrap(), Err(StoreError::Unavailable));
    let free = store.reserve(vec![spend("client:shop", 9)], now).await;
    assert_eq!(free, Ok(Reservation::Granted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn upkeep_that_has_to_wait_fails_no_login() {
    let fixture = Fixture::postgresql();
    let settings = StoreSettings { deadline: Duration::from_secs(4), ..fixture.settings() };
    let fiador_store::Engine::Postgres { url, .. } = fixture.settings().engine else {
        unreachable!()
    };
    let store = fixture.try_open(settings).await.unwrap();
    store.redeem(redemption(&fixture, "old")).await.unwrap();
    fixture.clock.advance(Duration::from_hours(48));
    let now = fixture.clock.now();

    let mut other = PgConnection::connect(&url).await.unwrap();
    other.execute("BEGIN; SELECT grant_id FROM spent_codes FOR UPDATE").await.unwrap();
    let (reaper, blocker) = (store.clone(), fixture.block_the_writer().await);
    let (first, written) = (store.clone(), event(&fixture, AuditKind::GrantRevoked));
    let first = tokio::spawn(async move { first.append(written).await });
    tokio::time::sleep(SOON).await;
    // Both wait in the queue now, and are taken from it together.
    let upkeep = tokio::spawn(async move { reaper.reap(now).await });
    tokio::time::sleep(SOON).await;
    let (caller, code) = (store.clone(), redemption(&fixture, "new"));
    let login = tokio::spawn(async move { caller.redeem(code).await });
    tokio::time::sleep(SOON).await;
    blocker.release().await;

    assert_eq!(first.await.unwrap(), Ok(()));
    assert!(matches!(login.await.unwrap(), Ok(Redeemed::Fresh { .. })));
    assert_eq!(upkeep.await.unwrap(), Err(StoreError::Unavailable));
    other.execute("COMMIT").await.unwrap();
    assert!(store.reap(now).await.unwrap().rows > 0);
    assert!(store.epochs(&subscriber("ana"), &client("bank"), &grant("new"), None).await.is_ok());
}
