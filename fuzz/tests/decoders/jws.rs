use fiador_jose::{Algorithm, Expect, ExpectTyp, SigningKey, VerificationKey};
use fiador_jose::{base64url, verify_compact};

const WORDS: [&str; 12] = [
    ".",
    "..",
    "e30",
    "eyJhbGciOiJFUzI1NiJ9",
    "eyJhbGciOiJub25lIn0",
    "eyJhbGciOiJIUzI1NiJ9",
    "A",
    "=",
    "-_",
    "AAAA",
    "{}",
    "\n",
];

#[test]
fn nothing_but_the_key_makes_a_signature() {
    crate::check!("jws", WORDS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let expect = Expect { algorithms: &[Algorithm::Es256], typ: ExpectTyp::AbsentOrJwt };
        assert!(verify_compact(text, &keys(), expect).is_err());
    });
}

#[test]
fn base64url_has_one_spelling_for_each_value() {
    crate::check!("base64url", WORDS, |bytes| {
        if let Ok(value) = base64url::decode(bytes) {
            assert_eq!(base64url::encode(value).as_bytes(), bytes);
        }
        assert_eq!(base64url::decode(base64url::encode(bytes)).unwrap(), bytes);
    });
}

/// A key nobody holds the private half of; made once per thread, because making it takes longer
/// than checking with it.
fn keys() -> Vec<VerificationKey> {
    use std::sync::OnceLock;
    static PUBLIC: OnceLock<fiador_jose::Jwk> = OnceLock::new();
    let jwk =
        PUBLIC.get_or_init(|| SigningKey::generate(Algorithm::Es256).unwrap().public_jwk().clone());
    vec![VerificationKey::from_jwk(jwk).unwrap()]
}
