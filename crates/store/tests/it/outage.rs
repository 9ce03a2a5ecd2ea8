//! The database goes away and comes back (T-057, T-243, T-260).

use std::sync::Arc;

use fiador_domain::audit::AuditKind;
use fiador_kernel::{Clock as _, Digest};
use fiador_ports::{
    AuditLog as _, Budgets as _, Grants as _, Health, JourneyStoreError, Maintenance as _,
    Redeemed, Revocations as _, StoreError, Subscribers as _,
};
use fiador_store::{Engine, Store, StoreSettings};
use fiador_testkit::{TestClock, postgres::Server};
use tokio::task::JoinSet;

use crate::{
    budgets::spend,
    fixture::Fixture,
    journeys::Reversed,
    sample::{client, event, grant, journey, redemption, subscriber},
};

/// With the default deadline of 250 ms: what hung would be seen as a test that does not end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_server_a_node_answers_unavailable_and_then_recovers_t_243() {
    let mut server = Server::start().unwrap();
    let database = server.database().unwrap();
    let fixture = Fixture::at(TestClock::new(), database);
    let url = match fixture.settings().engine {
        Engine::Postgres { url, .. } => url,
        Engine::Sqlite { .. } => unreachable!(),
    };
    let settings = StoreSettings::new(Engine::Postgres { url, max_connections: 4 });
    let store = fixture.try_open(settings).await.unwrap();
    let journeys = store.journeys(10, Arc::new(Reversed));
    let code = redemption(&fixture, "g1");
    assert!(matches!(store.redeem(code.clone()).await, Ok(Redeemed::Fresh { .. })));
    fill_the_pool(&store).await;
    journeys.open(Digest::of("handle"), journey(&fixture)).await.unwrap();

    for crash in [false, true] {
        if crash {
            server.crash().unwrap();
        } else {
            server.stop().unwrap();
        }
        let now = fixture.clock.now();
        let gone = StoreError::Unavailable;
        assert_eq!(store.redeem(redemption(&fixture, "g2")).await, Err(gone));
        assert_eq!(store.reserve(vec![spend("a", 1)], now).await, Err(gone));
        assert_eq!(store.lookup(&subscriber("ana")).await.unwrap_err(), gone);
        let revoked = event(&fixture, AuditKind::GrantRevoked);
        assert_eq!(store.end_grant(&grant("g1"), now, revoked).await, Err(gone));
        assert_eq!(
            store.epochs(&subscriber("ana"), &client("bank"), &grant("g1"), None).await,
            Err(gone)
        );
        assert_eq!(store.health(now).await, Health::Down(gone));
        let refused = journeys.open(Digest::of("other"), journey(&fixture)).await;
        assert_eq!(refused, Err(JourneyStoreError::Store(gone)));

        server.start_again().unwrap();
        assert!(store.lookup(&subscriber("ana")).await.is_ok(), "the first read is served");
        assert_eq!(store.health(now).await, Health::Ready);
        assert_eq!(store.redeem(code.clone()).await, Ok(Redeemed::Spent));
        assert!(journeys.read(Digest::of("handle"), now).await.is_ok());
    }
}

/// Leaves several idle connections, all of which die with the server.
async fn fill_the_pool(store: &Arc<Store>) {
    let mut reads = JoinSet::new();
    for _ in 0..40 {
        let store = store.clone();
        reads.spawn(async move { store.lookup(&subscriber("ana")).await.unwrap().is_none() });
    }
    reads.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_file_is_unavailable_and_then_works_again_t_243() {
    let fixture = Fixture::sqlite();
    let Engine::Sqlite { path } = fixture.settings().engine else { unreachable!() };
    let settings = StoreSettings::new(Engine::Sqlite { path: path.clone() });
    let store = fixture.try_open(settings).await.unwrap();
    let intruder = rusqlite::Connection::open(path).unwrap();
    intruder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let code = redemption(&fixture, "g1");
    assert_eq!(store.redeem(code.clone()).await, Err(StoreError::Unavailable));
    assert_eq!(store.health(fixture.clock.now()).await, Health::Down(StoreError::Unavailable));
    let known = store.epochs(&subscriber("ana"), &client("bank"), &grant("g1"), None).await;
    assert!(known.is_ok(), "reading goes on");
    intruder.execute_batch("ROLLBACK").unwrap();
    assert!(matches!(store.redeem(code).await, Ok(Redeemed::Fresh { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_writes_than_the_queue_holds_are_refused_and_none_is_lost_t_260() {
    let fixture = Fixture::sqlite();
    let settings = StoreSettings { queue: 4, ..fixture.settings() };
    let store = fixture.try_open(settings).await.unwrap();
    let mut appends = JoinSet::new();
    for _ in 0..500 {
        let (store, event) = (store.clone(), event(&fixture, AuditKind::GrantRevoked));
        appends.spawn(async move { store.append(event).await });
    }
    let outcomes = appends.join_all().await;
    let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(outcomes.iter().all(|o| matches!(o, Ok(()) | Err(StoreError::Unavailable))));
    assert!((4..500).contains(&done), "{done} of 500 fitted");
    let written = fixture.number("SELECT COUNT(*) FROM audit").await;
    assert_eq!(usize::try_from(written).unwrap(), done, "what was acknowledged is what is there");
}
