//! Everything else that is not 200 (mobile-connect §2.9).

use fiador_ports::{DataError, StoreError};

use crate::world::World;

const INVALID: &str = "access_token is invalid or expired";
const DOWN: &str = "The service is temporarily unavailable";

#[tokio::test]
async fn a_token_that_ended_is_invalid_at_both_resources() {
    let world = World::new();
    let token = world.token("bank", "openid mc_identity_phonenumber");
    world.ports.end(&token);
    world.userinfo(&token).await.expect_error(401, "invalid_token", INVALID);
    world.premiuminfo(&token).await.expect_error(401, "invalid_token", INVALID);
}

#[tokio::test]
async fn a_disabled_or_unknown_client_has_no_valid_token() {
    let world = World::new();
    for client in ["gone", "nobody"] {
        let token = world.token(client, "openid mc_identity_phonenumber");
        world.userinfo(&token).await.expect_error(401, "invalid_token", INVALID);
        world.premiuminfo(&token).await.expect_error(401, "invalid_token", INVALID);
    }
}

#[tokio::test]
async fn each_resource_needs_a_scope_of_its_own() {
    let world = World::new();
    let (plain, premium) =
        (world.token("bank", "openid email phone"), world.token("bank", "mc_identity_phonenumber"));
    let text = "Insufficient scope";
    world.premiuminfo(&plain).await.expect_error(403, "insufficient_scope", text);
    world.userinfo(&premium).await.expect_error(403, "insufficient_scope", text);
}

#[tokio::test]
async fn what_fails_behind_the_gateway_is_503_and_never_an_empty_success() {
    let world = World::new();
    let token = world.token("bank", "openid email");
    for error in
        [DataError::Unavailable, DataError::Expired, DataError::Store(StoreError::Unavailable)]
    {
        world.ports.answer_with(Err(error));
        let reply = world.userinfo(&token).await;
        reply.expect_error(503, "temporarily_unavailable", DOWN);
        assert_eq!(reply.header("retry-after"), Some("1"));
    }
}

/// T-059: a failed check is no answer, in neither direction.
#[tokio::test]
async fn a_failed_check_of_token_or_consent_is_503() {
    let world = World::new();
    let token = world.token("bank", "openid email");
    *world.ports.consents_fail.lock() = true;
    world.userinfo(&token).await.expect_error(503, "temporarily_unavailable", DOWN);
    *world.ports.tokens_fail.lock() = true;
    world.userinfo(&token).await.expect_error(503, "temporarily_unavailable", DOWN);
    assert!(world.ports.questions.lock().is_empty());
}

#[tokio::test]
async fn a_subscriber_who_is_gone_has_no_valid_token() {
    let world = World::new();
    let token = world.token("bank", "openid email");
    world.ports.answer_with(Err(DataError::UnknownSubscriber));
    world.userinfo(&token).await.expect_error(401, "invalid_token", INVALID);
}
