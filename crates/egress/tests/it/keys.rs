//! What clients sign, and what is encrypted to them, with keys registered inline.

use std::sync::{Arc, LazyLock};

use fiador_domain::{
    client::{
        Client, ClientKeySource, ContentEncryption, Encryption, KeyManagementAlgorithm,
        SignatureAlgorithm,
    },
    profile::Profile,
};
use fiador_egress::RegisteredKeys;
use fiador_jose::{
    Algorithm, SigningKey, base64url,
    jwe::{self, KeyManagement},
};
use fiador_kernel::{ClientId, SectorId};
use fiador_ports::{
    ClientKeyError, ClientKeys as _, KeySetError,
    SignedPurpose::{self, ClientAssertion, RequestObject},
};
use fiador_testkit::TestClock;
use serde_json::{Value, json};

use crate::world::loopback_client;

static RSA: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Rs256));
static EC: LazyLock<SigningKey> = LazyLock::new(|| key(Algorithm::Es256));

/// A new key.
pub(crate) fn key(algorithm: Algorithm) -> SigningKey {
    SigningKey::generate(algorithm).unwrap()
}

/// A key set of these keys.
pub(crate) fn jwks(keys: &[&SigningKey]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| key.public_jwk()).collect();
    json!({ "keys": keys }).to_string()
}

/// A client with these keys.
pub(crate) fn client(keys: ClientKeySource) -> Client {
    let id = ClientId::new("shop").unwrap();
    let sector = SectorId::new("shop.example").unwrap();
    Client { keys, ..Client::new(id, Profile::Oidc, sector) }
}

/// A token with one claim.
pub(crate) fn token(key: &SigningKey) -> String {
    key.sign_compact(None, &json!({ "iss": "shop" })).unwrap()
}

fn registered() -> RegisteredKeys {
    RegisteredKeys::new(Arc::new(loopback_client()), Arc::new(TestClock::new()))
}

fn inline(keys: &[&SigningKey]) -> Client {
    client(ClientKeySource::Inline(jwks(keys)))
}

async fn outcome(
    client: &Client,
    token: &str,
    purpose: SignedPurpose,
) -> Result<Value, ClientKeyError> {
    let content = registered().verify(client, token, purpose).await?;
    Ok(Value::Object(content.claims))
}

/// A token with any header and payload, and a good signature by `key` over nothing of it.
fn unsigned(header: &str, payload: &str) -> String {
    format!("{}.{}.c2ln", base64url::encode(header), base64url::encode(payload))
}

#[tokio::test]
async fn what_the_client_signed_is_given_back() {
    let ps256 = key(Algorithm::Ps256);
    for key in [&*RSA, &ps256, &*EC] {
        for purpose in [RequestObject, ClientAssertion] {
            let keys = inline(&[&*EC, &ps256, &*RSA]);
            let content = registered().verify(&keys, &token(key), purpose).await.unwrap();
            assert_eq!(Value::Object(content.claims), json!({ "iss": "shop" }));
            assert_eq!(content.algorithm.as_str(), key.algorithm().name());
            assert_eq!(content.kid.as_deref(), Some(key.kid()));
        }
    }
}

#[tokio::test]
async fn the_registered_algorithm_decides_for_each_purpose() {
    // T-070.
    let mut client = inline(&[&*RSA, &*EC]);
    client.request_object_signing_alg = Some(SignatureAlgorithm::Es256);
    client.token_endpoint_auth_signing_alg = Some(SignatureAlgorithm::Rs256);
    let refused = Err(ClientKeyError::AlgorithmNotRegistered);
    assert_eq!(outcome(&client, &token(&RSA), RequestObject).await, refused);
    assert_eq!(outcome(&client, &token(&EC), ClientAssertion).await, refused);
    assert!(outcome(&client, &token(&EC), RequestObject).await.is_ok());
    assert!(outcome(&client, &token(&RSA), ClientAssertion).await.is_ok());
}

#[tokio::test]
async fn none_hmac_and_keys_in_the_header_are_refused() {
    // T-070, T-071, T-072.
    let client = inline(&[&*RSA]);
    for alg in ["none", "None", "HS256", "RS384", "ES512", "EdDSA", ""] {
        let token = unsigned(&json!({ "alg": alg }).to_string(), "{}");
        let refused = Err(ClientKeyError::AlgorithmNotRegistered);
        assert_eq!(outcome(&client, &token, RequestObject).await, refused, "{alg}");
    }
    for header in [
        r#"{"alg":"RS256","jwk":{}}"#,
        r#"{"alg":"RS256","jku":"https://a.example/"}"#,
        r#"{"alg":"RS256","x5u":"https://a.example/"}"#,
        r#"{"alg":"RS256","x5c":[]}"#,
        r#"{"alg":"RS256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"RS256","alg":"RS256"}"#,
        "RS256",
    ] {
        let refused = Err(ClientKeyError::Malformed);
        assert_eq!(outcome(&client, &unsigned(header, "{}"), RequestObject).await, refused);
    }
    let refused = Err(ClientKeyError::Malformed);
    assert_eq!(outcome(&client, "no token", RequestObject).await, refused);
}

