use serde::{Deserialize, Serialize};

use super::usage::Statements;
use super::{Jwk, JwkError, KeyUsage, MAX_KID_BYTES, PublicNumbers};
use crate::jwe::KeyManagement;
use crate::{Algorithm, base64url};

/// The members as they stand in JSON; serde refuses repeated ones.
#[derive(Serialize, Deserialize)]
pub(super) struct WireJwk {
    kty: String,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(skip_serializing)]
    key_ops: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing)]
    d: Option<serde::de::IgnoredAny>,
}

impl From<Jwk> for WireJwk {
    fn from(jwk: Jwk) -> Self {
        let (purpose, alg) = match jwk.usage {
            KeyUsage::Signature(alg) => (Some("sig"), alg.map(Algorithm::name)),
            KeyUsage::Encryption(alg) => (Some("enc"), alg.map(KeyManagement::name)),
            KeyUsage::Unstated => (None, None),
        };
        let (kty, crv, [n, e, x, y]) = match jwk.numbers {
            PublicNumbers::Rsa { n, e } => ("RSA", None, [Some(n), Some(e), None, None]),
            PublicNumbers::P256 { x, y } => {
                ("EC", Some("P-256".to_owned()), [None, None, Some(x.into()), Some(y.into())])
            }
        };
        let text = |number: Option<Vec<u8>>| number.map(base64url::encode);
        Self {
            kty: kty.to_owned(),
            purpose: purpose.map(str::to_owned),
            key_ops: None,
            kid: jwk.kid,
            alg: alg.map(str::to_owned),
            n: text(n),
            e: text(e),
            crv,
            x: text(x),
            y: text(y),
            d: None,
        }
    }
}

impl TryFrom<WireJwk> for Jwk {
    type Error = JwkError;

    fn try_from(wire: WireJwk) -> Result<Self, JwkError> {
        if wire.d.is_some() {
            return Err(JwkError::Private);
        }
        if wire.kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID_BYTES) {
            return Err(JwkError::LongKid);
        }
        let numbers = match (wire.kty.as_str(), wire.crv.as_deref()) {
            ("RSA", _) => PublicNumbers::Rsa { n: number(wire.n)?, e: number(wire.e)? },
            ("EC", Some("P-256")) => {
                PublicNumbers::P256 { x: coordinate(wire.x)?, y: coordinate(wire.y)? }
            }
            _ => return Err(JwkError::UnknownKeyType),
        };
        let numbers = numbers.checked()?;
        let stated = Statements {
            purpose: wire.purpose.as_deref(),
            operations: wire.key_ops.as_deref(),
            alg: wire.alg.as_deref(),
        };
        let usage = stated.usage(&numbers)?;
        Ok(Self { kid: wire.kid, usage, numbers })
    }
}

fn number(text: Option<String>) -> Result<Vec<u8>, JwkError> {
    base64url::decode(text.ok_or(JwkError::BadNumber)?).map_err(|_| JwkError::BadNumber)
}

fn coordinate(text: Option<String>) -> Result<[u8; 32], JwkError> {
    number(text)?.try_into().map_err(|_| JwkError::BadNumber)
}
