//! Numbers encrypted to operators and to this gateway (mobile-connect §1.7, §2.4).

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::numbering::{Operator, OperatorLinks};
use fiador_jose::{
    JwkSet, KeyUsage,
    jwe::{self, ContentEncryption, KeyManagement, MediaTypes},
    pkcs1,
};
use fiador_kernel::{Clock, Msisdn, OperatorId, Timestamp};
use fiador_keys::{KeyRing, OperatorKeyRing, check_key_set};
use fiador_ports::{
    EncryptedNumber, KeyPurpose, OperatorKeyStore, OperatorKeys, StoreError, StoredOperatorKeys,
};
use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{ISSUER, World};

#[derive(Default)]
pub(crate) struct Registered(Mutex<Vec<StoredOperatorKeys>>);

#[async_trait]
impl OperatorKeyStore for Registered {
    async fn all_operator_keys(&self) -> Result<Vec<StoredOperatorKeys>, StoreError> {
        Ok(self.0.lock().clone())
    }

    async fn put_operator_keys(&self, keys: StoredOperatorKeys) -> Result<(), StoreError> {
        let mut rows = self.0.lock();
        rows.retain(|row| row.operator != keys.operator);
        rows.push(keys);
        Ok(())
    }
}

pub(crate) fn msisdn() -> Msisdn {
    Msisdn::from_digits("447700900907").unwrap()
}

pub(crate) fn operator(id: &str, own: bool) -> Operator {
    Operator {
        id: OperatorId::new(id).unwrap(),
        name: id.to_owned(),
        country: "GB".to_owned(),
        currency: "GBP".to_owned(),
        networks: vec![],
        issuer: if own { ISSUER.to_owned() } else { "https://id.other.example".to_owned() },
        links: OperatorLinks::default(),
        own,
    }
}

pub(crate) async fn opened(
    world: &World,
    store: &Arc<Registered>,
) -> (Arc<KeyRing>, OperatorKeyRing) {
    let ring = Arc::new(world.node().await);
    let operators = OperatorKeyRing::open(ring.clone(), store.clone()).await.unwrap();
    (ring, operators)
}

pub(crate) fn hour_from_now(world: &World) -> Timestamp {
    world.clock.now() + Duration::from_hours(1)
}

/// The first key of a kind in our own set.
pub(crate) fn own_key(keys: &OperatorKeyRing, alg: &str) -> Value {
    let set: Value = serde_json::from_str(&keys.own_public_keys()).unwrap();
    set["keys"].as_array().unwrap().iter().find(|key| key["alg"] == alg).unwrap().clone()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02X}").unwrap();
        text
    })
}

/// What a Discovery of somebody else would make of our public key for hexadecimal.
fn exchange_key(keys: &OperatorKeyRing) -> pkcs1::EncryptionKey {
    let mut jwk = own_key(keys, "RSA1_5");
    jwk.as_object_mut().unwrap().remove("alg");
    let jwk: fiador_jose::Jwk = serde_json::from_value(jwk).unwrap();
    pkcs1::EncryptionKey::from_numbers(jwk.numbers()).unwrap()
}

#[tokio::test]
async fn a_number_encrypted_to_our_operator_comes_back_in_both_forms() {
    let world = World::default();
    let (_, keys) = opened(&world, &Arc::default()).await;
    let later = hour_from_now(&world);
    let ids = keys.encrypt(&operator("ours", true), &msisdn(), later).await.unwrap().unwrap();
    let token = ids.subscriber_id_token.unwrap();
    let decrypt = async |number| keys.decrypt(number).await.unwrap();
    assert_eq!(decrypt(EncryptedNumber::of_hint(&ids.subscriber_id)).await, Some(msisdn()));
    assert_eq!(decrypt(EncryptedNumber::HintToken(&token)).await, Some(msisdn()));
    // One form does not pass for the other.
    assert_eq!(decrypt(EncryptedNumber::HintToken(&ids.subscriber_id)).await, None);
    assert_eq!(decrypt(EncryptedNumber::Jwe(&token)).await, None);
    let other = keys.encrypt(&operator("ours", true), &msisdn(), later).await.unwrap().unwrap();
    assert_ne!(other.subscriber_id, ids.subscriber_id, "two answers cannot be linked");
}

