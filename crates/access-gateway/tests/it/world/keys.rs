//! Keys that can be seen through.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::{
    client::{Client, Encryption, SigningAlgorithm},
    numbering::Operator,
};
use fiador_kernel::{Msisdn, Timestamp};
use fiador_ports::{
    ClientKeyError, ClientKeys, EncryptedNumber, OperatorKeyError, OperatorKeys, SignError,
    SignedContent, SignedPurpose, Signer, SubscriberIds,
};
use serde_json::Value;

/// Signs and encrypts by writing words in front.
pub(crate) struct Letters;

/// The claims of a token that [`Letters`] signed.
pub(crate) fn signed_content(token: &str) -> Value {
    serde_json::from_str(token.strip_prefix("signed ES256 ").unwrap()).unwrap()
}

#[async_trait]
impl Signer for Letters {
    async fn sign_as(
        &self,
        typ: &str,
        algorithm: SigningAlgorithm,
        payload: &[u8],
    ) -> Result<String, SignError> {
        assert_eq!(typ, "JWT");
        Ok(format!("signed {} {}", algorithm.as_str(), std::str::from_utf8(payload).unwrap()))
    }

    fn can_sign(&self, _: SigningAlgorithm) -> bool {
        true
    }

    fn verify_own(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    fn public_keys(&self) -> Arc<str> {
        Arc::from("")
    }
}

#[async_trait]
impl ClientKeys for Letters {
    async fn verify(
        &self,
        _: &Client,
        _: &str,
        _: SignedPurpose,
    ) -> Result<SignedContent, ClientKeyError> {
        Err(ClientKeyError::NoKeys)
    }

    async fn encrypt(
        &self,
        client: &Client,
        content_type: Option<&str>,
        plaintext: &[u8],
        _: Encryption,
    ) -> Result<String, ClientKeyError> {
        let plaintext = std::str::from_utf8(plaintext).unwrap();
        Ok(format!("to {} {} {plaintext}", client.id, content_type.unwrap_or("-")))
    }
}

#[async_trait]
impl OperatorKeys for Letters {
    async fn encrypt(
        &self,
        _: &Operator,
        _: &Msisdn,
        _: Timestamp,
    ) -> Result<Option<SubscriberIds>, OperatorKeyError> {
        Ok(None)
    }

    /// Digits after an `x`, as if they were encrypted.
    async fn decrypt(
        &self,
        number: EncryptedNumber<'_>,
    ) -> Result<Option<Msisdn>, OperatorKeyError> {
        let EncryptedNumber::HexRsa(text) = number else { return Ok(None) };
        Ok(text.strip_prefix('x').and_then(|digits| Msisdn::from_digits(digits).ok()))
    }
}
