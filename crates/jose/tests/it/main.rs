//! What the crate promises, seen from outside.
#![cfg(test)]

mod hostile_headers;
mod jwe;
mod key_sets;
mod mutations;
mod pkcs1;
mod private_keys;
mod rfc_vectors;
mod round_trip;
mod wycheproof;

use fiador_jose::{Algorithm, Expect, ExpectTyp, SigningKey, VerificationKey, base64url};

/// Accepts every algorithm and no explicit type.
const ANY: Expect<'static> = Expect { algorithms: &Algorithm::ALL, typ: ExpectTyp::AbsentOrJwt };

/// A new P-256 key; RSA keys are made only where RSA matters, they take 0.1 s and more.
fn p256() -> SigningKey {
    SigningKey::generate(Algorithm::Es256).unwrap()
}

fn public(key: &SigningKey) -> VerificationKey {
    VerificationKey::from_jwk(key.public_jwk()).unwrap()
}

/// Three segments from raw parts; the signature is made up.
fn forged(header: &str, payload: &str) -> String {
    let [header, payload, signature] =
        [header.as_bytes(), payload.as_bytes(), &[7; 64]].map(base64url::encode);
    format!("{header}.{payload}.{signature}")
}
