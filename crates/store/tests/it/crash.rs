//! A process that is killed has forgotten nothing it acknowledged (T-242, T-246).

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
};

use fiador_domain::{audit::AuditKind, quota::Limit};
use fiador_kernel::Clock as _;
use fiador_ports::{Budgets as _, Grants as _, Redeemed, Reservation, Revocations as _, Spend};
use fiador_store::{Engine, Store, StoreSettings};
use tokio::task::JoinSet;

use crate::{
    fixture::Fixture,
    sample::{client, event, grant, redemption, subscriber},
};

const FILE: &str = "FIADOR_CRASH_TEST_FILE";

/// What the killed process does: it serves exchanges for ever and names each that it acknowledged.
/// Without the variable that names its file this is an ordinary run of the tests, where it checks
/// that one exchange is named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_victim_names_what_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let victim = std::env::var_os(FILE).map(PathBuf::from);
    let path = victim.clone().unwrap_or_else(|| folder.path().join("fiador.sqlite"));
    let fixture = Fixture::sqlite();
    let settings = StoreSettings { ..StoreSettings::new(Engine::Sqlite { path }) };
    let store = Store::open(settings, Arc::new(fixture.clock.clone())).await.unwrap();
    let rounds = if victim.is_some() { usize::MAX } else { 1 };
    for round in 0..rounds {
        let mut logins = JoinSet::new();
        for number in 0..8 {
            let id = format!("g{round}-{number}");
            let (store, now) = (store.clone(), fixture.clock.now());
            let code = redemption(&fixture, &id);
            let revoked = event(&fixture, AuditKind::GrantRevoked);
            logins.spawn(async move {
                let reserved = store.reserve(vec![once(&id)], now).await.unwrap();
                assert_eq!(reserved, Reservation::Granted);
                let redeemed = store.redeem(code.clone()).await.unwrap();
                assert!(matches!(redeemed, Redeemed::Fresh { .. }));
                store.end_grant(&code.grant, code.tokens_expire_at, revoked).await.unwrap();
                println!("acknowledged {id}");
            });
        }
        logins.join_all().await;
    }
}

fn once(id: &str) -> Spend {
    Spend { key: format!("number:{id}"), limits: vec![Limit::per_seconds(1, 600)] }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_before_a_kill_is_there_afterwards() {
    let fixture = Fixture::sqlite();
    let Engine::Sqlite { path } = fixture.settings().engine else { unreachable!() };
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::the_victim_names_what_it_acknowledged", "--nocapture"])
        .env(FILE, &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    for line in BufReader::new(victim.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let Some(at) = line.find("acknowledged ") else { continue };
        acknowledged.push(line[at + "acknowledged ".len()..].to_owned());
        if acknowledged.len() == 100 {
            // SIGKILL, in the middle of the next round.
            victim.kill().unwrap();
        }
    }
    victim.wait().unwrap();
    assert!(acknowledged.len() >= 100);

    let store = fixture.open().await;
    for id in acknowledged {
        let code = redemption(&fixture, &id);
        let now = fixture.clock.now();
        assert_eq!(store.redeem(code).await, Ok(Redeemed::Spent), "{id}");
        let reserved = store.reserve(vec![once(&id)], now).await.unwrap();
        assert!(matches!(reserved, Reservation::Refused { .. }), "{id}");
        let epochs =
            store.epochs(&subscriber("ana"), &client("bank"), &grant(&id), None).await.unwrap();
        assert_eq!(epochs.grant, 1, "{id}");
    }
}
