use serde::de::DeserializeOwned;

use crate::header::{Header, HeaderError};
use crate::strict_json::{self, StrictJsonError};
use crate::{Algorithm, VerificationKey, base64url};

/// Longest compact JWS that is looked at, in bytes (T-072).
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// So many keys of the right algorithm and id are tried, so that a token costs a bounded time.
const MAX_KEYS_TRIED: usize = crate::MAX_JWK_SET_KEYS;

/// What the verifier insists on, decided before the token is read (RFC 8725 §3.1, §3.11).
#[derive(Clone, Copy, Debug)]
pub struct Expect<'a> {
    /// Algorithms registered for this sender and purpose.
    pub algorithms: &'a [Algorithm],
    /// The kind of token.
    pub typ: ExpectTyp<'a>,
}

/// The `typ` header that is accepted. Compared without case and without the prefix `application/`
/// (RFC 7515 §4.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectTyp<'a> {
    /// No `typ`, or the unspecific `JWT`: for profiles older than explicit typing.
    AbsentOrJwt,
    /// This type and no other, such as `dpop+jwt`.
    Exactly(&'a str),
}

/// A payload whose signature has been checked.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedPayload {
    /// The signed bytes.
    pub bytes: Vec<u8>,
    /// The algorithm that signed them.
    pub algorithm: Algorithm,
    /// Id of the key that signed them, if that key has one.
    pub kid: Option<String>,
}

/// Why a token was not accepted. For the operator's log; a client is told no more than that its
/// token is invalid.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// More than [`MAX_TOKEN_BYTES`].
    #[error("the token has more than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    /// Not three parts separated by dots.
    #[error("the token is not a compact JWS of three parts")]
    NotCompact,
    /// The header breaks a rule.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A known algorithm, but not one that was registered for this purpose (T-070).
    #[error("{0} is not among the algorithms registered for this purpose")]
    AlgorithmNotExpected(Algorithm),
    /// `typ` says that this is another kind of token (RFC 8725 §3.11).
    #[error("the token is of another type")]
    TypNotExpected,
    /// No registered key has this algorithm and `kid`.
    #[error("no registered key has the token's algorithm and kid; refresh the key set")]
    NoKey,
    /// Payload or signature is not strict base64url.
    #[error("payload or signature is not base64url without padding")]
    NotBase64Url(#[from] base64url::NotBase64Url),
    /// The signature does not belong to header, payload and key.
    #[error("the signature is wrong")]
    BadSignature,
}

/// Checks a compact JWS (RFC 7515 §5.2) and gives back its payload.
///
/// A key is used only for an algorithm it was made for, and only when `expect` lists that
/// algorithm; the header has to agree with both.
pub fn verify_compact(
    token: &str,
    keys: &[VerificationKey],
    expect: Expect<'_>,
) -> Result<VerifiedPayload, VerifyError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(VerifyError::TooLong);
    }
    let (signing_input, signature) = token.rsplit_once('.').ok_or(VerifyError::NotCompact)?;
    let (header, payload) = signing_input.split_once('.').ok_or(VerifyError::NotCompact)?;
    if payload.contains('.') {
        return Err(VerifyError::NotCompact);
    }

    let header = Header::decode(header)?;
    if !expect.algorithms.contains(&header.algorithm) {
        return Err(VerifyError::AlgorithmNotExpected(header.algorithm));
    }
    if !expect.typ.accepts(header.typ.as_deref()) {
        return Err(VerifyError::TypNotExpected);
    }

    let bytes = base64url::decode(payload)?;
    let signature = base64url::decode(signature)?;
    let mut candidates = keys
        .iter()
        .filter(|key| key.algorithms().any(|algorithm| algorithm == header.algorithm))
        .filter(|key| key.may_be(header.kid.as_deref()))
        .take(MAX_KEYS_TRIED)
        .peekable();
    if candidates.peek().is_none() {
        return Err(VerifyError::NoKey);
    }
    let key = candidates
        .find(|key| key.verifies(header.algorithm, signing_input.as_bytes(), &signature))
        .ok_or(VerifyError::BadSignature)?;
    Ok(VerifiedPayload { bytes, algorithm: header.algorithm, kid: key.kid().map(str::to_owned) })
}

impl VerifiedPayload {
    /// Reads the payload as JSON claims; repeated members are refused (T-007, RFC 7519 §4).
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, StrictJsonError> {
        strict_json::from_slice(&self.bytes)
    }
}

impl std::fmt::Debug for VerifiedPayload {
    /// Claims are personal data: only their size is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VerifiedPayload")
            .field("bytes", &format_args!("<{} bytes>", self.bytes.len()))
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish()
    }
}

impl ExpectTyp<'_> {
    fn accepts(self, typ: Option<&str>) -> bool {
        match self {
            Self::AbsentOrJwt => typ.is_none_or(|typ| same_media_type(typ, "JWT")),
            Self::Exactly(wanted) => typ.is_some_and(|typ| same_media_type(typ, wanted)),
        }
    }
}

fn same_media_type(a: &str, b: &str) -> bool {
    without_prefix(a).eq_ignore_ascii_case(without_prefix(b))
}

fn without_prefix(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) => rest,
        _ => typ,
    }
}
