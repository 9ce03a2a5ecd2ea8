//! A code is exchanged once (T-033, T-036, T-240, T-242).

use fiador_domain::{audit::AuditKind, token::Epochs};
use fiador_kernel::{OsEntropy, Pcr};
use fiador_ports::{Grants as _, Redeemed, Revocations as _};
use tokio::task::JoinSet;

use crate::sample::{client, event, grant, redemption, redemption_of, subscriber};

fn is_fresh(redeemed: &Redeemed) -> bool {
    matches!(redeemed, Redeemed::Fresh { .. })
}

contract! {
    async fn a_code_is_good_for_one_exchange_only_t_033(fixture: &Fixture) {
        let store = fixture.open().await;
        let first = redemption(fixture, "g1");
        let fresh = store.redeem(first.clone()).await.unwrap();
        let expected = Redeemed::Fresh { pcr: first.pcr_candidate.clone(), epochs: Epochs::default() };
        assert_eq!(fresh, expected);
        assert_eq!(store.redeem(first.clone()).await, Ok(Redeemed::Spent));
        assert_eq!(store.redeem(first).await, Ok(Redeemed::Spent));
        assert!(is_fresh(&store.redeem(redemption(fixture, "g2")).await.unwrap()));
    }

    async fn a_second_exchange_ends_what_the_first_gave_t_036(fixture: &Fixture) {
        let store = fixture.open().await;
        let first = redemption(fixture, "g1");
        let (ana, bank, grant) = (subscriber("ana"), client("bank"), grant("g1"));
        let Redeemed::Fresh { epochs: born, .. } = store.redeem(first.clone()).await.unwrap() else {
            panic!("the first exchange must win")
        };
        assert!(born.still_holds(store.epochs(&ana, &bank, &grant, None).await.unwrap()));
        assert_eq!(store.redeem(first).await, Ok(Redeemed::Spent));
        assert!(!born.still_holds(store.epochs(&ana, &bank, &grant, None).await.unwrap()));
        assert_eq!(fixture.number("SELECT COUNT(*) FROM audit WHERE kind = 'code_replayed'").await, 1);
    }

    async fn of_parallel_exchanges_of_one_code_exactly_one_wins_t_033(fixture: &Fixture) {
        let store = fixture.open().await;
        let mut exchanges = JoinSet::new();
        for _ in 0..200 {
            let store = store.clone();
            let redemption = redemption(fixture, "g1");
            exchanges.spawn(async move { store.redeem(redemption).await.unwrap() });
        }
        let outcomes = exchanges.join_all().await;
        assert_eq!(outcomes.iter().filter(|o| is_fresh(o)).count(), 1);
        assert_eq!(outcomes.iter().filter(|o| **o == Redeemed::Spent).count(), 199);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM spent_codes").await, 1);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM audit WHERE kind = 'tokens_issued'").await, 1);
    }

    async fn many_codes_in_one_batch_each_get_their_own_answer(fixture: &Fixture) {
        let store = fixture.open().await;
        let mut exchanges = JoinSet::new();
        for number in 0..300 {
            let store = store.clone();
            let redemption = redemption_of(fixture, &format!("g{number}"), &format!("s{number}"));
            exchanges.spawn(async move {
                let candidate = redemption.pcr_candidate.clone();
                (candidate, store.redeem(redemption).await.unwrap())
            });
        }
        for (candidate, outcome) in exchanges.join_all().await {
            assert_eq!(outcome, Redeemed::Fresh { pcr: candidate, epochs: Epochs::default() });
        }
    }

    async fn a_code_made_before_its_subscriber_was_ended_is_refused(fixture: &Fixture) {
        let store = fixture.open().await;
        store.end_subscriber(&subscriber("ana"), event(fixture, AuditKind::GrantRevoked)).await.unwrap();
        let before = fixture.number("SELECT COUNT(*) FROM audit").await;
        assert_eq!(store.redeem(redemption(fixture, "g1")).await, Ok(Redeemed::Ended));
        assert_eq!(fixture.number("SELECT COUNT(*) FROM spent_codes").await, 0);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM pcrs").await, 0);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM audit").await, before);

        let mut later = redemption(fixture, "g2");
        later.epochs = store.epochs(&later.subscriber, &later.client, &later.grant, None).await.unwrap();
        assert!(is_fresh(&store.redeem(later).await.unwrap()));
    }

    async fn a_code_made_before_its_client_or_grant_was_ended_is_refused(fixture: &Fixture) {
        let store = fixture.open().await;
        let code = redemption(fixture, "g1");
        let revoked = event(fixture, AuditKind::GrantRevoked);
        store.end_grant(&code.grant, code.tokens_expire_at, revoked.clone()).await.unwrap();
        assert_eq!(store.redeem(code).await, Ok(Redeemed::Ended));
        store.end_client(&client("bank"), revoked).await.unwrap();
        assert_eq!(store.redeem(redemption(fixture, "g2")).await, Ok(Redeemed::Ended));
    }

    async fn a_pseudonym_that_somebody_else_has_costs_a_retry_and_not_the_code(fixture: &Fixture) {
        let store = fixture.open().await;
        let first = redemption_of(fixture, "g1", "ana");
        let mut second = redemption_of(fixture, "g2", "ben");
        second.pcr_candidate = first.pcr_candidate.clone();
        assert!(is_fresh(&store.redeem(first).await.unwrap()));
        assert!(store.redeem(second.clone()).await.is_err());
        second.pcr_candidate = Pcr::random(&OsEntropy);
        assert!(is_fresh(&store.redeem(second).await.unwrap()));
    }

    async fn a_spent_code_stays_spent_over_a_restart_t_246(fixture: &Fixture) {
        let store = fixture.open().await;
        let code = redemption(fixture, "g1");
        assert!(is_fresh(&store.redeem(code.clone()).await.unwrap()));
        let store = fixture.reopen(store).await;
        assert_eq!(store.redeem(code).await, Ok(Redeemed::Spent));
    }
}
