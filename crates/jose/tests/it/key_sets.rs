use fiador_jose::jwe::{DecryptionKey, EncryptionKey, KeyManagement};
use fiador_jose::{
    Algorithm, Jwk, JwkError, JwkSet, JwkSetError, KeyUsage, MAX_JWK_SET_BYTES, MAX_JWK_SET_KEYS,
    PublicNumbers, SigningKey, SigningKeyError, VerificationKey, base64url,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::p256;

#[test]
fn published_keys_carry_what_relying_parties_look_for() {
    // mobile-connect: kty, use, kid, alg and the numbers; some clients require `alg`.
    let rsa = SigningKey::generate(Algorithm::Rs256).unwrap();
    let json = serde_json::to_value(JwkSet { keys: vec![rsa.public_jwk().clone()] }).unwrap();
    let key = json["keys"][0].as_object().unwrap();
    let mut names: Vec<_> = key.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
    assert_eq!([&key["kty"], &key["use"], &key["alg"]], ["RSA", "sig", "RS256"]);
    assert_eq!(key["kid"], rsa.kid());
    assert_eq!(key["e"], "AQAB");

    let ec = p256();
    let json = serde_json::to_value(ec.public_jwk()).unwrap();
    assert_eq!([&json["kty"], &json["crv"], &json["alg"]], ["EC", "P-256", "ES256"]);
    assert_eq!(json["kid"], ec.kid());
    assert_eq!(serde_json::from_value::<Jwk>(json).unwrap(), *ec.public_jwk());
}

#[test]
fn unknown_keys_are_left_out_of_a_set_and_the_order_stays() {
    // RFC 7517 §5: unknown keys are ignored.
    let (first, second) = (p256(), p256());
    let mut both = serde_json::to_value(p256().public_jwk()).unwrap();
    both["use"] = json!("enc");
    let mut wrap = serde_json::to_value(p256().public_jwk()).unwrap();
    wrap["key_ops"] = json!(["wrapKey"]);
    let set = json!({"keys": [
        {"kty": "oct", "k": "AAAA"},
        {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        first.public_jwk(), both, wrap, 7, second.public_jwk(),
    ]});
    let set = JwkSet::parse(set.to_string().as_bytes()).unwrap();
    let kids: Vec<_> = set.keys.iter().map(Jwk::kid).collect();
    assert_eq!(kids, [Some(first.kid()), Some(second.kid())]);
}

/// The algorithms that a public RSA key verifies, and whether one can encrypt to it.
fn uses(members: &Value) -> (Vec<Algorithm>, bool) {
    let key = DecryptionKey::generate(KeyManagement::RsaOaep256).unwrap();
    let mut jwk = serde_json::to_value(key.public_jwk()).unwrap();
    let jwk_members = jwk.as_object_mut().unwrap();
    jwk_members.retain(|name, _| ["kty", "n", "e"].contains(&name.as_str()));
    jwk_members.extend(members.as_object().unwrap().clone());
    let set = JwkSet::parse(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap();
    let keys = VerificationKey::from_set(&set);
    let encrypts = EncryptionKey::from_set(&set, KeyManagement::RsaOaep256).is_some();
    assert!(EncryptionKey::from_set(&set, KeyManagement::EcdhEs).is_none());
    (keys.iter().flat_map(VerificationKey::algorithms).collect(), encrypts)
}

#[test]
fn use_key_ops_and_alg_are_respected() {
    // RFC 7517 §4.2 to §4.4, RFC 8725 §3.1 (T-070).
    let (rs256, ps256) = (Algorithm::Rs256, Algorithm::Ps256);
    for (members, signatures, encrypts) in [
        (json!({}), vec![rs256, ps256], true),
        (json!({"use": "sig"}), vec![rs256, ps256], false),
        (json!({"use": "enc"}), vec![], true),
        (json!({"use": "SIG"}), vec![], false),
        (json!({"alg": "PS256"}), vec![ps256], false),
        (json!({"alg": "RS256", "use": "sig"}), vec![rs256], false),
        (json!({"alg": "RS256", "use": "enc"}), vec![], false),
        (json!({"alg": "RSA-OAEP-256"}), vec![], true),
        (json!({"alg": "RSA-OAEP-256", "use": "sig"}), vec![], false),
        (json!({"alg": "RSA-OAEP"}), vec![], false),
        (json!({"alg": "RSA1_5", "use": "enc"}), vec![], false),
        (json!({"alg": "ES256"}), vec![], false),
        (json!({"alg": "HS256"}), vec![], false),
        (json!({"key_ops": ["verify"]}), vec![rs256, ps256], false),
        (json!({"key_ops": ["encrypt"]}), vec![], true),
        (json!({"key_ops": ["wrapKey", "encrypt"]}), vec![], true),
        (json!({"key_ops": ["sign"]}), vec![], false),
        (json!({"key_ops": []}), vec![], false),
        (json!({"key_ops": ["verify"], "use": "enc"}), vec![], false),
    ] {
        assert_eq!(uses(&members), (signatures, encrypts), "{members}");
    }
}

#[test]
fn a_key_for_encryption_is_preferred_to_one_that_leaves_its_use_open() {
    // OpenID Connect Core §10.2.
    let stated = DecryptionKey::generate(KeyManagement::EcdhEs).unwrap();
    let open = DecryptionKey::generate(KeyManagement::EcdhEs).unwrap();
    let mut jwk = serde_json::to_value(open.public_jwk()).unwrap();
    jwk.as_object_mut().unwrap().retain(|name, _| !["use", "alg"].contains(&name.as_str()));
    let chosen = |keys: Value| {
        let set = JwkSet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap();
        EncryptionKey::from_set(&set, KeyManagement::EcdhEs)
            .and_then(|key| key.kid().map(str::to_owned))
    };
    let signature = p256();
    assert_eq!(chosen(json!([signature.public_jwk()])), None);
    let kid = |key: &DecryptionKey| Some(key.kid().to_owned());
    assert_eq!(chosen(json!([signature.public_jwk(), jwk])), kid(&open));
    assert_eq!(chosen(json!([jwk, stated.public_jwk()])), kid(&stated));
}

#[test]
fn weak_odd_and_private_keys_are_refused() {
    // T-073.
    let refused = |jwk: Value| serde_json::from_value::<Jwk>(jwk).unwrap_err().to_string();
    let rsa = |n: Vec<u8>| json!({"kty": "RSA", "n": base64url::encode(n), "e": "AQAB"});
    let strength = JwkError::BadStrength.to_string();
    assert_eq!(refused(rsa(vec![0xff; 128])), strength);
    assert_eq!(refused(rsa(vec![0x7f; 256])), strength);
    assert_eq!(refused(rsa(vec![0xff; 1025])), strength);
    let number = JwkError::BadNumber.to_string();
    assert_eq!(refused(rsa([vec![0], vec![0xff; 256]].concat())), number);
    assert_eq!(refused(rsa(vec![0xfe; 256])), number, "an even modulus");
    for e in [vec![], vec![0], vec![1], vec![2], vec![0, 3], vec![1, 0, 0], vec![3; 5]] {
        let jwk =
            json!({"kty": "RSA", "n": base64url::encode([0xff; 256]), "e": base64url::encode(e)});
        assert_eq!(refused(jwk), number);
    }

    let good = serde_json::to_value(p256().public_jwk()).unwrap();
    let with = |name: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        refused(jwk)
    };
    assert_eq!(with("d", json!("AAAA")), JwkError::Private.to_string());
    assert_eq!(with("crv", json!("P-384")), JwkError::UnknownKeyType.to_string());
    assert_eq!(with("alg", json!("RS256")), JwkError::OtherPurpose.to_string());
    assert_eq!(with("x", json!("AAAA")), JwkError::BadNumber.to_string());
    assert_eq!(with("kid", json!("k".repeat(257))), JwkError::LongKid.to_string());
}

#[test]
fn a_point_off_the_curve_makes_no_key() {
    // T-073: (1, 1) does not lie on P-256.
    let mut one = [0; 32];
    one[31] = 1;
    let jwk =
        Jwk::with_thumbprint(PublicNumbers::P256 { x: one, y: one }, KeyUsage::Unstated).unwrap();
    assert!(VerificationKey::from_jwk(&jwk).is_err());
    assert!(VerificationKey::from_set(&JwkSet { keys: vec![jwk] }).is_empty());
}

#[test]
fn oversized_or_ambiguous_sets_are_refused_whole() {
    let long = format!(r#"{{"keys":[],"filler":"{}"}}"#, "x".repeat(MAX_JWK_SET_BYTES));
    assert!(matches!(JwkSet::parse(long.as_bytes()), Err(JwkSetError::TooLong)));
    let many = json!({"keys": vec![p256().public_jwk().clone(); MAX_JWK_SET_KEYS + 1]});
    assert!(matches!(JwkSet::parse(many.to_string().as_bytes()), Err(JwkSetError::TooManyKeys)));
    for text in [r#"{"keys":[],"keys":[]}"#, r#"{"keys":[{"kty":"EC","kty":"RSA"}]}"#, "[]", "{}"] {
        assert!(matches!(JwkSet::parse(text.as_bytes()), Err(JwkSetError::Malformed(_))), "{text}");
    }
}

#[test]
fn a_private_key_of_another_kind_is_refused() {
    let ec = p256().to_pkcs8_der().unwrap();
    assert!(matches!(
        SigningKey::from_pkcs8_der(Algorithm::Rs256, &ec),
        Err(SigningKeyError::NotAKey(Algorithm::Rs256))
    ));
    for damaged in [&ec[..ec.len() - 1], &ec[1..], &[]] {
        assert!(SigningKey::from_pkcs8_der(Algorithm::Es256, damaged).is_err());
    }
}

proptest! {
    #[test]
    fn random_key_sets_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = JwkSet::parse(&bytes);
    }

    #[test]
    fn random_numbers_never_panic(n in proptest::collection::vec(any::<u8>(), 250..270), e in proptest::collection::vec(any::<u8>(), 0..5)) {
        if let Ok(jwk) = Jwk::with_thumbprint(PublicNumbers::Rsa { n, e }, KeyUsage::Unstated) {
            let _ = VerificationKey::from_jwk(&jwk);
        }
    }
}
