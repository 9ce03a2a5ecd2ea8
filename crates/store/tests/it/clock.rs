//! A node whose clock is behind does not serve (T-244).

use std::time::Duration;

use fiador_domain::audit::AuditKind;
use fiador_kernel::{Clock as _, Digest};
use fiador_ports::{
    AuditLog as _, Budgets as _, Consents, Grants as _, Health, LoginSessions, Maintenance as _,
    Redeemed, Revocations as _, StoreError, Subscribers as _,
};
use fiador_store::Store;

use crate::{
    budgets::spend,
    sample::{client, event, grant, redemption, subscriber},
};

contract! {
    async fn a_clock_that_steps_back_stops_the_node_until_it_is_right_again(fixture: &Fixture) {
        let store = fixture.open().await;
        store.redeem(redemption(fixture, "g1")).await.unwrap();
        fixture.clock.step_back(Duration::from_secs(6));
        let now = fixture.clock.now();
        let behind = StoreError::ClockBehind;
        assert_eq!(store.redeem(redemption(fixture, "g2")).await, Err(behind));
        assert_eq!(store.reserve(vec![spend("a", 1)], now).await, Err(behind));
        assert_eq!(store.check(&spend("a", 1), now).await, Err(behind));
        assert_eq!(
            store.epochs(&subscriber("ana"), &client("bank"), &grant("g1"), None).await,
            Err(behind)
        );
        assert_eq!(
            LoginSessions::find(&*store, Digest::of("cookie"), now).await.unwrap_err(),
            behind
        );
        assert_eq!(
            Consents::find(&*store, &subscriber("ana"), &client("bank")).await,
            Err(behind)
        );
        assert_eq!(store.lookup(&subscriber("ana")).await.unwrap_err(), behind);
        assert_eq!(store.append(event(fixture, AuditKind::GrantRevoked)).await, Err(behind));
        assert_eq!(store.health(now).await, Health::Down(behind));

        fixture.clock.advance(Duration::from_secs(3));
        assert!(store.redeem(redemption(fixture, "g2")).await.is_ok());
    }

    async fn the_highest_time_is_remembered_over_a_restart(fixture: &Fixture) {
        let store = fixture.open().await;
        store.redeem(redemption(fixture, "g1")).await.unwrap();
        fixture.clock.step_back(Duration::from_secs(6));
        let store = fixture.reopen(store).await;
        assert_eq!(store.redeem(redemption(fixture, "g2")).await, Err(StoreError::ClockBehind));
    }

    async fn a_jump_ahead_is_refused_and_reaches_no_other_node_t_244(fixture: &Fixture) {
        let store = fixture.open().await;
        store.redeem(redemption(fixture, "g1")).await.unwrap();
        let highest = "SELECT highest FROM clock";
        let before = fixture.number(highest).await;
        fixture.clock.jump_ahead(Duration::from_hours(24));
        let now = fixture.clock.now();
        let ahead = StoreError::ClockAhead;
        assert_eq!(store.redeem(redemption(fixture, "g2")).await, Err(ahead));
        assert_eq!(store.reserve(vec![spend("a", 1)], now).await, Err(ahead));
        assert_eq!(store.health(now).await, Health::Down(ahead));
        assert_eq!(fixture.number(highest).await, before, "it is not written down");

        fixture.clock.undo_jumps();
        fixture.clock.advance(Duration::from_secs(2));
        assert!(store.redeem(redemption(fixture, "g2")).await.is_ok());
    }

    async fn time_that_passed_is_no_jump_however_much_it_was_t_244(fixture: &Fixture) {
        let store = fixture.open().await;
        store.redeem(redemption(fixture, "g1")).await.unwrap();
        fixture.clock.advance(Duration::from_hours(24));
        assert!(store.redeem(redemption(fixture, "g2")).await.is_ok(), "the machine slept");
        fixture.clock.jump_ahead(Duration::from_secs(4));
        assert!(store.redeem(redemption(fixture, "g3")).await.is_ok(), "within the leeway");

        fixture.clock.jump_ahead(Duration::from_hours(1));
        assert!(store.redeem(redemption(fixture, "g4")).await.is_err());
        let store = fixture.reopen(store).await;
        assert!(store.redeem(redemption(fixture, "g4")).await.is_ok(), "a restart vouches for it");
    }

    async fn a_clock_that_is_set_right_after_the_start_serves_t_244(fixture: &Fixture) {
        let store = fixture.open().await;
        store.redeem(redemption(fixture, "g1")).await.unwrap();
        fixture.clock.step_back(Duration::from_hours(1));
        let store = fixture.reopen(store).await;
        assert_eq!(store.redeem(redemption(fixture, "g2")).await, Err(StoreError::ClockBehind));
        fixture.clock.jump_ahead(Duration::from_hours(2));
        assert!(store.redeem(redemption(fixture, "g2")).await.is_ok());
    }

    async fn after_a_wrong_time_a_reset_lets_the_nodes_serve_again_t_244(fixture: &Fixture) {
        fixture.clock.advance(Duration::from_hours(24));
        let store = fixture.open().await;
        store.redeem(redemption(fixture, "g1")).await.unwrap();
        fixture.clock.step_back(Duration::from_hours(24));
        let store = fixture.reopen(store).await;
        assert_eq!(store.redeem(redemption(fixture, "g2")).await, Err(StoreError::ClockBehind));
        assert!(StoreError::ClockBehind.to_string().contains("fiador clock reset"));
        store.close().await;
        drop(store);

        Store::reset_clock(&fixture.settings(), &fixture.clock).await.unwrap();
        let store = fixture.open().await;
        assert!(store.redeem(redemption(fixture, "g2")).await.is_ok());
        assert_eq!(store.redeem(redemption(fixture, "g1")).await, Ok(Redeemed::Spent));
    }

    async fn a_small_difference_between_clocks_is_borne(fixture: &Fixture) {
        let store = fixture.open().await;
        store.redeem(redemption(fixture, "g1")).await.unwrap();
        fixture.clock.step_back(Duration::from_secs(4));
        assert!(store.redeem(redemption(fixture, "g2")).await.is_ok());
    }

    async fn the_time_is_written_once_per_second_at_most(fixture: &Fixture) {
        let store = fixture.open().await;
        let highest = "SELECT highest FROM clock";
        store.append(event(fixture, AuditKind::GrantRevoked)).await.unwrap();
        let first = fixture.number(highest).await;
        fixture.clock.advance(Duration::from_millis(900));
        store.append(event(fixture, AuditKind::GrantRevoked)).await.unwrap();
        assert_eq!(fixture.number(highest).await, first);
        fixture.clock.advance(Duration::from_millis(100));
        store.append(event(fixture, AuditKind::GrantRevoked)).await.unwrap();
        assert_eq!(fixture.number(highest).await, first + 1_000_000);
    }
}
