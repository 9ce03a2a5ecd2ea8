use fiador_wire_oauth::parameters::{Limits, Parameters};
use fiador_wire_oauth::request_object::RequestObject;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => any::<String>().prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(json!(null)),
        1 => Just(json!({ "userinfo": { "email": null } })),
        1 => prop::collection::vec("[a-z]{0,4}", 0..3).prop_map(Value::from),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let known =
        ["iss", "aud", "exp", "nbf", "iat", "jti", "sub", "claims", "request", "state", "max_age"];
    prop_oneof![3 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    /// Nothing about the object itself becomes a parameter, and what takes the place of parameters obeys
    /// their bounds.
    #[test]
    fn any_claims_are_sorted_or_refused(claims in prop::collection::vec((name(), value()), 0..8)) {
        let claims: Map<String, Value> = claims.into_iter().collect();
        let Ok(object) = RequestObject::read(&claims) else { return Ok(()) };
        for (name, _) in object.parameters() {
            prop_assert!(claims.contains_key(name));
            prop_assert!(!["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "request"].contains(&name));
        }
        let beside = Parameters::parse(b"state=1&nonce=2").unwrap();
        let Ok(merged) = beside.overridden_by(object.parameters(), Limits::BODY) else { return Ok(()) };
        prop_assert_eq!(merged.repeated().count(), 0);
        prop_assert_eq!(Parameters::parse(merged.encode().as_bytes()), Ok(merged.clone()));
        for (name, value) in object.parameters() {
            prop_assert_eq!(merged.get(name), Some(value));
        }
    }
}
