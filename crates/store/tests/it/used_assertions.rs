//! What a client has signed is good once (T-061).

use std::time::Duration;

use fiador_kernel::{Clock as _, Digest};
use fiador_ports::{Maintenance as _, Replay as _, SignedPurpose};
use tokio::task::JoinSet;

use crate::sample::client;

const ASSERTION: SignedPurpose = SignedPurpose::ClientAssertion;

contract! {
    async fn the_first_use_is_the_only_one(fixture: &Fixture) {
        let store = fixture.open().await;
        let (bank, jti, dead) =
            (client("bank"), Digest::of("jti"), fixture.clock.now() + Duration::from_mins(5));
        assert_eq!(store.first_use(ASSERTION, &bank, jti, dead).await, Ok(true));
        assert_eq!(store.first_use(ASSERTION, &bank, jti, dead).await, Ok(false));
        let store = fixture.reopen(store).await;
        assert_eq!(store.first_use(ASSERTION, &bank, jti, dead).await, Ok(false), "T-246");
    }

    async fn clients_and_purposes_do_not_share_their_names(fixture: &Fixture) {
        let store = fixture.open().await;
        let (jti, dead) = (Digest::of("jti"), fixture.clock.now() + Duration::from_mins(5));
        for (purpose, id) in [
            (ASSERTION, "bank"),
            (ASSERTION, "shop"),
            (SignedPurpose::RequestObject, "bank"),
        ] {
            assert_eq!(store.first_use(purpose, &client(id), jti, dead).await, Ok(true));
        }
    }

    async fn of_parallel_uses_exactly_one_is_the_first(fixture: &Fixture) {
        let store = fixture.open().await;
        let dead = fixture.clock.now() + Duration::from_mins(5);
        let mut uses = JoinSet::new();
        for _ in 0..100 {
            let store = store.clone();
            uses.spawn(async move {
                store.first_use(ASSERTION, &client("bank"), Digest::of("jti"), dead).await.unwrap()
            });
        }
        let first = uses.join_all().await.into_iter().filter(|first| *first).count();
        assert_eq!(first, 1);
    }

    async fn a_use_is_forgotten_once_nobody_would_accept_it(fixture: &Fixture) {
        let store = fixture.open().await;
        let dead = fixture.clock.now() + Duration::from_mins(5);
        store.first_use(ASSERTION, &client("bank"), Digest::of("jti"), dead).await.unwrap();
        fixture.clock.advance(Duration::from_mins(5).saturating_sub(Duration::from_micros(1)));
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(fixture.number("SELECT COUNT(*) FROM used_assertions").await, 1);
        fixture.clock.advance(Duration::from_micros(1));
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(fixture.number("SELECT COUNT(*) FROM used_assertions").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_uses_over_two_nodes_one_is_the_first() {
    let fixture = crate::fixture::Fixture::postgresql();
    let nodes = [fixture.open().await, fixture.open().await];
    let dead = fixture.clock.now() + Duration::from_mins(5);
    let mut uses = JoinSet::new();
    for number in 0..200 {
        let node = nodes[number % 2].clone();
        uses.spawn(async move {
            node.first_use(ASSERTION, &client("bank"), Digest::of("jti"), dead).await.unwrap()
        });
    }
    assert_eq!(uses.join_all().await.into_iter().filter(|first| *first).count(), 1);
}
