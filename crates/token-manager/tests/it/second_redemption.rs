//! A code is good for one exchange, and whoever tries a second ends the first (T-033, T-036).

use std::time::Duration;

use fiador_domain::audit::{AuditEvent, AuditKind};
use fiador_kernel::{ClientId, Clock, SubscriberId};
use fiador_ports::Revocations;

use crate::world::{BANK, REDIRECT_URI, SHOP, VERIFIER, World, exchange_form};

async fn first_exchange(world: &World, code: &str) -> String {
    let reply = world.exchange(BANK, code).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_second_redemption_ends_what_the_first_gave() {
    let world = World::new();
    let code = world.code(BANK);
    let token = first_exchange(&world, &code).await;
    assert!(world.is_active(&token).await);
    let second = world.exchange(BANK, &code).await;
    second.expect_error(400, "invalid_grant", "The code is invalid, expired or already used");
    assert!(!world.is_active(&token).await);
}

#[tokio::test]
async fn of_parallel_redemptions_one_wins() {
    let world = World::new();
    let code = world.code(BANK);
    let (a, b, c, d) = tokio::join!(
        world.exchange(BANK, &code),
        world.exchange(BANK, &code),
        world.exchange(BANK, &code),
        world.exchange(BANK, &code),
    );
    let winners = [a, b, c, d].iter().filter(|reply| reply.status == 200).count();
    assert_eq!(winners, 1);
}

/// T-036: neither another client, nor one that cannot answer the challenge, nor nobody at all.
#[tokio::test]
async fn a_wrong_holder_cannot_end_what_the_first_gave() {
    let world = World::new();
    let code = world.code(BANK);
    let token = first_exchange(&world, &code).await;
    let mut form = exchange_form(BANK, &code);
    form.push(("code_verifier", VERIFIER));
    world.token(SHOP, &form).await;
    world.post("/token", None, &exchange_form(BANK, &code)).await;
    world.token(BANK, &form).await;
    let elsewhere =
        [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", "https://x/")];
    world.token(BANK, &elsewhere).await;
    assert!(world.is_active(&token).await);
}

/// A code that was stolen and spent in time is noticed when its owner comes late.
#[tokio::test]
async fn a_redemption_after_the_end_of_the_code_ends_what_the_first_gave_too() {
    let world = World::new();
    let code = world.code(BANK);
    let token = first_exchange(&world, &code).await;
    world.clock.advance(Duration::from_secs(61));
    let late = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    assert_eq!(world.token(SHOP, &late).await.error().1, "invalid_grant");
    assert!(world.is_active(&token).await, "a wrong client cannot do that either");
    assert_eq!(world.exchange(BANK, &code).await.error().1, "invalid_grant");
    assert!(!world.is_active(&token).await);
    let last = world.store.audit().pop();
    assert_eq!(last, Some((AuditKind::GrantRevoked, Some("expired_code".to_owned()))));
}

#[tokio::test]
async fn a_code_from_long_ago_writes_nothing() {
    let world = World::new();
    let code = world.code(BANK);
    world.clock.advance(Duration::from_mins(11));
    assert_eq!(world.exchange(BANK, &code).await.error().1, "invalid_grant");
    assert!(world.store.audit().is_empty() && world.store.redemptions().is_empty());
}

/// T-056: a deactivation between the code and its exchange counts.
#[tokio::test]
async fn a_code_of_somebody_who_was_ended_meanwhile_is_refused() {
    let world = World::new();
    let (of_subscriber, of_client) = (world.code(BANK), world.code(SHOP));
    let login = world.login(BANK);
    end_subscriber(&world, &login.subscriber).await;
    assert_eq!(world.exchange(BANK, &of_subscriber).await.error().1, "invalid_grant");

    let mut again = world.login(SHOP);
    again.epochs.subscriber = 1;
    end_client(&world, &again.client).await;
    assert_eq!(world.exchange(SHOP, &of_client).await.error().1, "invalid_grant");
    assert_eq!(world.exchange(SHOP, &world.issue(&again)).await.error().1, "invalid_grant");
    again.epochs.client = 1;
    assert_eq!(world.exchange(SHOP, &world.issue(&again)).await.status, 200);
}

async fn end_subscriber(world: &World, subscriber: &SubscriberId) {
    world.store.end_subscriber(subscriber, event(world)).await.unwrap();
}

async fn end_client(world: &World, client: &ClientId) {
    world.store.end_client(client, event(world)).await.unwrap();
}

fn event(world: &World) -> AuditEvent {
    AuditEvent {
        at: world.clock.now(),
        kind: AuditKind::GrantRevoked,
        client: None,
        subscriber: None,
        grant: None,
        journey: None,
        detail: None,
    }
}
