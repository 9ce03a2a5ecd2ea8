//! One pseudonym for each subscription and sector (T-067).

use std::collections::HashSet;

use fiador_ports::{Grants as _, Pcrs as _, Redeemed};
use tokio::task::JoinSet;

use crate::sample::{redemption, redemption_of, sector, subscriber};

contract! {
    async fn a_pseudonym_is_made_at_the_first_login_and_kept(fixture: &Fixture) {
        let store = fixture.open().await;
        let (ana, bank) = (subscriber("ana"), sector("bank.example"));
        assert_eq!(store.find(&ana, &bank).await, Ok(None));
        let first = redemption(fixture, "g1");
        let pcr = first.pcr_candidate.clone();
        store.redeem(first).await.unwrap();
        let again = store.redeem(redemption(fixture, "g2")).await.unwrap();
        assert!(matches!(again, Redeemed::Fresh { pcr: kept, .. } if kept == pcr));
        assert_eq!(store.find(&ana, &bank).await, Ok(Some(pcr.clone())));
        assert_eq!(store.find_subscriber(&bank, &pcr).await, Ok(Some(ana)));
        assert_eq!(store.find_subscriber(&sector("shop.example"), &pcr).await, Ok(None));
    }

    async fn sectors_do_not_share_pseudonyms(fixture: &Fixture) {
        let store = fixture.open().await;
        let bank = redemption(fixture, "g1");
        let mut shop = redemption(fixture, "g2");
        shop.sector = sector("shop.example");
        let (at_bank, at_shop) = (store.redeem(bank).await.unwrap(), store.redeem(shop).await.unwrap());
        let (Redeemed::Fresh { pcr: one, .. }, Redeemed::Fresh { pcr: two, .. }) = (at_bank, at_shop)
        else { panic!("both codes are fresh") };
        assert_ne!(one, two);
    }

    async fn parallel_first_logins_make_exactly_one_pseudonym_t_067(fixture: &Fixture) {
        let store = fixture.open().await;
        let mut logins = JoinSet::new();
        for number in 0..100 {
            let store = store.clone();
            let redemption = redemption_of(fixture, &format!("g{number}"), "ana");
            logins.spawn(async move {
                match store.redeem(redemption).await.unwrap() {
                    Redeemed::Fresh { pcr, .. } => pcr,
                    other => panic!("{other:?}"),
                }
            });
        }
        let seen: HashSet<_> = logins.join_all().await.into_iter().collect();
        assert_eq!(seen.len(), 1);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM pcrs").await, 1);
    }
}
