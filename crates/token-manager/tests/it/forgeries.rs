//! Large sets of forged tokens, none of which is accepted (T-054, T-070).

use fiador_kernel::Clock;
use fiador_testkit::{
    jwt_mutations::jwt_mutations,
    share,
    text_mutations::{TextMutation, text_mutations},
};
use fiador_wire_oauth::client_assertion::JWT_BEARER;

use crate::world::{
    API, APP, BANK, ROBOT, Reply, SHOP, World, assertion_claims, client_keys, exchange_form, sign,
};

fn forgeries(text: &str, other: &str) -> impl Iterator<Item = TextMutation> {
    let all = text_mutations(text, other);
    assert!(all.len() >= 2_000, "{}", all.len());
    share::of(all, text.len())
}

/// Proven clients are told that `grant_type` is missing.
fn is_proven(reply: &Reply) -> bool {
    reply.body.contains("grant_type")
}

#[tokio::test]
async fn of_a_large_set_of_forged_client_assertions_none_proves_anybody() {
    let world = World::new();
    let assertion = sign(&assertion_claims(ROBOT, world.clock.now()));
    let keys = client_keys();
    let all = jwt_mutations(&assertion, &[keys.as_bytes()]).unwrap();
    assert!(all.len() >= 2_000, "{}", all.len());
    for forged in share::of(all, 3) {
        let form = [("client_assertion_type", JWT_BEARER), ("client_assertion", &*forged.token)];
        let reply = world.post("/token", None, &form).await;
        assert!(reply.status >= 400 && !is_proven(&reply), "{}: {reply:?}", forged.what);
    }
    let form = [("client_assertion_type", JWT_BEARER), ("client_assertion", &*assertion)];
    assert!(is_proven(&world.post("/token", None, &form).await), "the true one is still unused");
}

#[tokio::test]
async fn of_a_large_set_of_forged_access_tokens_none_is_active() {
    let world = World::new();
    let about_user = (world.tokens(BANK).await.0, world.tokens(BANK).await.0);
    let own = (world.client_token(ROBOT).await, world.client_token(ROBOT).await);
    for (token, other) in [&about_user, &own] {
        for forged in forgeries(token, other) {
            let reply = world.introspect(API, &forged.text).await;
            assert!(!reply.body.contains("\"active\":true"), "{}: {reply:?}", forged.what);
            assert_eq!(world.access_tokens.introspect(&forged.text).await, Ok(None));
            assert_eq!(world.client_tokens.introspect_client(&forged.text).await, Ok(None));
        }
        assert!(world.is_active(token).await);
    }
}

#[tokio::test]
async fn of_a_large_set_of_forged_codes_none_gives_tokens() {
    let world = World::new();
    let (code, other) = (world.code(SHOP), world.code(SHOP));
    for forged in forgeries(&code, &other) {
        let reply = world.token(SHOP, &exchange_form(SHOP, &forged.text)).await;
        assert_eq!(reply.status, 400, "{}: {reply:?}", forged.what);
    }
    assert!(world.store.redemptions().is_empty());
    assert_eq!(world.exchange(SHOP, &code).await.status, 200);
}

#[tokio::test]
async fn of_a_large_set_of_forged_refresh_tokens_none_gives_tokens() {
    let world = World::new();
    for holder in [SHOP, APP] {
        let (_, token) = world.offline_tokens(holder).await;
        let (_, other) = world.offline_tokens(holder).await;
        for forged in forgeries(&token, &other) {
            let reply = world.refresh(holder, &forged.text).await;
            assert_eq!(reply.status, 400, "{}: {reply:?}", forged.what);
        }
        assert_eq!(world.refresh(holder, &token).await.status, 200);
    }
}
