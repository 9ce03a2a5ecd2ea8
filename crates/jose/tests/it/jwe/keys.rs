use fiador_jose::JwkSet;
use fiador_jose::jwe::{
    DecryptError, DecryptionKey, EncryptionKey, KeyManagement, MediaTypes, decrypt, encrypt,
};
use serde_json::json;

use super::{GCM, KEYS, error, token_to, with_header};

#[test]
fn a_key_survives_the_way_through_pkcs8() {
    for key in &*KEYS {
        let der = key.to_pkcs8_der().unwrap();
        let again = DecryptionKey::from_pkcs8_der(key.key_management(), &der).unwrap();
        assert_eq!(again.public_jwk(), key.public_jwk());
        decrypt(&token_to(key), [&again], &GCM).unwrap();

        for damaged in [&der[..der.len() - 1], &der[1..], &[]] {
            assert!(DecryptionKey::from_pkcs8_der(key.key_management(), damaged).is_err());
        }
        let other = KeyManagement::ALL.into_iter().find(|one| *one != key.key_management());
        assert!(DecryptionKey::from_pkcs8_der(other.unwrap(), &der).is_err());
    }
}

#[test]
fn the_public_key_says_that_it_is_for_encryption() {
    // OpenID Connect Core §10.2: `use` tells signature and encryption keys apart.
    let json = KEYS.each_ref().map(|key| serde_json::to_value(key.public_jwk()).unwrap());
    assert_eq!([&json[0]["kty"], &json[0]["use"], &json[0]["alg"]], ["RSA", "enc", "RSA-OAEP-256"]);
    assert_eq!([&json[1]["kty"], &json[1]["use"], &json[1]["alg"]], ["EC", "enc", "ECDH-ES"]);
    let set = JwkSet::parse(json!({ "keys": json }).to_string().as_bytes()).unwrap();
    for key in &*KEYS {
        let found = EncryptionKey::from_set(&set, key.key_management()).unwrap();
        assert_eq!(found.kid(), Some(key.kid()));
        assert_eq!(key.public_jwk().thumbprint(), key.kid());
    }
    assert!(fiador_jose::VerificationKey::from_set(&set).is_empty());
}

#[test]
fn a_token_for_another_key_names_no_key_of_ours() {
    for key in &*KEYS {
        let token = with_header(&token_to(key), |header| header["kid"] = json!("other"));
        assert!(matches!(error(&token), DecryptError::NoKey(one) if one == key.key_management()));
    }
    // The kid of the one key with the algorithm of the other.
    let token = token_to(&KEYS[0]);
    let token = with_header(&token, |header| header["kid"] = json!(KEYS[1].kid()));
    assert!(matches!(error(&token), DecryptError::NoKey(_)));
}

#[test]
fn a_token_without_kid_is_tried_with_every_key_of_its_kind() {
    for key in &*KEYS {
        let mut jwk = serde_json::to_value(key.public_jwk()).unwrap();
        jwk.as_object_mut().unwrap().remove("kid");
        let jwk = serde_json::from_value(jwk).unwrap();
        let nameless = EncryptionKey::from_jwk(&jwk, key.key_management()).unwrap();
        let token = encrypt(&nameless, MediaTypes::default(), b"x").unwrap();
        let other = DecryptionKey::generate(key.key_management()).unwrap();
        assert_eq!(decrypt(&token, [&other, key], &GCM).unwrap().kid, key.kid());
    }
}

#[test]
fn debug_output_holds_neither_key_nor_content() {
    let opened = decrypt(&token_to(&KEYS[0]), &*KEYS, &GCM).unwrap();
    let shown = format!("{opened:?}");
    assert!(!shown.contains("34600000001") && !shown.contains("51, 52"), "{shown}");
    let shown = format!("{:?}", KEYS[0]);
    assert!(shown.contains(KEYS[0].kid()) && shown.len() < 150, "{shown}");
}
