//! Families of refresh tokens (T-050 to T-056).

use std::time::Duration;

use fiador_domain::{
    audit::AuditKind,
    refresh::{ABSOLUTE, IDLE, RefreshContent, RefreshFamily, Rotation},
    token::Epochs,
};
use fiador_kernel::{Clock as _, Digest, ScopeSet};
use fiador_ports::{
    ClientEpochs as _, Consents as _, Grants as _, LoginSessions as _, Maintenance as _,
    NewRefreshFamily, Redeemed, Redemption, RefreshTokens as _, RefreshUse, RefreshUsed,
    Revocations as _,
};
use fiador_store::Store;
use tokio::task::JoinSet;

use crate::{
    fixture::Fixture,
    sample::{
        TOKENS_LIVE, client, event, evidence, grant, redemption, sector, session, subscriber,
    },
};

/// A code that begins the family `name`.
fn with_family(fixture: &Fixture, code: Redemption, name: &str) -> Redemption {
    let now = fixture.clock.now();
    let evidence = evidence(now);
    let content = RefreshContent {
        grant: code.grant.clone(),
        client: code.client.clone(),
        subscriber: code.subscriber.clone(),
        session: code.session,
        sector: sector("bank.example"),
        scopes: ScopeSet::parse("openid offline_access").unwrap(),
        acr: Some(evidence.level),
        level: evidence.level,
        authenticator: evidence.authenticator,
        amr_mobile_connect: evidence.amr_mobile_connect,
        amr_rfc8176: evidence.amr_rfc8176,
        authenticated_at: now,
        hashed_login_hint: None,
    };
    let token = Digest::of(format!("{name} 0"));
    let family = NewRefreshFamily { id: Digest::of(name), token, content, begun_at: now };
    Redemption { refresh: Some(family), ..code }
}

async fn begin(fixture: &Fixture, store: &Store, id: &str) -> RefreshFamily {
    let code = with_family(fixture, redemption(fixture, id), id);
    assert!(matches!(store.redeem(code).await, Ok(Redeemed::Fresh { .. })));
    find(fixture, store, id).await.unwrap()
}

async fn find(fixture: &Fixture, store: &Store, name: &str) -> Option<RefreshFamily> {
    store.find_family(Digest::of(name), fixture.clock.now()).await.unwrap()
}

fn used(fixture: &Fixture, family: &RefreshFamily, next: Option<&str>) -> RefreshUse {
    let rotation = next.map(|next| Rotation { next: Digest::of(next), seed: Digest::of("seed") });
    let audit = event(fixture, AuditKind::TokensRefreshed);
    RefreshUse { family: family.clone(), rotation, now: fixture.clock.now(), audit }
}

