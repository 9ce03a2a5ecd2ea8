use std::sync::LazyLock;

use fiador_jose::{Algorithm, SigningKey, VerificationKey, base64url, verify_compact};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ANY, forged, p256, public};

static KEY: LazyLock<SigningKey> = LazyLock::new(p256);

#[test]
fn a_key_survives_the_way_through_pkcs8() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::generate(algorithm).unwrap();
        let again = SigningKey::from_pkcs8_der(algorithm, &key.to_pkcs8_der().unwrap()).unwrap();
        assert_eq!(again.kid(), key.kid());
        assert_eq!(again.public_jwk(), key.public_jwk());
        let token = again.sign_compact(None, &json!({"sub": "a"})).unwrap();
        let payload = verify_compact(&token, &[public(&key)], ANY).unwrap();
        assert_eq!((payload.algorithm, payload.kid.as_deref()), (algorithm, Some(key.kid())));
    }
}

#[test]
fn the_token_is_compact_json_with_the_expected_header() {
    let token =
        KEY.sign_compact(Some("at+jwt"), &json!({"nonce": "n", "aud": ["a", "b"]})).unwrap();
    let mut parts = token.split('.').map(|part| base64url::decode(part).unwrap());
    let header = String::from_utf8(parts.next().unwrap()).unwrap();
    assert_eq!(header, format!(r#"{{"alg":"ES256","kid":"{}","typ":"at+jwt"}}"#, KEY.kid()));
    let payload = String::from_utf8(parts.next().unwrap()).unwrap();
    assert!(payload.contains(r#""nonce":"n""#) && !payload.contains(' '), "{payload}");
}

#[test]
fn the_right_key_is_found_by_kid_and_tried_when_there_is_none() {
    let keys: Vec<_> = (0..3).map(|_| p256()).collect();
    let public: Vec<_> = keys.iter().map(public).collect();
    let token = keys[2].sign_compact(None, &json!({})).unwrap();
    assert!(verify_compact(&token, &public, ANY).is_ok());
    assert!(verify_compact(&token, &public[..2], ANY).is_err());

    let mut anonymous = serde_json::to_value(keys[2].public_jwk()).unwrap();
    anonymous.as_object_mut().unwrap().remove("kid");
    let anonymous: fiador_jose::Jwk = serde_json::from_value(anonymous).unwrap();
    let anonymous = VerificationKey::from_jwk(&anonymous).unwrap();
    assert!(verify_compact(&token, &[anonymous], ANY).is_ok());
}

#[test]
fn repeated_claims_are_refused() {
    // T-007: signed by a registered key, and still ambiguous.
    #[derive(serde::Serialize)]
    struct Twice {
        #[serde(rename = "sub")]
        first: &'static str,
        #[serde(rename = "sub")]
        second: &'static str,
    }
    let token = KEY.sign_compact(None, &Twice { first: "a", second: "b" }).unwrap();
    let payload = verify_compact(&token, &[public(&KEY)], ANY).unwrap();
    assert!(payload.claims::<Value>().is_err());
}

#[test]
fn debug_output_holds_neither_key_nor_claims() {
    let token = KEY.sign_compact(None, &json!({"phone_number": "+34600000001"})).unwrap();
    let payload = verify_compact(&token, &[public(&KEY)], ANY).unwrap();
    assert!(!format!("{payload:?}").contains("34600000001"));
    assert!(!format!("{payload:?}").contains("51, 52"), "nor as numbers");
    let shown = format!("{:?}", *KEY);
    assert!(shown.contains(KEY.kid()) && shown.len() < 120, "{shown}");
}

proptest! {
    #[test]
    fn what_was_signed_is_what_is_read(name in "\\PC{0,20}", number in any::<i64>(), list in proptest::collection::vec("[^\0]{0,9}", 0..5)) {
        let claims = json!({"name": name, "number": number, "list": list});
        let token = KEY.sign_compact(None, &claims).unwrap();
        let payload = verify_compact(&token, &[public(&KEY)], ANY).unwrap();
        prop_assert_eq!(payload.claims::<Value>().unwrap(), claims);
    }

    #[test]
    fn random_tokens_never_verify_and_never_panic(token in "[A-Za-z0-9_.=-]{0,200}|\\PC{0,80}") {
        prop_assert!(verify_compact(&token, &[public(&KEY)], ANY).is_err());
    }

    #[test]
    fn random_headers_never_verify_and_never_panic(header in "\\{\"(alg|kid|crit)\":(\"ES256\"|1|null|\\[\\])?,?\"?[a-z0-9]{0,5}\"?:?[0-9]*\\}") {
        let token = forged(&header, "{}");
        prop_assert!(verify_compact(&token, &[public(&KEY)], ANY).is_err());
    }
}
