use super::content::Sealed;
use super::header::Header;
use super::{ContentEncryption, DecryptionKey, EncryptionHeaderError, KeyManagement};
use crate::{MAX_TOKEN_BYTES, base64url};

/// So many keys of the right kind are tried when the token names none.
const MAX_KEYS_TRIED: usize = 8;

/// The content of a JWE, and what its header said of it. Anyone can encrypt to a public key: the
/// content is secret, not authentic, unless it is signed itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Decrypted {
    /// The content.
    pub plaintext: Vec<u8>,
    /// The kind of token, if the header says so.
    pub typ: Option<String>,
    /// The kind of content, if the header says so.
    pub cty: Option<String>,
    /// Id of the key that opened it.
    pub kid: String,
}

/// Why a JWE was not decrypted. For the operator's log; a client is told no more than that its value
/// is invalid.
#[derive(Debug, thiserror::Error)]
pub enum DecryptError {
    /// More than [`MAX_TOKEN_BYTES`].
    #[error("the token has more than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    /// Not five parts separated by dots.
    #[error("the token is not a compact JWE of five parts")]
    NotCompact,
    /// The header breaks a rule.
    #[error(transparent)]
    Header(#[from] EncryptionHeaderError),
    /// A known content encryption, but not one that is accepted for this purpose (T-070).
    #[error("{0} is not among the content encryptions accepted for this purpose")]
    ContentNotExpected(ContentEncryption),
    /// None of the keys has this kind of key management and `kid`.
    #[error("there is no key for {0} with the token's kid")]
    NoKey(KeyManagement),
    /// Something after the header is wrong: encoding, lengths, key, nonce, tag, ciphertext, or the
    /// point of the ephemeral key. On purpose no more is known (RFC 7516 §11.5).
    #[error("the token cannot be decrypted")]
    Undecryptable,
}

/// Decrypts a compact JWE (RFC 7516 §5.2).
///
/// A key is used only for the one kind of key management it was made for, and only with the content
/// encryptions in `content`. Keys are chosen by `kid`; a token without one is tried with all.
pub fn decrypt<'k>(
    token: &str,
    keys: impl IntoIterator<Item = &'k DecryptionKey>,
    content: &[ContentEncryption],
) -> Result<Decrypted, DecryptError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(DecryptError::TooLong);
    }
    let parts: Vec<&str> = token.splitn(6, '.').collect();
    let [segment, encrypted_key, iv, ciphertext, tag] = parts[..] else {
        return Err(DecryptError::NotCompact);
    };

    let header = Header::decode(segment)?;
    if !content.contains(&header.content) {
        return Err(DecryptError::ContentNotExpected(header.content));
    }
    let named = |key: &&DecryptionKey| {
        key.key_management() == header.key_management
            && header.kid.as_deref().is_none_or(|kid| kid == key.kid())
    };
    let mut candidates = keys.into_iter().filter(named).take(MAX_KEYS_TRIED).peekable();
    if candidates.peek().is_none() {
        return Err(DecryptError::NoKey(header.key_management));
    }

    let wrong = |_| DecryptError::Undecryptable;
    let encrypted_key = base64url::decode(encrypted_key).map_err(wrong)?;
    let iv = base64url::decode(iv).map_err(wrong)?;
    let ciphertext = base64url::decode(ciphertext).map_err(wrong)?;
    let tag = base64url::decode(tag).map_err(wrong)?;
    let sealed = Sealed { iv, ciphertext, tag, header: segment };
    let (plaintext, kid) = candidates
        .find_map(|key| {
            let content_key = key.receive(&header, &encrypted_key)?;
            Some((sealed.open(header.content, &content_key)?, key.kid().to_owned()))
        })
        .ok_or(DecryptError::Undecryptable)?;
    Ok(Decrypted { plaintext, typ: header.typ, cty: header.cty, kid })
}

impl std::fmt::Debug for Decrypted {
    /// The content is personal data: only its size is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decrypted")
            .field("plaintext", &format_args!("<{} bytes>", self.plaintext.len()))
            .field("typ", &self.typ)
            .field("cty", &self.cty)
            .field("kid", &self.kid)
            .finish()
    }
}