#[tokio::test]
async fn a_hint_token_ends_with_its_time() {
    let world = World::default();
    let (_, keys) = opened(&world, &Arc::default()).await;
    let later = hour_from_now(&world);
    let ids = keys.encrypt(&operator("ours", true), &msisdn(), later).await.unwrap().unwrap();
    let token = ids.subscriber_id_token.unwrap();
    world.clock.advance(Duration::from_secs(3599));
    let read = keys.decrypt(EncryptedNumber::HintToken(&token)).await.unwrap();
    assert_eq!(read, Some(msisdn()));
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(keys.decrypt(EncryptedNumber::HintToken(&token)).await.unwrap(), None);
}

#[tokio::test]
async fn a_hint_token_for_another_operator_or_of_another_signer_is_nobodys_number() {
    let world = World::default();
    let (ring, keys) = opened(&world, &Arc::default()).await;
    let jwk: fiador_jose::Jwk = serde_json::from_value(own_key(&keys, "RSA-OAEP-256")).unwrap();
    let to_us = jwe::EncryptionKey::from_jwk(&jwk, KeyManagement::RsaOaep256).unwrap();
    let seal = |inner: &str| {
        let types = MediaTypes { typ: Some("JWT"), cty: Some("JWT") };
        jwe::encrypt(&to_us, types, inner.as_bytes()).unwrap()
    };
    let now = world.clock.now().as_seconds();
    let claims = |aud: &str, iss: &str| json!({ "iss": iss, "aud": aud, "iat": now, "exp": now + 60, "MSISDN": "447700900907" });
    let stranger = fiador_jose::SigningKey::generate(fiador_jose::Algorithm::Rs256).unwrap();
    let foreign = stranger.sign_compact(Some("login-hint+jwt"), &claims(ISSUER, ISSUER)).unwrap();
    // An ID Token of ours, with everything a hint token has but its type.
    let payload = serde_json::to_vec(&claims(ISSUER, ISSUER)).unwrap();
    let algorithm = fiador_domain::client::SigningAlgorithm::Rs256;
    let id_token = fiador_ports::Signer::sign(&*ring, algorithm, &payload).await.unwrap();
    let unsigned = "eyJhbGciOiJub25lIn0.eyJNU0lTRE4iOiI0NDc3MDA5MDA5MDcifQ.";
    for inner in [foreign.as_str(), &id_token, unsigned, "447700900907", ""] {
        let token = seal(inner);
        let read = keys.decrypt(EncryptedNumber::HintToken(&token)).await.unwrap();
        assert_eq!(read, None, "{inner}");
    }
}

#[tokio::test]
async fn numbers_of_other_exchanges_are_read_in_hexadecimal_and_jwe() {
    let world = World::default();
    let (_, keys) = opened(&world, &Arc::default()).await;
    let padded = format!("447700900907|{}", "x".repeat(115));
    let ciphertext = exchange_key(&keys).encrypt(padded.as_bytes()).unwrap();
    for text in [hex(&ciphertext), hex(&ciphertext).to_lowercase()] {
        assert_eq!(text.len(), 512);
        let read = keys.decrypt(EncryptedNumber::of_hint(&text)).await.unwrap();
        assert_eq!(read, Some(msisdn()));
    }
    let jwk: fiador_jose::Jwk = serde_json::from_value(own_key(&keys, "RSA-OAEP-256")).unwrap();
    let to_us = jwe::EncryptionKey::from_jwk(&jwk, KeyManagement::RsaOaep256).unwrap();
    for plaintext in ["447700900907", r#"{"msisdn":"447700900907"}"#] {
        let token = jwe::encrypt(&to_us, MediaTypes::default(), plaintext.as_bytes()).unwrap();
        let read = keys.decrypt(EncryptedNumber::of_hint(&token)).await.unwrap();
        assert_eq!(read, Some(msisdn()), "{plaintext}");
    }
}