contract! {
    async fn a_family_begins_with_its_code_and_reads_back(fixture: &Fixture) {
        let store = fixture.open().await;
        let code = with_family(fixture, redemption(fixture, "g"), "g");
        let begun = code.refresh.clone().unwrap();
        store.redeem(code.clone()).await.unwrap();
        let family = find(fixture, &store, "g").await.unwrap();
        assert_eq!((family.content, family.current), (begun.content, begun.token));
        assert_eq!((family.generation, family.replaced), (0, None));
        assert_eq!((family.begun_at, family.used_at), (begun.begun_at, begun.begun_at));

        assert_eq!(store.redeem(code).await, Ok(Redeemed::Spent));
        assert_eq!(find(fixture, &store, "g").await, None, "a code spent twice ends it (T-036)");
    }

    async fn a_code_that_is_refused_begins_nothing(fixture: &Fixture) {
        let store = fixture.open().await;
        store.end_client(&client("bank"), event(fixture, AuditKind::GrantRevoked)).await.unwrap();
        let code = with_family(fixture, redemption(fixture, "g"), "g");
        assert_eq!(store.redeem(code).await, Ok(Redeemed::Ended));
        assert_eq!(find(fixture, &store, "g").await, None);
    }

    async fn a_use_replaces_the_token_and_remembers_the_one_before(fixture: &Fixture) {
        let store = fixture.open().await;
        let family = begin(fixture, &store, "g").await;
        fixture.clock.advance(Duration::from_hours(1));
        let fresh = store.use_family(used(fixture, &family, Some("g 1"))).await.unwrap();
        assert_eq!(fresh, RefreshUsed::Fresh { epochs: family.epochs });
        let after = find(fixture, &store, "g").await.unwrap();
        let replaced = after.replaced.unwrap();
        assert_eq!((after.generation, after.current), (1, Digest::of("g 1")));
        assert_eq!((replaced.token, replaced.seed), (family.current, Digest::of("seed")));
        assert_eq!((replaced.at, after.used_at), (fixture.clock.now(), fixture.clock.now()));
        assert_eq!(after.content, family.content);
        assert_eq!(
            fixture.number("SELECT COUNT(*) FROM audit WHERE kind = 'tokens_refreshed'").await,
            1
        );
        assert_eq!(fixture.number("SELECT COUNT(*) FROM refresh_families").await, 1);
    }

    async fn a_use_of_what_has_changed_since_writes_nothing(fixture: &Fixture) {
        let store = fixture.open().await;
        let family = begin(fixture, &store, "g").await;
        store.use_family(used(fixture, &family, Some("g 1"))).await.unwrap();
        for next in [Some("g 1b"), None] {
            let again = store.use_family(used(fixture, &family, next)).await;
            assert_eq!(again, Ok(RefreshUsed::Changed));
        }
        assert_eq!(find(fixture, &store, "g").await.unwrap().current, Digest::of("g 1"));
    }

    async fn of_parallel_rotations_exactly_one_wins_t_051(fixture: &Fixture) {
        let store = fixture.open().await;
        let family = begin(fixture, &store, "g").await;
        let mut rotations = JoinSet::new();
        for number in 0..100 {
            let (store, used) =
                (store.clone(), used(fixture, &family, Some(&format!("next {number}"))));
            rotations.spawn(async move { store.use_family(used).await.unwrap() });
        }
        let outcomes = rotations.join_all().await;
        let fresh = outcomes.iter().filter(|o| matches!(o, RefreshUsed::Fresh { .. })).count();
        let changed = outcomes.iter().filter(|o| **o == RefreshUsed::Changed).count();
        assert_eq!((fresh, changed), (1, 99));
    }

    async fn whatever_ends_the_grant_ends_its_family_t_056(fixture: &Fixture) {
        let store = fixture.open().await;
        let revoked = || event(fixture, AuditKind::GrantRevoked);
        let dead = fixture.clock.now() + TOKENS_LIVE;
        let other = begin(fixture, &store, "other").await;
        let family = begin(fixture, &store, "g").await;
        store.end_grant(&grant("g"), dead, revoked()).await.unwrap();
        assert_eq!(find(fixture, &store, "g").await, None);
        let late = store.use_family(used(fixture, &family, None)).await;
        assert_eq!(late, Ok(RefreshUsed::Ended), "read before the end, used after it");
        let fresh = store.use_family(used(fixture, &other, None)).await;
        assert!(matches!(fresh, Ok(RefreshUsed::Fresh { .. })), "another grant goes on");
    }

    async fn ends_of_subscriber_client_and_consent_refuse_every_later_use(fixture: &Fixture) {
        let store = fixture.open().await;
        let revoked = || event(fixture, AuditKind::GrantRevoked);
        let (ana, bank) = (subscriber("ana"), client("bank"));
        for number in 0..3 {
            let code = redemption(fixture, &format!("g{number}"));
            let epochs = store.epochs(&ana, &bank, &code.grant, None).await.unwrap();
            let code = Redemption { epochs, ..with_family(fixture, code, "family") };
            store.redeem(code).await.unwrap();
            let family = find(fixture, &store, "family").await.unwrap();
            match number {
                0 => store.end_subscriber(&ana, revoked()).await.unwrap(),
                1 => store.end_client(&bank, revoked()).await.unwrap(),
                _ => store.withdraw(&ana, &bank, fixture.clock.now()).await.unwrap(),
            }
            // After weeks too: these counts are never forgotten.
            fixture.clock.advance(Duration::from_hours(24 * 3));
            store.reap(fixture.clock.now()).await.unwrap();
            let late = store.use_family(used(fixture, &family, None)).await;
            assert_eq!(late, Ok(RefreshUsed::Ended), "{number}");
            fixture.execute("DELETE FROM refresh_families").await;
        }
    }

    async fn a_logout_ends_the_families_of_the_session_and_no_others_t_056(fixture: &Fixture) {
        let store = fixture.open().await;
        let login = session(fixture, "cookie");
        let ended = event(fixture, AuditKind::SessionEnded);
        let code = Redemption { session: Some(login.id), ..redemption(fixture, "g") };
        store.redeem(with_family(fixture, code, "g")).await.unwrap();
        let other = begin(fixture, &store, "other").await;
        store.end(login.id, ended).await.unwrap();
        assert_eq!(find(fixture, &store, "g").await, None);
        assert_eq!(find(fixture, &store, "other").await, Some(other));
    }

    async fn a_family_that_slipped_past_a_logout_goes_when_the_logout_is_forgotten(fixture: &Fixture) {
        let store = fixture.open().await;
        let login = session(fixture, "cookie");
        let code = Redemption { session: Some(login.id), ..redemption(fixture, "g") };
        store.redeem(with_family(fixture, code, "g")).await.unwrap();
        fixture.execute("UPDATE refresh_families SET session = 'elsewhere'").await;
        store.end(login.id, event(fixture, AuditKind::SessionEnded)).await.unwrap();
        fixture.execute("UPDATE refresh_families SET session = (SELECT id FROM epochs WHERE kind = 'session')").await;
        let family = find(fixture, &store, "g").await.unwrap();
        let held = store.use_family(used(fixture, &family, None)).await;
        assert_eq!(held, Ok(RefreshUsed::Ended));
        fixture.clock.advance(Duration::from_hours(25));
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(find(fixture, &store, "g").await, None);
    }

    async fn a_family_ends_when_nobody_uses_it_and_after_its_longest_life_t_053(fixture: &Fixture) {
        let store = fixture.open().await;
        let mut family = begin(fixture, &store, "g").await;
        let begun = fixture.clock.now();
        let mut uses = 0;
        loop {
            fixture.clock.advance(IDLE.saturating_sub(Duration::from_micros(1)));
            match store.use_family(used(fixture, &family, None)).await.unwrap() {
                RefreshUsed::Fresh { .. } => uses += 1,
                other => {
                    assert_eq!(other, RefreshUsed::Changed);
                    break;
                }
            }
            family = find(fixture, &store, "g").await.unwrap();
        }
        assert_eq!(uses, ABSOLUTE.as_secs() / IDLE.as_secs());
        assert!(fixture.clock.now() >= begun + ABSOLUTE);
        assert_eq!(find(fixture, &store, "g").await, None);
        store.reap(fixture.clock.now()).await.unwrap();
        assert_eq!(fixture.number("SELECT COUNT(*) FROM refresh_families").await, 0);

        begin(fixture, &store, "idle").await;
        fixture.clock.advance(IDLE);
        assert_eq!(find(fixture, &store, "idle").await, None);
    }

    async fn what_a_client_holds_for_itself_is_ended_by_client_and_grant(fixture: &Fixture) {
        let store = fixture.open().await;
        let (bank, g) = (client("bank"), grant("g"));
        let revoked = || event(fixture, AuditKind::GrantRevoked);
        assert_eq!(store.client_epochs(&bank, &g).await, Ok(Epochs::default()));
        store.end_client(&bank, revoked()).await.unwrap();
        store.end_grant(&g, fixture.clock.now() + TOKENS_LIVE, revoked()).await.unwrap();
        let epochs = store.client_epochs(&bank, &g).await.unwrap();
        assert_eq!((epochs.subscriber, epochs.client, epochs.grant), (0, 1, 1));
        assert_eq!(store.client_epochs(&client("shop"), &grant("h")).await, Ok(Epochs::default()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_rotations_over_two_nodes_one_wins_t_051() {
    let fixture = Fixture::postgresql();
    let nodes = [fixture.open().await, fixture.open().await];
    let family = begin(&fixture, &nodes[0], "g").await;
    let mut rotations = JoinSet::new();
    for number in 0..200 {
        let node = nodes[number % 2].clone();
        let used = used(&fixture, &family, Some(&format!("next {number}")));
        rotations.spawn(async move { node.use_family(used).await.unwrap() });
    }
    let outcomes = rotations.join_all().await;
    assert_eq!(outcomes.iter().filter(|o| matches!(o, RefreshUsed::Fresh { .. })).count(), 1);
}

/// PostgreSQL tells in `xmin` which transaction wrote a row.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exchange_that_begins_a_family_and_a_use_of_it_are_one_commit_each() {
    let fixture = Fixture::postgresql();
    let store = fixture.open().await;
    let family = begin(&fixture, &store, "g").await;
    let commits = "SELECT COUNT(DISTINCT x) FROM (SELECT xmin::text AS x FROM refresh_families \
        UNION ALL SELECT xmin::text FROM audit UNION ALL SELECT xmin::text FROM spent_codes) \
        AS written";
    assert_eq!(fixture.number(commits).await, 1);
    store.use_family(used(&fixture, &family, Some("g 1"))).await.unwrap();
    assert_eq!(fixture.number(commits).await, 2);
}
