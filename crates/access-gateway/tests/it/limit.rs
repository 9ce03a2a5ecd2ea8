//! The request limit of a client (T-264).

use std::time::Duration;

use crate::world::{BURST, World};

const USED_UP: &str = "The request limit of the client is used up";

#[tokio::test]
async fn beyond_its_burst_a_client_is_told_when_to_come_back() {
    let world = World::new();
    let token = world.token("bank", "openid mc_identity_phonenumber");
    for _ in 0..BURST {
        world.userinfo(&token).await.claims();
    }
    for reply in [world.userinfo(&token).await, world.premiuminfo(&token).await] {
        reply.expect_error(429, "temporarily_unavailable", USED_UP);
        assert_eq!(reply.header("retry-after"), Some("1"));
    }
    assert!(world.ports.questions.lock().is_empty(), "refused before the sources are asked");

    world.clock.advance(Duration::from_secs(1));
    world.userinfo(&token).await.claims();
    assert_eq!(world.userinfo(&token).await.status, 429, "one more each second");
}

#[tokio::test]
async fn one_client_does_not_use_up_what_is_anothers() {
    let world = World::new();
    let (bank, shop) = (world.token("bank", "openid"), world.token("shop", "openid"));
    for _ in 0..=BURST {
        world.userinfo(&bank).await;
    }
    assert_eq!(world.userinfo(&bank).await.status, 429);
    world.userinfo(&shop).await.claims();
}

/// The limit is of the client, not of the token: logging in again does not help.
#[tokio::test]
async fn another_token_of_the_same_client_shares_its_limit() {
    let world = World::new();
    for _ in 0..BURST {
        let token = world.token("bank", "openid");
        world.userinfo(&token).await.claims();
    }
    let token = world.token("bank", "openid");
    assert_eq!(world.userinfo(&token).await.status, 429);
}

/// Nobody can use up a client's limit without a token of that client.
#[tokio::test]
async fn refused_requests_do_not_count() {
    let world = World::new();
    let (token, other) = (world.token("bank", "openid"), world.token("bank", "phone"));
    for _ in 0..3 * BURST {
        assert_eq!(world.userinfo("unknown").await.status, 401);
        assert_eq!(world.userinfo(&other).await.status, 403);
    }
    world.userinfo(&token).await.claims();
}