#[tokio::test]
async fn payloads_that_two_parsers_could_read_differently_are_refused() {
    // T-007.
    let client = inline(&[&*EC]);
    for payload in [r#"{"iss":"a","iss":"b"}"#, r#"{"a":{"b":1,"b":2}}"#, "[]", "\"text\"", "{"] {
        let token = EC.sign_compact_bytes(None, payload.as_bytes()).unwrap();
        assert_eq!(outcome(&client, &token, RequestObject).await, Err(ClientKeyError::Malformed));
    }
}

#[tokio::test]
async fn another_kind_of_token_is_refused() {
    // RFC 8725 §3.11: neither passes for the other, nor does a third.
    let client = inline(&[&*EC]);
    for (typ, request_object, assertion) in [
        ("JWT", true, true),
        ("oauth-authz-req+jwt", true, false),
        ("application/oauth-authz-req+jwt", true, false),
        ("client-authentication+jwt", false, true),
        ("dpop+jwt", false, false),
    ] {
        let token = EC.sign_compact(Some(typ), &json!({})).unwrap();
        for (purpose, is_good) in [(RequestObject, request_object), (ClientAssertion, assertion)] {
            let expected = if is_good { Ok(json!({})) } else { Err(ClientKeyError::WrongType) };
            assert_eq!(outcome(&client, &token, purpose).await, expected, "{typ} {purpose:?}");
        }
    }
}

#[tokio::test]
async fn a_token_has_16_kib_at_most() {
    // T-002.
    let client = inline(&[&*EC]);
    let long = EC.sign_compact(None, &json!({ "a": "x".repeat(16 * 1024) })).unwrap();
    assert_eq!(outcome(&client, &long, RequestObject).await, Err(ClientKeyError::TooLong));
    let fits = EC.sign_compact(None, &json!({ "a": "x".repeat(12_000) })).unwrap();
    assert!(fits.len() > 16_000 && outcome(&client, &fits, RequestObject).await.is_ok());
}

#[tokio::test]
async fn a_signature_that_is_not_the_clients_is_refused() {
    let client = inline(&[&*EC]);
    assert_eq!(
        outcome(&client, &token(&key(Algorithm::Es256)), RequestObject).await,
        Err(ClientKeyError::UnknownKey)
    );
    let good = token(&EC);
    let (content, signature) = good.rsplit_once('.').unwrap();
    let other = token(&EC);
    let (_, other) = other.rsplit_once('.').unwrap();
    assert_ne!(signature, other, "ECDSA signatures are random");
    let (header, _) = content.split_once('.').unwrap();
    let forged = format!("{header}.{}.{signature}", base64url::encode(r#"{"iss":"x"}"#));
    assert_eq!(outcome(&client, &forged, RequestObject).await, Err(ClientKeyError::BadSignature));
}

#[tokio::test]
async fn a_client_without_keys_signs_nothing() {
    let nobody = client(ClientKeySource::None);
    let refused = outcome(&nobody, &token(&EC), ClientAssertion).await;
    assert_eq!(refused, Err(ClientKeyError::NoKeys));
    let broken = client(ClientKeySource::Inline("{}".to_owned()));
    let refused = outcome(&broken, &token(&EC), ClientAssertion).await;
    assert_eq!(refused, Err(ClientKeyError::KeySet(KeySetError::Malformed)));
}

#[tokio::test]
async fn an_answer_is_encrypted_to_the_key_of_the_registered_kind() {
    let rsa = jwe::DecryptionKey::generate(KeyManagement::RsaOaep256).unwrap();
    let ec = jwe::DecryptionKey::generate(KeyManagement::EcdhEs).unwrap();
    let document = json!({
        "keys": [EC.public_jwk(), RSA.public_jwk(), rsa.public_jwk(), ec.public_jwk()]
    });
    let client = client(ClientKeySource::Inline(document.to_string()));
    for (alg, key) in
        [(KeyManagementAlgorithm::RsaOaep256, &rsa), (KeyManagementAlgorithm::EcdhEs, &ec)]
    {
        let encryption = Encryption { alg, enc: ContentEncryption::A256Gcm };
        let token = registered().encrypt(&client, Some("JWT"), b"a.b.c", encryption).await.unwrap();
        let opened = jwe::decrypt(&token, [key], &[jwe::ContentEncryption::A256Gcm]).unwrap();
        assert_eq!((&*opened.plaintext, opened.cty.as_deref()), (&b"a.b.c"[..], Some("JWT")));
    }
}

#[tokio::test]
async fn nothing_is_encrypted_to_a_key_for_signatures() {
    let client = inline(&[&*EC, &*RSA]);
    for alg in KeyManagementAlgorithm::ALL {
        let encryption = Encryption { alg, enc: ContentEncryption::A256Gcm };
        let outcome = registered().encrypt(&client, None, b"x", encryption).await;
        assert_eq!(outcome, Err(ClientKeyError::NoEncryptionKey));
    }
}
