//! Claims asked for one by one (OpenID Connect Core §5.5).

use fiador_kernel::{Clock, ScopeSet};
use serde_json::json;

use crate::world::{PCR, World};

fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

#[tokio::test]
async fn one_claim_leaves_without_the_rest_of_its_scope() {
    let world = World::new();
    world.ports.know(json!({"name": "Ann Lee", "gender": "female", "email": "ann@example.org"}));
    let token = world.asking_token("bank", "openid", &["name"], &json!({}));
    world.ports.agree("bank", scopes("profile"));
    let claims = world.userinfo(&token).await.claims();
    let updated_at = world.clock.now().as_seconds();
    assert_eq!(claims, json!({"sub": PCR, "name": "Ann Lee", "updated_at": updated_at}));
    assert_eq!(world.ports.questions.lock()[0].claims, ["name"], "T-200");
}

#[tokio::test]
async fn a_claim_whose_scope_the_user_did_not_agree_to_stays_t_049() {
    let world = World::new();
    world.ports.know(json!({"name": "Ann Lee"}));
    let token = world.asking_token("bank", "openid", &["name"], &json!({}));
    world.ports.agree("bank", scopes("email"));
    assert!(world.userinfo(&token).await.claims().get("name").is_none());
    assert!(world.ports.questions.lock().is_empty());
}
