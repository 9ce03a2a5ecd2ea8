use std::time::Duration;

use fiador_domain::client::SigningAlgorithm;
use fiador_jose::{
    Algorithm, Expect, ExpectTyp, JwkSet, SigningKey, VerificationKey, base64url, verify_compact,
};
use fiador_ports::{KeyPurpose, Signer as _};
use serde_json::Value;

use super::World;

fn key_set(text: &str) -> JwkSet {
    JwkSet::parse(text.as_bytes()).unwrap()
}

#[tokio::test]
async fn tokens_verify_with_the_published_keys() {
    let node = World::default().node().await;
    let set = key_set(&node.public_keys());
    let keys = VerificationKey::from_set(&set);
    for (algorithm, jose) in
        [(SigningAlgorithm::Rs256, Algorithm::Rs256), (SigningAlgorithm::Es256, Algorithm::Es256)]
    {
        let token = node.sign(algorithm, br#"{"nonce":"n"}"#).await.unwrap();
        let expect = Expect { algorithms: &[jose], typ: ExpectTyp::Exactly("JWT") };
        let verified = verify_compact(&token, &keys, expect).unwrap();
        assert_eq!(verified.bytes, br#"{"nonce":"n"}"#);
        let header = base64url::decode(token.split('.').next().unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(header["kid"], verified.kid.unwrap());
        assert_eq!([&header["alg"], &header["typ"]], [algorithm.as_str(), "JWT"]);
    }
}

#[tokio::test]
async fn the_key_set_begins_with_the_active_rs256_key() {
    // mobile-connect §2.8: one SDK looks at the first key only.
    let world = World::default();
    let node = world.node().await;
    let old = key_set(&node.public_keys()).keys[0].kid().unwrap().to_owned();
    let new = node.rotate(KeyPurpose::SignRs256).await.unwrap();
    let kids = |text: &str| -> Vec<String> {
        key_set(text).keys.iter().map(|key| key.kid().unwrap().to_owned()).collect()
    };
    let published = kids(&node.public_keys());
    assert_eq!((published.len(), &published[0], &published[1]), (3, &old, &new));
    world.clock.advance(Duration::from_hours(24));
    let activated = kids(&node.public_keys());
    assert_eq!((activated.len(), &activated[0], &activated[1]), (3, &new, &old));
}

#[tokio::test]
async fn rotation_never_makes_a_verification_fail() {
    // T-074: a relying party that reads the key set once a day, at the worst moment.
    let world = World::default();
    let node = world.node().await;
    for purpose in [KeyPurpose::SignRs256, KeyPurpose::SignEs256] {
        let algorithm = match purpose {
            KeyPurpose::SignRs256 => SigningAlgorithm::Rs256,
            _ => SigningAlgorithm::Es256,
        };
        let mut cached = VerificationKey::from_set(&key_set(&node.public_keys()));
        node.rotate(purpose).await.unwrap();
        let mut signers = std::collections::HashSet::new();
        for hour in 0..72 {
            let token = node.sign(algorithm, b"{}").await.unwrap();
            let expect = Expect { algorithms: &Algorithm::ALL, typ: ExpectTyp::AbsentOrJwt };
            let verified = verify_compact(&token, &cached, expect);
            signers.insert(verified.unwrap_or_else(|error| panic!("hour {hour}: {error}")).kid);
            if hour % 24 == 23 {
                cached = VerificationKey::from_set(&key_set(&node.public_keys()));
            }
            world.clock.advance(Duration::from_hours(1));
        }
        assert_eq!(signers.len(), 2, "the new key took over");
    }
}

#[tokio::test]
async fn own_tokens_are_known_again_until_their_key_expires() {
    let world = World::default();
    let node = world.node().await;
    let token = node.sign(SigningAlgorithm::Es256, br#"{"sub":"p"}"#).await.unwrap();
    assert_eq!(node.verify_own(&token).as_deref(), Some(&br#"{"sub":"p"}"#[..]));
    node.rotate(KeyPurpose::SignEs256).await.unwrap();
    let published = || key_set(&node.public_keys()).keys.len();
    world.clock.advance(Duration::from_hours(47));
    assert_eq!((published(), node.verify_own(&token).is_some()), (3, true));
    // Others have no use for the key any more, but an `id_token_hint` has no end of its own.
    world.clock.advance(Duration::from_hours(1));
    assert_eq!((published(), node.verify_own(&token).is_some()), (2, true));
    world.clock.advance(Duration::from_hours(89 * 24) - Duration::from_secs(1));
    assert_eq!((published(), node.verify_own(&token).is_some()), (2, true));
    world.clock.advance(Duration::from_secs(1));
    assert_eq!((published(), node.verify_own(&token).is_some()), (2, false));
}

#[tokio::test]
async fn tokens_of_others_are_not_ours() {
    let node = World::default().node().await;
    let stranger = SigningKey::generate(Algorithm::Es256).unwrap();
    let mut token = stranger.sign_compact(Some("JWT"), &serde_json::json!({})).unwrap();
    assert!(node.verify_own(&token).is_none());
    token = World::default().node().await.sign(SigningAlgorithm::Rs256, b"{}").await.unwrap();
    assert!(node.verify_own(&token).is_none());
    assert!(node.verify_own("").is_none());
    assert!(node.verify_own("a.b.c").is_none());
}
