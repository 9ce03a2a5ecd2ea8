//! Consents (T-049, T-056).

use std::time::Duration;

use fiador_domain::consent::TEXT_VERSION;
use fiador_kernel::{Clock as _, ScopeSet};
use fiador_ports::{Consents as _, Grants as _, Redeemed, Revocations as _};

use crate::sample::{client, consent, grant, redemption, redemption_of, subscriber};

contract! {
    async fn scopes_add_up_under_one_text_and_start_anew_under_another(fixture: &Fixture) {
        let store = fixture.open().await;
        let (ana, bank) = (subscriber("ana"), client("bank"));
        assert_eq!(store.find(&ana, &bank).await, Ok(None));

        let mut first = redemption(fixture, "g1");
        let mut old = consent(fixture, "address");
        old.text_version = TEXT_VERSION + 7;
        first.consent = Some(old);
        store.redeem(first).await.unwrap();

        for (id, scopes) in [("g2", "email"), ("g3", "phone")] {
            fixture.clock.advance(Duration::from_secs(1));
            let mut next = redemption(fixture, id);
            next.consent = Some(consent(fixture, scopes));
            store.redeem(next).await.unwrap();
        }
        let mut expected = consent(fixture, "email phone");
        expected.scopes = ScopeSet::parse("email phone").unwrap();
        assert_eq!(store.find(&ana, &bank).await, Ok(Some(expected)));
    }

    async fn a_lost_exchange_stores_no_consent(fixture: &Fixture) {
        let store = fixture.open().await;
        store.redeem(redemption(fixture, "g1")).await.unwrap();
        let mut again = redemption(fixture, "g1");
        again.consent = Some(consent(fixture, "email"));
        assert_eq!(store.redeem(again).await, Ok(Redeemed::Spent));
        assert_eq!(store.find(&subscriber("ana"), &client("bank")).await, Ok(None));
    }

    async fn withdrawal_ends_the_tokens_and_codes_of_the_two_and_of_nobody_else(fixture: &Fixture) {
        let store = fixture.open().await;
        let (ana, ben) = (subscriber("ana"), subscriber("ben"));
        let (bank, shop) = (client("bank"), client("shop"));
        let mut code = redemption(fixture, "g1");
        code.consent = Some(consent(fixture, "email"));
        let on_its_way = redemption(fixture, "g2");
        let of_ben = redemption_of(fixture, "g3", "ben");
        let Redeemed::Fresh { epochs: born, .. } = store.redeem(code).await.unwrap() else {
            panic!("the code is fresh")
        };

        store.withdraw(&ana, &bank, fixture.clock.now()).await.unwrap();
        assert_eq!(store.find(&ana, &bank).await, Ok(None));
        assert!(!born.still_holds(store.epochs(&ana, &bank, &grant("g1"), None).await.unwrap()));
        assert!(born.still_holds(store.epochs(&ana, &shop, &grant("g1"), None).await.unwrap()));
        assert!(born.still_holds(store.epochs(&ben, &bank, &grant("g1"), None).await.unwrap()));
        assert_eq!(store.redeem(on_its_way).await, Ok(Redeemed::Ended));
        assert!(matches!(store.redeem(of_ben).await, Ok(Redeemed::Fresh { .. })));

        let mut anew = redemption(fixture, "g4");
        anew.epochs = store.epochs(&ana, &bank, &anew.grant, None).await.unwrap();
        assert!(matches!(store.redeem(anew).await, Ok(Redeemed::Fresh { .. })));
        assert_eq!(
            fixture.number("SELECT COUNT(*) FROM audit WHERE kind = 'consent_withdrawn'").await,
            1
        );
    }
}
