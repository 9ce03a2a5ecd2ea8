use serde::Deserialize;

use super::{ContentEncryption, KeyManagement};
use crate::header::Present;
use crate::{PublicNumbers, base64url, strict_json};

/// A JWE header that breaks a rule of RFC 7516 §4 or of this crate.
#[derive(Debug, thiserror::Error)]
pub enum EncryptionHeaderError {
    /// Not base64url, not a JSON object, a repeated member or a member of the wrong type.
    #[error("the header is not a strict JSON object in base64url")]
    Malformed,
    /// `alg` is not a [`KeyManagement`] (T-072).
    #[error("the header names a key management that is not offered")]
    UnknownKeyManagement,
    /// `enc` is not a [`ContentEncryption`].
    #[error("the header names a content encryption that is not offered")]
    UnknownContentEncryption,
    /// `zip`, `crit` or `b64`: a processing rule this crate does not follow (T-072).
    #[error("the header asks for `{0}`, which is not supported")]
    Unsupported(&'static str),
    /// `epk` is missing with ECDH-ES, or is not a public key on P-256 (RFC 7518 §4.6.1.1).
    #[error("the header has no usable `epk`")]
    BadEphemeralKey,
}

/// What the reader is told about a compact JWE.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) key_management: KeyManagement,
    pub(super) content: ContentEncryption,
    pub(super) kid: Option<String>,
    pub(super) typ: Option<String>,
    pub(super) cty: Option<String>,
    /// With ECDH-ES, and only then.
    pub(super) agreement: Option<Agreement>,
}

/// The public inputs of a key agreement (RFC 7518 §4.6.1).
#[derive(Debug, Default)]
pub(super) struct Agreement {
    /// The sender's ephemeral key as an uncompressed point, not yet known to be on the curve.
    pub(super) ephemeral: Vec<u8>,
    pub(super) apu: Vec<u8>,
    pub(super) apv: Vec<u8>,
}

#[derive(Deserialize)]
struct Members {
    alg: String,
    enc: String,
    kid: Option<String>,
    typ: Option<String>,
    cty: Option<String>,
    epk: Option<EphemeralKey>,
    apu: Option<String>,
    apv: Option<String>,
    #[serde(default)]
    zip: Present,
    #[serde(default)]
    crit: Present,
    #[serde(default)]
    b64: Present,
}

#[derive(Deserialize)]
struct EphemeralKey {
    kty: String,
    crv: String,
    x: String,
    y: String,
    #[serde(default)]
    d: Present,
}

impl Header {
    /// Reads the first segment of a compact JWE. `jwk`, `jku`, `x5u` and `x5c` name the recipient's
    /// key here (RFC 7516 §4.1.4 to §4.1.8); they are passed over like every unknown member, since
    /// keys are found by `kid` alone (T-071).
    pub(super) fn decode(segment: &str) -> Result<Self, EncryptionHeaderError> {
        let malformed = || EncryptionHeaderError::Malformed;
        let json = base64url::decode(segment).map_err(|_| malformed())?;
        let members: Members = strict_json::from_slice(&json).map_err(|_| malformed())?;
        let rules = [("zip", &members.zip), ("crit", &members.crit), ("b64", &members.b64)];
        if let Some((name, _)) = rules.into_iter().find(|(_, member)| member.0) {
            return Err(EncryptionHeaderError::Unsupported(name));
        }
        let key_management = KeyManagement::from_name(&members.alg)
            .ok_or(EncryptionHeaderError::UnknownKeyManagement)?;
        let content = ContentEncryption::from_name(&members.enc)
            .ok_or(EncryptionHeaderError::UnknownContentEncryption)?;
        let agreement = match key_management {
            KeyManagement::RsaOaep256 => None,
            KeyManagement::EcdhEs => {
                let epk = members.epk.ok_or(EncryptionHeaderError::BadEphemeralKey)?;
                Some(Agreement {
                    ephemeral: epk.point().ok_or(EncryptionHeaderError::BadEphemeralKey)?,
                    apu: party(members.apu)?,
                    apv: party(members.apv)?,
                })
            }
        };
        let Members { kid, typ, cty, .. } = members;
        Ok(Self { key_management, content, kid, typ, cty, agreement })
    }
}

impl EphemeralKey {
    fn point(&self) -> Option<Vec<u8>> {
        if self.kty != "EC" || self.crv != "P-256" || self.d.0 {
            return None;
        }
        let coordinate = |text| base64url::decode(text).ok()?.try_into().ok();
        Some(PublicNumbers::uncompressed_point(&coordinate(&self.x)?, &coordinate(&self.y)?))
    }
}

fn party(text: Option<String>) -> Result<Vec<u8>, EncryptionHeaderError> {
    base64url::decode(text.unwrap_or_default()).map_err(|_| EncryptionHeaderError::Malformed)
}
