use serde::Deserialize;

use crate::{Algorithm, base64url, strict_json};

/// A JOSE header that breaks a rule of RFC 7515 §4 or of this crate.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// Not base64url, not a JSON object, a repeated member or a member of the wrong type.
    #[error("the header is not a strict JSON object in base64url")]
    Malformed,
    /// `alg` is `none`, an HMAC, or any other name that is not an [`Algorithm`] (T-070).
    #[error("the header names an algorithm that is not offered")]
    UnknownAlgorithm,
    /// The header brings its own key or a place to fetch it from (T-071).
    #[error("the header carries `{0}`; keys come from registration only")]
    CarriesKey(&'static str),
    /// `crit`, `b64`, `zip` or `enc`: a processing rule this crate does not follow (T-072).
    #[error("the header asks for `{0}`, which is not supported")]
    Unsupported(&'static str),
}

/// What a verifier may read from the header before the signature is known to be good.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<String>,
    pub(crate) typ: Option<String>,
}

impl Header {
    /// Reads the first segment of a compact JWS.
    pub(crate) fn decode(segment: &str) -> Result<Self, HeaderError> {
        let json = base64url::decode(segment).map_err(|_| HeaderError::Malformed)?;
        let members: Members =
            strict_json::from_slice(&json).map_err(|_| HeaderError::Malformed)?;
        members.refuse_forbidden()?;
        let algorithm = Algorithm::from_name(&members.alg).ok_or(HeaderError::UnknownAlgorithm)?;
        Ok(Self { algorithm, kid: members.kid, typ: members.typ })
    }
}

/// `Present` remembers that a member was there without looking at its value, `null` included.
#[derive(Default)]
pub(crate) struct Present(pub(crate) bool);

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

#[derive(Deserialize)]
struct Members {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    #[serde(default)]
    jwk: Present,
    #[serde(default)]
    jku: Present,
    #[serde(default)]
    x5u: Present,
    #[serde(default)]
    x5c: Present,
    #[serde(default)]
    crit: Present,
    #[serde(default)]
    b64: Present,
    #[serde(default)]
    zip: Present,
    #[serde(default)]
    enc: Present,
}

impl Members {
    fn refuse_forbidden(&self) -> Result<(), HeaderError> {
        let keys = [("jwk", &self.jwk), ("jku", &self.jku), ("x5u", &self.x5u), ("x5c", &self.x5c)];
        if let Some((name, _)) = keys.into_iter().find(|(_, member)| member.0) {
            return Err(HeaderError::CarriesKey(name));
        }
        let rules =
            [("crit", &self.crit), ("b64", &self.b64), ("zip", &self.zip), ("enc", &self.enc)];
        if let Some((name, _)) = rules.into_iter().find(|(_, member)| member.0) {
            return Err(HeaderError::Unsupported(name));
        }
        Ok(())
    }
}
