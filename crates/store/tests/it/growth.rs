//! After many logins the tables hold what is live and nothing more.

use std::time::Duration;

use fiador_domain::quota::Limit;
use fiador_kernel::Clock as _;
use fiador_ports::{Budgets as _, Grants as _, Maintenance as _, Spend};
use fiador_store::StoreSettings;
use tokio::task::JoinSet;

use crate::{
    fixture::Fixture,
    sample::{begins, redemption_of, session},
};

const ROUNDS: i64 = 40;
const LOGINS: i64 = 60;
const SUBSCRIBERS: i64 = 150;
const PAUSE: Duration = Duration::from_hours(4);

async fn round(fixture: &Fixture, store: &std::sync::Arc<fiador_store::Store>, round: i64) {
    let mut logins = JoinSet::new();
    for number in 0..LOGINS {
        let login = round * LOGINS + number;
        let who = format!("s{}", login % SUBSCRIBERS);
        let code = redemption_of(fixture, &format!("g{login}"), &who);
        let code = begins(code, session(fixture, &format!("cookie{login}")));
        let budget = Spend {
            key: format!("number:{who}"),
            limits: vec![Limit::per_seconds(3, 600), Limit::per_seconds(10, 86_400)],
        };
        let (store, now) = (store.clone(), fixture.clock.now());
        logins.spawn(async move {
            store.reserve(vec![budget], now).await.unwrap();
            store.redeem(code.clone()).await.unwrap();
            if number % 10 == 0 {
                store.redeem(code).await.unwrap();
            }
        });
    }
    logins.join_all().await;
}

contract! {
    async fn after_thousands_of_logins_only_live_rows_are_left(fixture: &Fixture) {
        let retention = Some(Duration::from_hours(24));
        let settings = StoreSettings { audit_retention: retention, ..fixture.settings() };
        let store = fixture.try_open(settings).await.unwrap();
        for number in 0..ROUNDS {
            round(fixture, &store, number).await;
            fixture.clock.advance(PAUSE);
            store.reap(fixture.clock.now()).await.unwrap();
        }
        // The last pause is over. Spent codes live 24 h 11 min: those of six rounds are left, as
        // are the ends of their replayed grants. Sessions idle out after 30 minutes.
        assert_eq!(fixture.number("SELECT COUNT(*) FROM spent_codes").await, 6 * LOGINS);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM epochs").await, 6 * LOGINS / 10);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM login_sessions").await, 0);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM pcrs").await, SUBSCRIBERS);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM clock").await, 1);
        assert!(fixture.number("SELECT COUNT(*) FROM budgets").await <= SUBSCRIBERS);
        let events_per_round = LOGINS + LOGINS / 10;
        assert_eq!(fixture.number("SELECT COUNT(*) FROM audit").await, 5 * events_per_round);

        fixture.clock.advance(Duration::from_hours(48));
        let reaped = store.reap(fixture.clock.now()).await.unwrap();
        assert!(!reaped.more);
        for count in [
            "SELECT COUNT(*) FROM spent_codes",
            "SELECT COUNT(*) FROM epochs",
            "SELECT COUNT(*) FROM budgets",
            "SELECT COUNT(*) FROM audit",
        ] {
            assert_eq!(fixture.number(count).await, 0, "{count}");
        }
        assert_eq!(fixture.number("SELECT COUNT(*) FROM pcrs").await, SUBSCRIBERS);
        assert_eq!(store.reap(fixture.clock.now()).await.unwrap().rows, 0);
    }
}
