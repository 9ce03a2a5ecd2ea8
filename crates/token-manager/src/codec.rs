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

use fiador_domain::{
    client_token::ClientTokenContent,
    token::{AccessTokenContent, CodeContent},
};
use fiador_kernel::ScopeSet;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// First byte of codes and of access tokens about subscribers. The two are told apart by their
/// seals.
const VERSION: u8 = 3;

/// First byte of an access token that a client holds for itself: it lies under the seal of access
/// tokens, and neither kind is ever read as the other (T-068).
const CLIENT_TOKEN_VERSION: u8 = 129;

/// Room that nearly every value fits in, so that encoding allocates once.
const USUAL_BYTES: usize = 384;

/// A code, without naming scopes twice: of those that the user agreed to on the way the granted ones
/// are written as positions in the list of those granted. Only the others, which let claims leave
/// that were asked for one by one, stay in the content.
#[derive(Serialize, Deserialize)]
struct Code {
    content: CodeContent,
    consented: Option<Vec<u8>>,
}

/// The content of a code as bytes; `None` only for a value that cannot be encoded at all: more than
/// 256 scopes.
pub fn encode_code(content: &CodeContent) -> Option<Vec<u8>> {
    let mut content = content.clone();
    let consented = match content.consented.take() {
        Some(consented) => {
            let beyond = consented.difference(&content.scopes);
            let granted = positions(&consented.intersection(&content.scopes), &content.scopes)?;
            content.consented = (!beyond.is_empty()).then_some(beyond);
            Some(granted)
        }
        None => None,
    };
    encode(VERSION, &Code { content, consented })
}

/// Reads what [`encode_code`] wrote; `None` for anything else.
pub fn decode_code(bytes: &[u8]) -> Option<CodeContent> {
    let Code { mut content, consented } = decode(VERSION, bytes)?;
    let beyond = content.consented.take();
    content.consented = match (consented, beyond) {
        (None, None) => None,
        (None, Some(_)) => return None,
        (Some(positions), None) => Some(at_positions(&positions, &content.scopes)?),
        (Some(positions), Some(beyond)) => {
            if beyond.is_empty() || !beyond.intersection(&content.scopes).is_empty() {
                return None;
            }
            Some(at_positions(&positions, &content.scopes)?.union(&beyond))
        }
    };
    Some(content)
}

fn positions(members: &ScopeSet, all: &ScopeSet) -> Option<Vec<u8>> {
    let position = |member| all.iter().position(|scope| scope == member);
    members.iter().map(|member| u8::try_from(position(member)?).ok()).collect()
}

/// Strict: positions rise, so that a value has one encoding.
fn at_positions(positions: &[u8], all: &ScopeSet) -> Option<ScopeSet> {
    let rising = positions.windows(2).all(|pair| pair[0] < pair[1]);
    let scope = |position: &u8| all.iter().nth(usize::from(*position)).cloned();
    if rising { positions.iter().map(scope).collect() } else { None }
}

/// The content of an access token as bytes; `None` only for a value that cannot be encoded at all.
pub fn encode_access_token(content: &AccessTokenContent) -> Option<Vec<u8>> {
    encode(VERSION, content)
}

/// Reads what [`encode_access_token`] wrote; `None` for anything else.
pub fn decode_access_token(bytes: &[u8]) -> Option<AccessTokenContent> {
    decode(VERSION, bytes)
}

/// The content of a client's own token as bytes; `None` only for a value that cannot be encoded at
/// all.
pub fn encode_client_token(content: &ClientTokenContent) -> Option<Vec<u8>> {
    encode(CLIENT_TOKEN_VERSION, content)
}

/// Reads what [`encode_client_token`] wrote; `None` for anything else.
pub fn decode_client_token(bytes: &[u8]) -> Option<ClientTokenContent> {
    decode(CLIENT_TOKEN_VERSION, bytes)
}

fn encode<T: Serialize>(version: u8, content: &T) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    bytes.push(version);
    postcard::to_extend(content, bytes).ok()
}

fn decode<T: DeserializeOwned>(version: u8, bytes: &[u8]) -> Option<T> {
    let content = bytes.strip_prefix(&[version])?;
    match postcard::take_from_bytes(content) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}