#[tokio::test]
async fn what_does_not_decrypt_is_nobodys_number_without_a_reason_t_048() {
    let world = World::default();
    let (_, keys) = opened(&world, &Arc::default()).await;
    let good = hex(&exchange_key(&keys).encrypt(b"447700900907|x").unwrap());
    let not_a_number = hex(&exchange_key(&keys).encrypt(b"no number|x").unwrap());
    let flipped = format!("{}0", &good[..511]);
    for bad in [
        not_a_number,
        if flipped == good { format!("{}1", &good[..511]) } else { flipped },
        good[..510].to_owned(),
        format!("{good}00"),
        "ff".repeat(256),
        "00".repeat(256),
        "0".to_owned(),
        String::new(),
        "xyz".to_owned(),
        "a.b.c.d.e".to_owned(),
        "....".to_owned(),
    ] {
        assert_eq!(keys.decrypt(EncryptedNumber::of_hint(&bad)).await.unwrap(), None, "{bad}");
    }
}

#[tokio::test]
async fn old_keys_still_decrypt_after_a_rotation_and_new_numbers_use_the_new_one() {
    let world = World::default();
    let store = Arc::default();
    let (ring, keys) = opened(&world, &store).await;
    let later = world.clock.now() + Duration::from_hours(365 * 24);
    let ours = operator("ours", true);
    let before = keys.encrypt(&ours, &msisdn(), later).await.unwrap().unwrap();
    let hexadecimal = hex(&exchange_key(&keys).encrypt(b"447700900907|x").unwrap());
    let old_kid = own_key(&keys, "RSA-OAEP-256")["kid"].clone();
    for purpose in [KeyPurpose::NumberJwe, KeyPurpose::NumberPkcs1] {
        ring.rotate(purpose).await.unwrap();
    }
    world.clock.advance(Duration::from_hours(1));
    assert_ne!(own_key(&keys, "RSA-OAEP-256")["kid"], old_kid, "the active one comes first");
    let read = async |number| keys.decrypt(number).await.unwrap();
    assert_eq!(read(EncryptedNumber::Jwe(&before.subscriber_id)).await, Some(msisdn()));
    assert_eq!(read(EncryptedNumber::HexRsa(&hexadecimal)).await, Some(msisdn()));
    world.clock.advance(Duration::from_hours(181 * 24));
    assert_eq!(read(EncryptedNumber::Jwe(&before.subscriber_id)).await, None);
    assert_eq!(read(EncryptedNumber::HexRsa(&hexadecimal)).await, None);
    let now = keys.encrypt(&ours, &msisdn(), later).await.unwrap().unwrap();
    assert_eq!(read(EncryptedNumber::Jwe(&now.subscriber_id)).await, Some(msisdn()));
}

#[tokio::test]
async fn a_foreign_operator_is_encrypted_to_once_it_has_registered_a_key() {
    let world = World::default();
    let store: Arc<Registered> = Arc::default();
    let (_, keys) = opened(&world, &store).await;
    let other = operator("other", false);
    let later = hour_from_now(&world);
    assert_eq!(keys.encrypt(&other, &msisdn(), later).await.unwrap(), None);

    let private = jwe::DecryptionKey::generate(KeyManagement::RsaOaep256).unwrap();
    let document = serde_json::to_vec(private.public_jwk()).unwrap();
    let stored = keys.register(&other.id, &document).await.unwrap();
    assert!(stored.contains(private.kid()) && !stored.contains("\"d\""));
    assert_eq!(keys.registered(&other.id), Some(stored));
    let ids = keys.encrypt(&other, &msisdn(), later).await.unwrap().unwrap();
    let content = [ContentEncryption::A256Gcm];
    let opened_id = jwe::decrypt(&ids.subscriber_id, [&private], &content).unwrap();
    assert_eq!(opened_id.plaintext, b"447700900907");
    assert_eq!(opened_id.kid, private.kid());
    let token = ids.subscriber_id_token.unwrap();
    let token = jwe::decrypt(&token, [&private], &content).unwrap();
    assert_eq!(token.cty.as_deref(), Some("JWT"));
    let payload = std::str::from_utf8(&token.plaintext).unwrap().split('.').nth(1).unwrap();
    let claims: Value =
        serde_json::from_slice(&fiador_jose::base64url::decode(payload).unwrap()).unwrap();
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], "https://id.other.example");
    assert_eq!(claims["MSISDN"], "447700900907");
    // It is theirs: we cannot read it.
    assert_eq!(keys.decrypt(EncryptedNumber::Jwe(&ids.subscriber_id)).await.unwrap(), None);

    // Another node, or this one after a restart, knows the key too.
    let (_, restarted) = opened(&world, &store).await;
    assert!(restarted.encrypt(&other, &msisdn(), later).await.unwrap().is_some());
}

