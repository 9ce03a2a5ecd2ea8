//! What lies under the seal of a code or an access token, as bytes.
//!
//! One version byte, then the members in the order of the domain type, in postcard's encoding:
//! variable-length integers, no names. A code with nonce, PKCE challenge, hint and session stays
//! below 512 characters once sealed. A change of the domain types is a new version byte; a node that
//! meets a version it does not know treats the value as inactive, which happens for a few minutes
//! while a cluster is upgraded (T-249).
//!
//! The seal has authenticated the bytes before they come here; decoding is strict all the same:
//! unknown versions, trailing bytes and values that the domain types refuse give `None`.

use fiador_domain::token::{AccessTokenContent, CodeContent};
use serde::{Serialize, de::DeserializeOwned};

/// First byte of both kinds. The kinds themselves are told apart by their seals.
const VERSION: u8 = 2;

/// Room that nearly every value fits in, so that encoding allocates once.
const USUAL_BYTES: usize = 384;

/// The content of a code as bytes; `None` only for a value that cannot be encoded at all.
pub fn encode_code(content: &CodeContent) -> Option<Vec<u8>> {
    encode(content)
}

/// Reads what [`encode_code`] wrote; `None` for anything else.
pub fn decode_code(bytes: &[u8]) -> Option<CodeContent> {
    decode(bytes)
}

/// The content of an access token as bytes; `None` only for a value that cannot be encoded at all.
pub fn encode_access_token(content: &AccessTokenContent) -> Option<Vec<u8>> {
    encode(content)
}

/// Reads what [`encode_access_token`] wrote; `None` for anything else.
pub fn decode_access_token(bytes: &[u8]) -> Option<AccessTokenContent> {
    decode(bytes)
}

fn encode<T: Serialize>(content: &T) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    bytes.push(VERSION);
    postcard::to_extend(content, bytes).ok()
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (&version, content) = bytes.split_first()?;
    if version != VERSION {
        return None;
    }
    match postcard::take_from_bytes(content) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}
