//! The link to the server falls silent, as when a cable is pulled, and speaks again (T-243).
//!
//! The threat model allows 300 ms for an answer and 2 s for recovery; the bounds here are wider,
//! because a busy test machine is not an outage.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use fiador_domain::audit::AuditKind;
use fiador_kernel::Clock as _;
use fiador_ports::{
    AuditLog as _, Budgets as _, Grants as _, Health, Maintenance as _, StoreError,
    Subscribers as _,
};
use fiador_store::{Engine, Store, StoreSettings};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

use crate::{
    budgets::spend,
    fixture::Fixture,
    sample::{event, redemption, subscriber},
};

const ANSWER: Duration = Duration::from_millis(1_500);
const RECOVERY: Duration = Duration::from_secs(5);

/// Carries connections to the server until it is told to fall silent.
struct Link {
    port: u16,
    silent: Arc<watch::Sender<bool>>,
    /// Milliseconds that a new connection waits.
    delay: Arc<AtomicU64>,
}

impl Link {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let silent = Arc::new(watch::Sender::new(false));
        let delay = Arc::new(AtomicU64::new(0));
        let link = Self { port, silent: Arc::clone(&silent), delay: Arc::clone(&delay) };
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut silence, server) = (silent.subscribe(), server.clone());
                let delay = Duration::from_millis(delay.load(Ordering::SeqCst));
                tokio::spawn(async move {
                    tokio::time::sleep(delay).await;
                    if !*silence.borrow() {
                        let mut far = TcpStream::connect(server).await.unwrap();
                        tokio::select! {
                            _ = copy_bidirectional(&mut near, &mut far) => return,
                            _ = silence.wait_for(|silent| *silent) => {}
                        }
                    }
                    // The connection stays open, and nothing comes over it ever again.
                    std::future::pending::<()>().await;
                });
            }
        });
        link
    }

    fn fall_silent(&self, silent: bool) {
        self.silent.send_replace(silent);
    }
}

/// A node behind such a link, with the default deadline of 250 ms.
async fn node_behind_a_link(fixture: &Fixture) -> (Arc<Store>, Link) {
    let Engine::Postgres { url, .. } = fixture.settings().engine else { unreachable!() };
    let at = url.find("127.0.0.1:").unwrap();
    let end = at + url[at..].find('/').unwrap();
    let link = Link::to(url[at..end].to_owned()).await;
    fixture.open().await.close().await;
    let url = format!("{}127.0.0.1:{}{}", &url[..at], link.port, &url[end..]);
    let engine = Engine::Postgres { url, max_connections: 4 };
    let settings = StoreSettings { auto_migrate: false, ..StoreSettings::new(engine) };
    (fixture.try_open(settings).await.unwrap(), link)
}

async fn every_request_hears_that_the_database_is_away(fixture: &Fixture, store: &Store) {
    let (now, gone) = (fixture.clock.now(), StoreError::Unavailable);
    let redeemed = timeout(ANSWER, store.redeem(redemption(fixture, "lost"))).await.unwrap();
    assert_eq!(redeemed, Err(gone));
    let reserved = timeout(ANSWER, store.reserve(vec![spend("a", 1)], now)).await.unwrap();
    assert_eq!(reserved, Err(gone));
    let revoked = event(fixture, AuditKind::GrantRevoked);
    assert_eq!(timeout(ANSWER, store.append(revoked)).await.unwrap(), Err(gone));
    let found = timeout(ANSWER, store.lookup(&subscriber("ana"))).await.unwrap();
    assert_eq!(found.unwrap_err(), gone);
    assert_eq!(timeout(ANSWER, store.health(now)).await.unwrap(), Health::Down(gone));
}

async fn reads_and_writes_come_back(fixture: &Fixture, store: &Store, id: &str) {
    let recovered = async {
        while store.redeem(redemption(fixture, id)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        while store.lookup(&subscriber("ana")).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(RECOVERY, recovered).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_link_falls_silent_answers_soon_and_recovers_soon_t_243() {
    let fixture = Fixture::postgresql();
    let (store, link) = node_behind_a_link(&fixture).await;
    reads_and_writes_come_back(&fixture, &store, "g0").await;
    for round in 1..=2 {
        link.fall_silent(true);
        for _ in 0..3 {
            every_request_hears_that_the_database_is_away(&fixture, &store).await;
        }
        link.fall_silent(false);
        reads_and_writes_come_back(&fixture, &store, &format!("g{round}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_take_longer_than_a_request_may_wait_are_made_all_the_same_t_243() {
    let fixture = Fixture::postgresql();
    let (store, link) = node_behind_a_link(&fixture).await;
    link.delay.store(700, Ordering::SeqCst);
    link.fall_silent(true);
    every_request_hears_that_the_database_is_away(&fixture, &store).await;
    link.fall_silent(false);
    reads_and_writes_come_back(&fixture, &store, "g1").await;
}
