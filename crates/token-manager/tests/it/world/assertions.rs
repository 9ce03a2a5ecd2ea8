//! What clients sign.

use async_trait::async_trait;
use fiador_domain::client::{Client, ClientKeySource, Encryption, SignatureAlgorithm};
use fiador_jose::{
    Algorithm, Expect, ExpectTyp, JwkSet, SigningKey, VerificationKey, verify_compact,
};
use fiador_kernel::{OsEntropy, Timestamp, token_text};
use fiador_ports::{ClientKeyError, ClientKeys, KeySetError, SignedContent, SignedPurpose};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use super::{Holder, ISSUER};

/// Registered keys of clients, verified for real; their set can be taken away.
#[derive(Default)]
pub(crate) struct Registered {
    pub(crate) are_away: Mutex<bool>,
}

#[async_trait]
impl ClientKeys for Registered {
    async fn verify(
        &self,
        client: &Client,
        token: &str,
        purpose: SignedPurpose,
    ) -> Result<SignedContent, ClientKeyError> {
        assert_eq!(purpose, SignedPurpose::ClientAssertion);
        if *self.are_away.lock() {
            return Err(KeySetError::Status(500).into());
        }
        let ClientKeySource::Inline(keys) = &client.keys else {
            return Err(ClientKeyError::NoKeys);
        };
        let keys = VerificationKey::from_set(&JwkSet::parse(keys.as_bytes()).unwrap());
        let expect = Expect { algorithms: &[Algorithm::Es256], typ: ExpectTyp::AbsentOrJwt };
        let verified =
            verify_compact(token, &keys, expect).map_err(|_| ClientKeyError::BadSignature)?;
        let claims: Map<String, Value> =
            verified.claims().map_err(|_| ClientKeyError::Malformed)?;
        Ok(SignedContent { claims, algorithm: SignatureAlgorithm::Es256, kid: verified.kid })
    }

    async fn encrypt(
        &self,
        _: &Client,
        _: Option<&str>,
        _: &[u8],
        _: Encryption,
    ) -> Result<String, ClientKeyError> {
        Err(ClientKeyError::NotEncrypted)
    }
}

/// The claims of a good assertion of `holder`, each with another `jti`.
pub(crate) fn assertion_claims(holder: Holder, now: Timestamp) -> Value {
    json!({
        "iss": holder.id,
        "sub": holder.id,
        "aud": ISSUER,
        "iat": now.as_seconds(),
        "exp": now.as_seconds() + 60,
        "jti": token_text(&OsEntropy, 16),
    })
}

/// Signs claims with the key of the clients that have one.
pub(crate) fn sign(claims: &Value) -> String {
    sign_with(&super::keys::CLIENT, claims)
}

/// Signs claims with some other key.
pub(crate) fn sign_with(key: &SigningKey, claims: &Value) -> String {
    key.sign_compact(Some("JWT"), claims).unwrap()
}
