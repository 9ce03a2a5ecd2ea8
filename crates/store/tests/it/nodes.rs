//! Two nodes of a cluster over one PostgreSQL database.

use std::{collections::HashSet, time::Duration};

use fiador_domain::{audit::AuditKind, quota::Limit};
use fiador_kernel::{Clock as _, ScopeSet};
use fiador_ports::{
    AuditLog as _, Budgets as _, Consents as _, Grants as _, KeyStore as _, Redeemed, Reservation,
    Revocations as _, Spend, StoreError,
};
use fiador_store::StoreSettings;
use fiador_testkit::TestClock;
use tokio::task::JoinSet;

use crate::{
    fixture::Fixture,
    keys::key,
    sample::{
        begins, client, consent, event, grant, redemption, redemption_of, session, subscriber,
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_exchanges_of_one_code_over_two_nodes_one_wins_t_033() {
    let fixture = Fixture::postgresql();
    let nodes = [fixture.open().await, fixture.open().await];
    let mut exchanges = JoinSet::new();
    for number in 0..200 {
        let node = nodes[number % 2].clone();
        let redemption = redemption(&fixture, "g1");
        exchanges.spawn(async move { node.redeem(redemption).await.unwrap() });
    }
    let outcomes = exchanges.join_all().await;
    let fresh = outcomes.iter().filter(|o| matches!(o, Redeemed::Fresh { .. })).count();
    let spent = outcomes.iter().filter(|o| **o == Redeemed::Spent).count();
    assert_eq!((fresh, spent), (1, 199));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_first_logins_over_two_nodes_make_one_pseudonym_t_067() {
    let fixture = Fixture::postgresql();
    let nodes = [fixture.open().await, fixture.open().await];
    let mut logins = JoinSet::new();
    for number in 0..100 {
        let node = nodes[number % 2].clone();
        let redemption =
            redemption_of(&fixture, &format!("g{number}"), &format!("s{}", number / 20));
        logins.spawn(async move {
            let who = redemption.subscriber.clone();
            match node.redeem(redemption).await.unwrap() {
                Redeemed::Fresh { pcr, .. } => (who, pcr),
                other => panic!("{other:?}"),
            }
        });
    }
    let seen: HashSet<_> = logins.join_all().await.into_iter().collect();
    assert_eq!(seen.len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_hold_over_two_nodes_t_103() {
    let fixture = Fixture::postgresql();
    let nodes = [fixture.open().await, fixture.open().await];
    let now = fixture.clock.now();
    let limit = |key: String, count| Spend { key, limits: vec![Limit::per_seconds(count, 600)] };
    let mut uses = JoinSet::new();
    for number in 0..300_usize {
        let node = nodes[number % 2].clone();
        let mut wanted =
            vec![limit("client:bank".to_owned(), 50), limit(format!("number:{}", number % 30), 3)];
        if number % 3 == 0 {
            wanted.reverse();
        }
        uses.spawn(async move { node.reserve(wanted, now).await.unwrap() });
    }
    let outcomes = uses.join_all().await;
    assert_eq!(outcomes.iter().filter(|o| **o == Reservation::Granted).count(), 50);
    for number in 0..30 {
        let over = nodes[0].check(&limit(format!("number:{number}"), 4), now).await.unwrap();
        assert_eq!(over, Reservation::Granted, "no number was used more than three times");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_is_seen_by_every_node_at_once_t_056() {
    let fixture = Fixture::postgresql();
    let (one, two) = (fixture.open().await, fixture.open().await);
    let (ana, bank) = (subscriber("ana"), client("bank"));
    for number in 1..=20_u32 {
        let g = grant(&format!("g{number}"));
        let revoked = || event(&fixture, AuditKind::GrantRevoked);
        one.end_grant(&g, fixture.clock.now(), revoked()).await.unwrap();
        assert_eq!(two.epochs(&ana, &bank, &g, None).await.unwrap().grant, 1);
        two.end_client(&bank, revoked()).await.unwrap();
        assert_eq!(one.epochs(&ana, &bank, &g, None).await.unwrap().client, number);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consents_given_over_two_nodes_at_once_add_up() {
    let fixture = Fixture::postgresql();
    let nodes = [fixture.open().await, fixture.open().await];
    let scopes = ["address", "email", "phone", "profile"];
    let mut logins = JoinSet::new();
    for (number, scope) in scopes.iter().enumerate() {
        let node = nodes[number % 2].clone();
        let mut code = redemption(&fixture, &format!("g{number}"));
        code.consent = Some(consent(&fixture, scope));
        logins.spawn(async move { node.redeem(code).await.unwrap() });
    }
    logins.join_all().await;
    let found = nodes[0].find(&subscriber("ana"), &client("bank")).await.unwrap().unwrap();
    assert_eq!(found.scopes, ScopeSet::parse(&scopes.join(" ")).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_agree_on_one_key_per_purpose() {
    let fixture = Fixture::postgresql();
    let now = fixture.clock.now();
    for round in 0..10 {
        let nodes = [fixture.open().await, fixture.open().await];
        let mut starts = JoinSet::new();
        for (number, node) in nodes.iter().enumerate() {
            let (node, purpose) = (node.clone(), format!("purpose{round}"));
            let key = key(&format!("k{round}-{number}"), &purpose, now);
            starts.spawn(async move { node.add_missing(vec![key]).await.unwrap() });
        }
        starts.join_all().await;
        assert_eq!(nodes[0].list().await.unwrap().len(), round + 1);
        assert_eq!(nodes[0].list().await, nodes[1].list().await);
        for node in nodes {
            node.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_migrate_once() {
    let fixture = Fixture::postgresql();
    let impatient = StoreSettings::new(fixture.settings().engine);
    let (one, two) =
        tokio::join!(fixture.try_open(impatient.clone()), fixture.try_open(impatient.clone()));
    assert!(one.is_ok() && two.is_ok(), "waiting for the other's migration has no deadline");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_clock_is_behind_the_others_refuses_its_write_t_244() {
    let fixture = Fixture::postgresql();
    let ahead = fixture.open().await;
    let late = TestClock::at(fixture.clock.now());
    let behind = fiador_store::Store::open(fixture.settings(), std::sync::Arc::new(late.clone()))
        .await
        .unwrap();
    behind.redeem(redemption(&fixture, "g1")).await.unwrap();

    fixture.clock.advance(Duration::from_mins(1));
    ahead.append(event(&fixture, AuditKind::GrantRevoked)).await.unwrap();
    late.advance(Duration::from_secs(2));
    assert_eq!(behind.redeem(redemption(&fixture, "g2")).await, Err(StoreError::ClockBehind));
    assert_eq!(fixture.number("SELECT COUNT(*) FROM spent_codes").await, 1);
    late.set(fixture.clock.now());
    assert!(behind.redeem(redemption(&fixture, "g2")).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_item_that_the_database_refuses_hurts_no_other_in_its_batch() {
    let fixture = Fixture::postgresql();
    let store = fixture.open().await;
    let mut events = JoinSet::new();
    for number in 0..60 {
        let store = store.clone();
        let mut event = event(&fixture, AuditKind::GrantRevoked);
        // PostgreSQL stores no zero octet in a text.
        event.detail = (number % 20 == 7).then(|| "\0".to_owned());
        events.spawn(async move { (number, store.append(event).await) });
    }
    for (number, outcome) in events.join_all().await {
        assert_eq!(outcome.is_err(), number % 20 == 7, "event {number}: {outcome:?}");
    }
    assert_eq!(fixture.number("SELECT COUNT(*) FROM audit").await, 57);
}

/// PostgreSQL tells in `xmin` which transaction wrote a row.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exchange_is_one_commit_with_all_it_writes() {
    let fixture = Fixture::postgresql();
    let store = fixture.open().await;
    let mut code = redemption(&fixture, "g1");
    code.consent = Some(consent(&fixture, "email"));
    let code = begins(code, session(&fixture, "cookie"));
    store.redeem(code).await.unwrap();
    let commits = "SELECT COUNT(DISTINCT x) FROM (SELECT xmin::text AS x FROM spent_codes \
        UNION ALL SELECT xmin::text FROM pcrs UNION ALL SELECT xmin::text FROM consents \
        UNION ALL SELECT xmin::text FROM login_sessions UNION ALL SELECT xmin::text FROM audit) \
        AS written";
    assert_eq!(fixture.number(commits).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_that_come_together_share_commits() {
    let fixture = Fixture::postgresql();
    let store = fixture.open().await;
    let mut logins = JoinSet::new();
    for number in 0..400 {
        let store = store.clone();
        let code = redemption_of(&fixture, &format!("g{number}"), &format!("s{number}"));
        logins.spawn(async move { store.redeem(code).await.unwrap() });
    }
    logins.join_all().await;
    let commits = fixture.number("SELECT COUNT(DISTINCT xmin::text) FROM spent_codes").await;
    assert!(commits < 100, "400 exchanges took {commits} commits");
}

#[tokio::test]
async fn a_standby_is_refused_because_it_answers_from_the_past_t_240() {
    let fixture = Fixture::postgresql();
    fixture.open().await.close().await;
    fixture
        .execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only \
             = on', current_database()); END $$",
        )
        .await;
    let settings = StoreSettings { auto_migrate: false, ..fixture.settings() };
    let Err(refused) = fixture.try_open(settings).await else { panic!("it must be refused") };
    assert!(refused.to_string().contains("primary"), "{refused}");
}
