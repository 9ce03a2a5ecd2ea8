//! Private keys as they stand in specifications: JSON Web Keys, which the crate itself never reads.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};
use fiador_jose::base64url;
use fiador_jose::jwe::{DecryptionKey, KeyManagement};
use serde_json::Value;

/// The decryption key of a private JWK whose `alg` names its key management.
pub(crate) fn decryption_key(jwk: &Value) -> DecryptionKey {
    let alg = KeyManagement::from_name(jwk["alg"].as_str().unwrap()).unwrap();
    let der = match alg {
        KeyManagement::RsaOaep256 => rsa(jwk),
        KeyManagement::EcdhEs => p256(jwk),
    };
    let key = DecryptionKey::from_pkcs8_der(alg, &der).unwrap();
    key.with_kid(jwk["kid"].as_str().unwrap()).unwrap()
}

fn rsa(jwk: &Value) -> Vec<u8> {
    let number = |name| number(jwk, name);
    let key = KeyPair::from_components(&KeyPairComponents {
        public_key: PublicKeyComponents { n: number("n"), e: number("e") },
        d: number("d"),
        p: number("p"),
        q: number("q"),
        dP: number("dp"),
        dQ: number("dq"),
        qInv: number("qi"),
    });
    let der: Pkcs8V1Der<'_> = key.unwrap().as_der().unwrap();
    der.as_ref().to_vec()
}

fn p256(jwk: &Value) -> Vec<u8> {
    let key = PrivateKey::from_private_key(&ECDH_P256, &number(jwk, "d")).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    der.as_ref().to_vec()
}

fn number(jwk: &Value, name: &str) -> Vec<u8> {
    base64url::decode(jwk[name].as_str().unwrap()).unwrap()
}
