//! Tokens at the command line: one JSON request per line of standard input, one JSON answer per line.
//!
//! `tests-e2e/node/jose.test.mjs` uses it to hold this crate against another implementation.

use std::error::Error;
use std::io::{BufRead as _, Write as _};

use fiador_jose::jwe::{
    ContentEncryption, DecryptionKey, EncryptionKey, KeyManagement, MediaTypes, decrypt, encrypt,
};
use fiador_jose::{
    Algorithm, Expect, ExpectTyp, Jwk, JwkSet, SigningKey, VerificationKey, base64url,
    verify_compact,
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Request {
    /// A new key to decrypt with.
    Generate { alg: KeyManagement },
    /// A JWE to the owner of a public key.
    Encrypt { jwk: Jwk, alg: KeyManagement, cty: Option<String>, plaintext: String },
    /// What is in a JWE.
    Decrypt { alg: KeyManagement, private: String, token: String },
    /// A JWS under a new key.
    Sign { alg: Algorithm, plaintext: String },
    /// What a JWS says.
    Verify { jwks: serde_json::Value, alg: Algorithm, token: String },
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    /// The public half, and the private one as PKCS#8 in base64url.
    Key {
        jwk: Jwk,
        private: String,
    },
    Token(String),
    Signed {
        jwk: Jwk,
        token: String,
    },
    Plaintext(String),
    Error(String),
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = answer(&line?).unwrap_or_else(|error| Answer::Error(error.to_string()));
        writeln!(output, "{}", serde_json::to_string(&answer)?)?;
    }
    Ok(())
}

fn answer(line: &str) -> Result<Answer, Box<dyn Error>> {
    match serde_json::from_str(line)? {
        Request::Generate { alg } => {
            let key = DecryptionKey::generate(alg)?;
            let private = base64url::encode(key.to_pkcs8_der()?);
            Ok(Answer::Key { jwk: key.public_jwk().clone(), private })
        }
        Request::Encrypt { jwk, alg, cty, plaintext } => {
            let key = EncryptionKey::from_jwk(&jwk, alg)?;
            let types = MediaTypes { typ: None, cty: cty.as_deref() };
            Ok(Answer::Token(encrypt(&key, types, plaintext.as_bytes())?))
        }
        Request::Decrypt { alg, private, token } => {
            let key = DecryptionKey::from_pkcs8_der(alg, &base64url::decode(private)?)?;
            let opened = decrypt(&token, [&key], &ContentEncryption::ALL)?;
            Ok(Answer::Plaintext(String::from_utf8(opened.plaintext)?))
        }
        Request::Sign { alg, plaintext } => {
            let key = SigningKey::generate(alg)?;
            let token = key.sign_compact_bytes(None, plaintext.as_bytes())?;
            Ok(Answer::Signed { jwk: key.public_jwk().clone(), token })
        }
        Request::Verify { jwks, alg, token } => {
            let keys = VerificationKey::from_set(&JwkSet::parse(jwks.to_string().as_bytes())?);
            let expect = Expect { algorithms: &[alg], typ: ExpectTyp::AbsentOrJwt };
            let payload = verify_compact(&token, &keys, expect)?;
            Ok(Answer::Plaintext(String::from_utf8(payload.bytes)?))
        }
    }
}
