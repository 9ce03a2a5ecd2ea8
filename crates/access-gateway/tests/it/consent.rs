//! Only what the user agreed to share, as of now (T-049, T-200, T-206).

use fiador_kernel::{ClientId, Clock, ScopeSet, SubscriberId};
use fiador_ports::Consents;
use serde_json::json;

use crate::world::{PCR, World};

fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

async fn withdraw(world: &World, client: &str) {
    let subscriber = SubscriberId::new("subscriber").unwrap();
    let client = ClientId::new(client).unwrap();
    world.ports.withdraw(&subscriber, &client, world.clock.now()).await.unwrap();
}

#[tokio::test]
async fn a_scope_without_consent_gives_nothing_in_userinfo() {
    let world = World::new();
    world.ports.know(json!({"email": "ann@example.org", "phone_number": "+447700900907"}));
    let token = world.token("bank", "openid email phone");
    world.ports.agree("bank", scopes("email"));
    let claims = world.userinfo(&token).await.claims();
    assert_eq!(claims["email"], "ann@example.org");
    assert!(claims.get("phone_number").is_none());
    assert_eq!(world.ports.questions.lock()[0].claims, ["email", "email_verified"]);
}

#[tokio::test]
async fn a_withdrawal_counts_at_the_next_request() {
    let world = World::new();
    world.ports.know(json!({"email": "ann@example.org", "phone_number": "+447700900907"}));
    let token = world.token("bank", "openid email mc_identity_phonenumber");
    assert_eq!(world.userinfo(&token).await.claims()["email"], "ann@example.org");
    world.premiuminfo(&token).await.claims();

    withdraw(&world, "bank").await;
    let claims = world.userinfo(&token).await.claims();
    assert_eq!(claims, json!({"sub": PCR, "updated_at": world.clock.now().as_seconds()}));
    let text = "The user has not agreed to share these attributes";
    world.premiuminfo(&token).await.expect_error(403, "access_denied", text);
    assert_eq!(world.ports.questions.lock().len(), 2, "the sources were not asked again");
}

/// A consent to an older text is asked again at the next login; until then it gives nothing.
#[tokio::test]
async fn a_consent_to_another_edition_of_the_text_does_not_count() {
    let world = World::new();
    let token = world.token("bank", "openid mc_identity_phonenumber");
    world.ports.consents.lock().get_mut("bank").unwrap().text_version += 1;
    assert_eq!(world.premiuminfo(&token).await.status, 403);
}

/// T-085: a scope that was taken from the client opens nothing, whatever its tokens say.
#[tokio::test]
async fn a_scope_that_the_client_no_longer_has_gives_nothing() {
    let world = World::new();
    world.ports.know(json!({"birthdate": "1980-01-01", "email": "ann@example.org"}));
    let token = world.token("bank", "openid mc_identity_nationalid");
    assert_eq!(world.premiuminfo(&token).await.status, 403);
    assert!(world.ports.questions.lock().is_empty());
}

/// The consent of one service provider is nothing to another.
#[tokio::test]
async fn consent_is_given_to_one_client_alone() {
    let world = World::new();
    let token = world.token("shop", "openid mc_identity_phonenumber");
    withdraw(&world, "shop").await;
    world.ports.agree("bank", scopes("mc_identity_phonenumber"));
    assert_eq!(world.premiuminfo(&token).await.status, 403);
}
