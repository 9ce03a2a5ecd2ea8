use std::sync::LazyLock;

use fiador_jose::{Algorithm, SigningKey, VerificationKey, VerifyError, base64url, verify_compact};
use fiador_testkit::{JwtMutation, jwt_mutations};
use serde_json::json;

use super::{ANY, p256, public};

static RSA: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(Algorithm::Rs256).unwrap());

static PSS: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(Algorithm::Ps256).unwrap());

fn keys_and_token(algorithm: Algorithm) -> (Vec<VerificationKey>, String) {
    let keys = [&*RSA, &*PSS, &p256()];
    let signer = keys.iter().find(|key| key.algorithm() == algorithm).unwrap();
    let token = signer.sign_compact(Some("JWT"), &json!({"sub": "a", "exp": 1})).unwrap();
    (keys.map(public).to_vec(), token)
}

#[test]
fn no_forgery_of_a_good_token_is_accepted() {
    // T-070 to T-072: every one of the matrix, for every algorithm.
    for algorithm in Algorithm::ALL {
        let (keys, token) = keys_and_token(algorithm);
        verify_compact(&token, &keys, ANY).unwrap();
        let jwks = [&*RSA, &*PSS].map(|key| serde_json::to_vec(key.public_jwk()).unwrap());
        for JwtMutation { what, token } in
            jwt_mutations(&token, &jwks.each_ref().map(Vec::as_slice)).unwrap()
        {
            assert!(verify_compact(&token, &keys, ANY).is_err(), "{algorithm}: {what}");
        }
    }
}

#[test]
fn segments_of_two_good_tokens_do_not_mix() {
    let key = p256();
    let [one, two] = [json!({"sub": "a"}), json!({"sub": "b"})]
        .map(|claims| key.sign_compact(None, &claims).unwrap());
    let (one, two): (Vec<_>, Vec<_>) = (one.split('.').collect(), two.split('.').collect());
    for mixed in [[one[0], two[1], one[2]], [one[0], one[1], two[2]], [one[1], one[0], one[2]]] {
        assert!(verify_compact(&mixed.join("."), &[public(&key)], ANY).is_err());
    }
}

#[test]
fn the_algorithm_in_the_header_cannot_be_swapped() {
    // T-070: the kid stays, so the key is found, but its algorithm is another one.
    for (algorithm, other) in [
        (Algorithm::Rs256, Algorithm::Es256),
        (Algorithm::Rs256, Algorithm::Ps256),
        (Algorithm::Ps256, Algorithm::Rs256),
        (Algorithm::Es256, Algorithm::Rs256),
    ] {
        let (keys, token) = keys_and_token(algorithm);
        let (header, rest) = token.split_once('.').unwrap();
        let header = String::from_utf8(base64url::decode(header).unwrap()).unwrap();
        let swapped = header.replace(algorithm.name(), other.name());
        let forged = format!("{}.{rest}", base64url::encode(swapped));
        let result = verify_compact(&forged, &keys, ANY);
        assert!(matches!(result, Err(VerifyError::NoKey)), "{algorithm}: {result:?}");
    }
}

#[test]
fn a_der_encoded_ecdsa_signature_is_refused() {
    // RFC 7518 §3.4 wants R ‖ S; accepting DER too would give each token two spellings.
    use aws_lc_rs::{rand::SystemRandom, signature};
    let key = p256();
    let der = key.to_pkcs8_der().unwrap();
    let asn1 =
        signature::EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, &der)
            .unwrap();
    let token = key.sign_compact(None, &json!({})).unwrap();
    let (input, _) = token.rsplit_once('.').unwrap();
    let signature = asn1.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
    let token = format!("{input}.{}", base64url::encode(signature));
    assert!(matches!(verify_compact(&token, &[public(&key)], ANY), Err(VerifyError::BadSignature)));
}
