//! A large set of forged request objects, none of which is taken (T-070 to T-072).

use fiador_kernel::Clock as _;
use fiador_testkit::{jwt_mutations::jwt_mutations, share};
use serde_json::{Map, Value, json};

use crate::world::{Answer, ISSUER, PROFILES, World, changed, client_key_set, signed};

/// Only what makes it a request of OAuth stands outside of the object.
async fn authorize(world: &World, client_id: &str, object: &str) -> Answer {
    let outside =
        [("client_id", client_id), ("response_type", "code"), ("scope", ""), ("request", object)];
    world.browser().post("/authorize", &outside).await
}

#[tokio::test]
async fn of_a_large_set_of_forged_request_objects_none_is_served() {
    let world = World::new();
    let keys = client_key_set();
    for profile in PROFILES {
        let client_id = profile.as_str();
        let inside = changed(profile, &[]).into_iter();
        let mut claims: Map<String, Value> =
            inside.map(|(name, value)| (name.to_owned(), value.into())).collect();
        claims.extend([
            ("iss".to_owned(), client_id.into()),
            ("aud".to_owned(), ISSUER.into()),
            ("jti".to_owned(), json!("r-1")),
            ("exp".to_owned(), (world.clock.now().as_seconds() + 300).into()),
        ]);
        let object = signed(&claims.into());
        let all = jwt_mutations(&object, &[keys.as_bytes()]).unwrap();
        assert!(all.len() >= 2_000, "{}", all.len());
        let before = world.journeys.len();
        for forged in share::of(all, 13) {
            let answer = authorize(&world, client_id, &forged.token).await;
            assert!(!answer.leads_to_a_page(), "{profile:?}: {}", forged.what);
        }
        assert_eq!(world.journeys.len(), before);
        let answer = authorize(&world, client_id, &object).await;
        assert!(answer.leads_to_a_page(), "the true one is still unused: {}", answer.body);
    }
}
