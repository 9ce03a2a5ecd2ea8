//! Numbers that travel through service providers without being readable there (mobile-connect §1.7,
//! §2.4): Discovery encrypts them to an operator, and the operator's gateway decrypts them.

use std::fmt;

use async_trait::async_trait;
use fiador_domain::numbering::Operator;
use fiador_kernel::{Msisdn, OperatorId, Timestamp};

use crate::StoreError;

/// One number, encrypted to one operator. `Debug` masks both: they stand for a person.
#[derive(Clone, PartialEq, Eq)]
pub struct SubscriberIds {
    /// `subscriber_id`: what a service provider sends as `login_hint=ENCR_MSISDN:…`. A compact JWE
    /// (RFC 7516 §7.1), or hexadecimal RSA for an operator whose key is of that kind.
    pub subscriber_id: String,
    /// `subscriber_id_token`: what a service provider sends as `login_hint_token`. A signed JWT
    /// inside a compact JWE; `None` for an operator that has registered no key for JWE.
    pub subscriber_id_token: Option<String>,
}

impl fmt::Debug for SubscriberIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubscriberIds(***)")
    }
}

/// A number as somebody encrypted it to this gateway; any text may stand in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum EncryptedNumber<'a> {
    /// Hexadecimal of RSA PKCS#1 v1.5: digits, then filler.
    HexRsa(&'a str),
    /// A compact JWE of the digits, or of a JSON object with `msisdn` or `MSISDN`.
    Jwe(&'a str),
    /// A compact JWE of a JWT that Discovery signed.
    HintToken(&'a str),
}

impl<'a> EncryptedNumber<'a> {
    /// Tells the two encodings of `ENCR_MSISDN:` apart: a JWE has dots, hexadecimal none.
    pub fn of_hint(value: &'a str) -> Self {
        if value.contains('.') { Self::Jwe(value) } else { Self::HexRsa(value) }
    }
}

impl fmt::Debug for EncryptedNumber<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HexRsa(_) => "HexRsa(***)",
            Self::Jwe(_) => "Jwe(***)",
            Self::HintToken(_) => "HintToken(***)",
        })
    }
}

/// A number could be neither encrypted nor decrypted for reasons of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OperatorKeyError {
    /// No key pair of this gateway is active, or none may sign.
    #[error("no key for encrypted numbers is active; run `fiador keys list`")]
    NoKey,
    /// The cryptographic library failed.
    #[error("the cryptographic library could not encrypt or sign a number")]
    Library,
}

/// Encrypts numbers to operators, and decrypts those that were encrypted to this gateway.
#[async_trait]
pub trait OperatorKeys: Send + Sync {
    /// The number, encrypted to `operator`; `None` when a foreign operator has registered no key.
    /// The token says that it is of no use from `expires_at` on.
    async fn encrypt(
        &self,
        operator: &Operator,
        number: &Msisdn,
        expires_at: Timestamp,
    ) -> Result<Option<SubscriberIds>, OperatorKeyError>;

    /// The number inside, under a present or an earlier key of this gateway. `None` for everything
    /// else: forged, altered, expired, of another operator, or not a number. The reasons are not
    /// told apart, and the caller goes on as with a number that nobody has (T-048).
    async fn decrypt(
        &self,
        number: EncryptedNumber<'_>,
    ) -> Result<Option<Msisdn>, OperatorKeyError>;
}

/// The public keys that one operator has registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOperatorKeys {
    /// Whose keys.
    pub operator: OperatorId,
    /// A JWK Set (RFC 7517 §5) of public keys, JSON text of at most 16 KiB.
    pub key_set: String,
    /// When they were registered.
    pub registered_at: Timestamp,
}

/// Where operators' public keys are kept.
#[async_trait]
pub trait OperatorKeyStore: Send + Sync {
    /// The keys of every operator that has any.
    async fn all_operator_keys(&self) -> Result<Vec<StoredOperatorKeys>, StoreError>;

    /// Replaces the keys of one operator as a whole.
    async fn put_operator_keys(&self, keys: StoredOperatorKeys) -> Result<(), StoreError>;
}