#[tokio::test]
async fn an_operator_of_the_first_exchange_gets_hexadecimal() {
    let world = World::default();
    let (_, keys) = opened(&world, &Arc::default()).await;
    let private = pkcs1::DecryptionKey::generate().unwrap();
    let jwk = fiador_jose::Jwk::with_thumbprint(
        private.public_numbers().clone(),
        KeyUsage::Encryption(None),
    );
    let mut jwk = serde_json::to_value(jwk.unwrap()).unwrap();
    jwk["alg"] = "RSA1_5".into();
    let other = operator("other", false);
    let document = json!({ "keys": [jwk] }).to_string();
    keys.register(&other.id, document.as_bytes()).await.unwrap();
    let later = hour_from_now(&world);
    let ids = keys.encrypt(&other, &msisdn(), later).await.unwrap().unwrap();
    assert_eq!(ids.subscriber_id_token, None, "no JWE is ever made with RSA1_5 (T-072)");
    let bytes: Vec<u8> = (0..ids.subscriber_id.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&ids.subscriber_id[at..at + 2], 16).unwrap())
        .collect();
    let plaintext = String::from_utf8(private.decrypt(&bytes)).unwrap();
    assert_eq!(plaintext.len(), 128);
    assert!(plaintext.starts_with("447700900907|"), "{plaintext}");
}

#[test]
fn a_document_without_usable_keys_is_refused_with_its_reason() {
    let good = jwe::DecryptionKey::generate(KeyManagement::EcdhEs).unwrap();
    let good = serde_json::to_value(good.public_jwk()).unwrap();
    let with = |member: &str, value: Value| {
        let mut key = good.clone();
        key[member] = value;
        json!({ "keys": [key] }).to_string()
    };
    assert!(check_key_set(json!({ "keys": [good] }).to_string().as_bytes()).is_ok());
    assert!(check_key_set(good.to_string().as_bytes()).is_ok());
    let weak =
        json!({ "kty": "RSA", "n": fiador_jose::base64url::encode([0xc5; 128]), "e": "AQAB" });
    for (document, reason) in [
        ("", "no JSON object"),
        ("[]", "no JSON object"),
        (r#"{"keys":[],"keys":[]}"#, "no JSON object"),
        ("{}", "neither"),
        (r#"{"keys":{}}"#, "neither"),
        (r#"{"keys":[]}"#, "1 to 4 keys"),
        (r#"{"keys":[1]}"#, "neither"),
        (&json!({ "keys": [good, good] }).to_string(), "same kid"),
        (&json!({ "keys": vec![&good; 5] }).to_string(), "1 to 4 keys"),
        (&with("d", "AA".into()), "private key"),
        (&with("use", "sig".into()), "key 1"),
        (&with("alg", "ES256".into()), "key 1"),
        (&with("alg", "RSA1_5".into()), "key 1"),
        (&with("crv", "P-384".into()), "key 1"),
        (&with("x", "AA".into()), "key 1"),
        (&json!({ "keys": [weak] }).to_string(), "2048"),
        (&format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(16 * 1024)), "16 KiB"),
    ] {
        let error = check_key_set(document.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(reason), "{document}: {error}");
    }
    assert!(JwkSet::parse(good.to_string().as_bytes()).is_err(), "jose itself wants a set");
}

proptest! {
    #[test]
    fn any_document_is_read_or_refused(text in ".{0,80}", members in "[a-z\":,{}\\[\\]0-9A-Z]{0,80}") {
        let _ = check_key_set(text.as_bytes());
        let _ = check_key_set(format!("{{\"keys\":[{{\"kty\":\"RSA\",{members}}}]}}").as_bytes());
    }
}
