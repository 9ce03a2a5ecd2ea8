//! Tokens that clients hold for themselves (RFC 6749 §4.4, T-068).

use std::time::Duration;

use fiador_domain::audit::AuditKind;
use serde_json::json;

use crate::world::{API, BANK, ISSUER, ROBOT, SHOP, TWIN, World};

#[tokio::test]
async fn a_client_gets_the_scopes_it_is_registered_for_and_needs_no_user_for() {
    let world = World::new();
    let ask = |scope| [("grant_type", "client_credentials"), ("scope", scope)];
    let reply = world.token(ROBOT, &ask("mc_atp")).await;
    assert_eq!((reply.status, &reply.json()["scope"]), (200, &json!("mc_atp")));
    assert_eq!(reply.json()["expires_in"], 600);
    assert!(reply.json().get("id_token").is_none() && reply.json().get("refresh_token").is_none());
    let all = world.token(ROBOT, &[("grant_type", "client_credentials")]).await;
    assert_eq!(all.json()["scope"], "mc_atp own_api");
    for refused in ["openid", "phone", "offline_access", "mc_atp openid", "other_api", "\""] {
        let reply = world.token(ROBOT, &ask(refused)).await;
        reply.expect_error(400, "invalid_scope", "The scope value is invalid");
    }
}

#[tokio::test]
async fn introspection_names_the_client_as_the_subject() {
    let world = World::new();
    let token = world.client_token(ROBOT).await;
    for asker in [ROBOT, API] {
        let json = world.introspect(asker, &token).await.json();
        assert_eq!((&json["active"], &json["sub"]), (&json!(true), &json!(ROBOT.id)));
        assert_eq!((&json["client_id"], &json["iss"]), (&json!(ROBOT.id), &json!(ISSUER)));
        assert_eq!(json["scope"], "mc_atp own_api");
    }
    for stranger in [BANK, SHOP, TWIN] {
        assert_eq!(world.introspect(stranger, &token).await.body, r#"{"active":false}"#);
    }
}

/// T-064, T-068: what is about a user cannot be asked with it, nor the reverse.
#[tokio::test]
async fn neither_kind_of_token_opens_what_the_other_opens() {
    let world = World::new();
    let own = world.client_token(ROBOT).await;
    let (about_user, _) = world.tokens(BANK).await;
    assert_eq!(world.access_tokens.introspect(&own).await, Ok(None));
    assert_eq!(world.client_tokens.introspect_client(&about_user).await, Ok(None));
    let content = world.client_tokens.introspect_client(&own).await.unwrap().unwrap();
    assert_eq!((content.client.as_str(), content.scopes.contains("mc_atp")), (ROBOT.id, true));
    world.clock.advance(Duration::from_mins(10));
    assert_eq!(world.client_tokens.introspect_client(&own).await, Ok(None));
}

#[tokio::test]
async fn it_ends_by_revocation_through_its_client_alone() {
    let world = World::new();
    let (token, other) = (world.client_token(ROBOT).await, world.client_token(ROBOT).await);
    assert_eq!(world.revoke(TWIN, &token).await.body, "{}");
    assert!(world.is_active(&token).await);
    assert_eq!(world.revoke(ROBOT, &token).await.body, "{}");
    assert!(!world.is_active(&token).await);
    assert!(world.is_active(&other).await, "another grant");
}

#[tokio::test]
async fn each_token_is_in_the_audit_log() {
    let world = World::new();
    world.client_token(ROBOT).await;
    let expected = (AuditKind::TokensIssued, Some("client_credentials".to_owned()));
    assert_eq!(world.store.audit(), [expected]);
    assert_eq!(world.store.writes(), 1);
}
