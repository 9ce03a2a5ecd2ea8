use serde::Serialize;

use super::content::{self, Sealed};
use super::{ContentEncryption, EncryptionKey, KeyManagement};
use crate::{EncryptError, MAX_TOKEN_BYTES, PublicNumbers, base64url};

/// The header members that tell the reader what is inside (RFC 7516 §4.1.11, §4.1.12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MediaTypes<'a> {
    /// The kind of token, such as `JWE`.
    pub typ: Option<&'a str>,
    /// The kind of content: `JWT` when it is a signed token (RFC 7519 §5.2).
    pub cty: Option<&'a str>,
}

/// Encrypts `plaintext` to the owner of `key` as a compact JWE (RFC 7516 §7.1) with A256GCM.
///
/// Every call takes a new content encryption key. The token has at most [`MAX_TOKEN_BYTES`] bytes,
/// which is also the most that [`super::decrypt`] reads: nearly 48 KiB of plaintext.
pub fn encrypt(
    key: &EncryptionKey,
    types: MediaTypes<'_>,
    plaintext: &[u8],
) -> Result<String, EncryptError> {
    if plaintext.len() > MAX_TOKEN_BYTES {
        return Err(EncryptError::TooLong);
    }
    let content = ContentEncryption::A256Gcm;
    let sent = key.send(content).ok_or(EncryptError::Library)?;
    let header = ProtectedHeader {
        alg: key.key_management(),
        enc: content,
        kid: key.kid(),
        typ: types.typ,
        cty: types.cty,
        epk: sent.ephemeral.as_ref().and_then(EphemeralKey::new),
    };
    let header = serde_json::to_vec(&header).map_err(|_| EncryptError::Library)?;
    let header = base64url::encode(header);
    let sealed = content::seal(&sent.key, &header, plaintext).ok_or(EncryptError::Library)?;
    let token = compact(&sealed, &sent.encrypted);
    if token.len() > MAX_TOKEN_BYTES { Err(EncryptError::TooLong) } else { Ok(token) }
}

fn compact(sealed: &Sealed<'_>, encrypted_key: &[u8]) -> String {
    let mut token = sealed.header.to_owned();
    for part in [encrypted_key, &sealed.iv, &sealed.ciphertext, &sealed.tag] {
        token.push('.');
        base64url::encode_onto(part, &mut token);
    }
    token
}

#[derive(Serialize)]
struct ProtectedHeader<'a> {
    alg: KeyManagement,
    enc: ContentEncryption,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cty: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epk: Option<EphemeralKey>,
}

/// RFC 7518 §4.6.1.1: the public members and nothing else.
#[derive(Serialize)]
struct EphemeralKey {
    kty: &'static str,
    crv: &'static str,
    x: String,
    y: String,
}

impl EphemeralKey {
    fn new(numbers: &PublicNumbers) -> Option<Self> {
        let PublicNumbers::P256 { x, y } = numbers else { return None };
        let [x, y] = [x, y].map(base64url::encode);
        Some(Self { kty: "EC", crv: "P-256", x, y })
    }
}
