//! Large sets of forged values, none of which is taken for one of ours (T-054, T-070 to T-072).

use std::sync::Arc;

use fiador_domain::client::SigningAlgorithm;
use fiador_jose::{
    Jwk,
    jwe::{self, ContentEncryption, DecryptionKey, EncryptionKey, KeyManagement, MediaTypes},
};
use fiador_keys::OperatorKeyRing;
use fiador_ports::{EncryptedNumber, OperatorKeys as _, Sealer as _, Signer as _};
use fiador_testkit::{jwt_mutations::jwt_mutations, share, text_mutations::text_mutations};

use super::{
    ISSUER, KINDS, World,
    operators::{hour_from_now, msisdn, opened, operator, own_key},
};

#[tokio::test]
async fn of_a_large_set_of_forged_id_tokens_none_is_ours() {
    let node = World::default().node().await;
    let keys = node.public_keys();
    let payload =
        br#"{"iss":"https://idgw.example.net","sub":"22735ae2","aud":["a"],"auth_time":1}"#;
    for algorithm in SigningAlgorithm::ALL {
        let token = node.sign(algorithm, payload).await.unwrap();
        let all = jwt_mutations(&token, &[keys.as_bytes()]).unwrap();
        assert!(all.len() >= 2_000, "{}", all.len());
        for forged in share::of(all, 5) {
            assert_eq!(node.verify_own(&forged.token), None, "{algorithm:?}: {}", forged.what);
        }
        assert_eq!(node.verify_own(&token).as_deref(), Some(&payload[..]));
    }
}

#[tokio::test]
async fn of_a_large_set_of_forged_seals_none_opens_as_any_kind() {
    let node = World::default().node().await;
    for kind in KINDS {
        let sealed = node.seal(kind, b"what a code or an access token carries").unwrap();
        let other = node.seal(kind, b"what another one of the same kind does").unwrap();
        let all = text_mutations(&sealed, &other);
        assert!(all.len() >= 2_000, "{}", all.len());
        for forged in share::of(all, 9) {
            for opened_as in KINDS {
                assert_eq!(node.open(opened_as, &forged.text), None, "{kind:?}: {}", forged.what);
            }
        }
        assert!(node.open(kind, &sealed).is_some());
    }
}

/// The key that everybody may encrypt to.
fn our_public_key(keys: &OperatorKeyRing) -> EncryptionKey {
    let jwk: Jwk = serde_json::from_value(own_key(keys, "RSA-OAEP-256")).unwrap();
    EncryptionKey::from_jwk(&jwk, KeyManagement::RsaOaep256).unwrap()
}

/// What our Discovery signs into a hint token for this issuer; whose key it is encrypted to is in the
/// test's hands.
async fn signed_number(world: &World, keys: &OperatorKeyRing) -> String {
    let mut twin = operator("twin", false);
    ISSUER.clone_into(&mut twin.issuer);
    let private = DecryptionKey::generate(KeyManagement::RsaOaep256).unwrap();
    keys.register(&twin.id, &serde_json::to_vec(private.public_jwk()).unwrap()).await.unwrap();
    let ids = keys.encrypt(&twin, &msisdn(), hour_from_now(world)).await.unwrap().unwrap();
    let token = ids.subscriber_id_token.unwrap();
    let opened = jwe::decrypt(&token, [&private], &[ContentEncryption::A256Gcm]).unwrap();
    String::from_utf8(opened.plaintext).unwrap()
}

#[tokio::test]
async fn of_a_large_set_of_forged_hint_tokens_none_names_a_number() {
    let world = World::default();
    let (ring, keys) = opened(&world, &Arc::default()).await;
    let inner = signed_number(&world, &keys).await;
    let to_us = our_public_key(&keys);
    let named = async |inner: &str| {
        let types = MediaTypes { typ: Some("JWT"), cty: Some("JWT") };
        let token = jwe::encrypt(&to_us, types, inner.as_bytes()).unwrap();
        keys.decrypt(EncryptedNumber::HintToken(&token)).await.unwrap()
    };
    let all = jwt_mutations(&inner, &[ring.public_keys().as_bytes()]).unwrap();
    assert!(all.len() >= 2_000, "{}", all.len());
    for forged in share::of(all, 7) {
        assert_eq!(named(&forged.token).await, None, "{}", forged.what);
    }
    assert_eq!(named(&inner).await, Some(msisdn()));
}

#[tokio::test]
async fn in_a_large_set_of_damaged_encrypted_numbers_none_is_read() {
    let world = World::default();
    let (_, keys) = opened(&world, &Arc::default()).await;
    let ours = operator("ours", true);
    let encrypted = async || {
        let later = hour_from_now(&world);
        let ids = keys.encrypt(&ours, &msisdn(), later).await.unwrap().unwrap();
        (ids.subscriber_id, ids.subscriber_id_token.unwrap())
    };
    let ((id, token), (other_id, other_token)) = (encrypted().await, encrypted().await);
    // Long texts: more than enough of each where the private key is asked.
    let some = |text: &str, other: &str| {
        let all = text_mutations(text, other);
        assert!(all.len() >= 2_000, "{}", all.len());
        share::of(all.into_iter().step_by(8), 2)
    };
    for damaged in some(&id, &other_id) {
        let read = keys.decrypt(EncryptedNumber::of_hint(&damaged.text)).await.unwrap();
        assert_eq!(read, None, "{}", damaged.what);
    }
    for damaged in some(&token, &other_token) {
        let read = keys.decrypt(EncryptedNumber::HintToken(&damaged.text)).await.unwrap();
        assert_eq!(read, None, "{}", damaged.what);
    }
    assert_eq!(keys.decrypt(EncryptedNumber::of_hint(&id)).await.unwrap(), Some(msisdn()));
    assert_eq!(keys.decrypt(EncryptedNumber::HintToken(&token)).await.unwrap(), Some(msisdn()));
}
