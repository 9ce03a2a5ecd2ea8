//! Forgeries of a signed token: what anyone can make of one without the private key (T-070 to T-072).
//!
//! A test that holds a good compact JWS tries them on its verifier, and none may be accepted. Where
//! one trial is expensive, [`crate::share::of`] chooses a twentieth.

mod headers;
mod parts;
mod payloads;
mod spellings;

use std::collections::HashSet;

use anyhow::Context as _;
use fiador_jose::base64url;
use serde_json::{Map, Value};

/// One forgery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtMutation {
    /// What was done, for the message of a failing test.
    pub what: String,
    /// The forged token; not always of three parts, not always ASCII.
    pub token: String,
}

/// A compact JWS taken apart.
struct Original<'a> {
    token: &'a str,
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    header_members: Map<String, Value>,
    claims: Map<String, Value>,
}

/// All forgeries of `token`, a good compact JWS with JSON claims; 2,000 and more, in a fixed order,
/// none equal to another one or to `token`.
///
/// `public_keys` are forms of the verifier's public key, such as its JWK or PEM text: each is tried as
/// the secret of an HMAC.
pub fn jwt_mutations(token: &str, public_keys: &[&[u8]]) -> anyhow::Result<Vec<JwtMutation>> {
    let original = Original::read(token)?;
    let mut made = Vec::new();
    headers::forge(&original, public_keys, &mut made);
    payloads::forge(&original, &mut made);
    parts::forge(&original, &mut made)?;
    spellings::forge(&original, &mut made);

    let mut seen = HashSet::from([token.to_owned()]);
    made.retain(|mutation| seen.insert(mutation.token.clone()));
    Ok(made)
}

impl<'a> Original<'a> {
    fn read(token: &'a str) -> anyhow::Result<Self> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else { anyhow::bail!("not a compact JWS") };
        let object = |part: &str| -> anyhow::Result<Map<String, Value>> {
            Ok(serde_json::from_slice(&base64url::decode(part)?)?)
        };
        Ok(Self {
            token,
            header,
            payload,
            signature,
            header_members: object(header).context("the header")?,
            claims: object(payload).context("the claims")?,
        })
    }
}

/// `members` with one of them set, or taken out with `None`.
fn with(members: &Map<String, Value>, name: &str, value: Option<Value>) -> String {
    let mut members = members.clone();
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
    Value::Object(members).to_string()
}

/// `object` with one more member at the front or at the end, there already or not.
fn with_both(object: &str, name: &str, value: &Value) -> [String; 2] {
    let member = format!("{}:{value}", Value::from(name));
    let inside = object.trim_start_matches('{').trim_end_matches('}');
    let comma = if inside.is_empty() { "" } else { "," };
    [format!("{{{member}{comma}{inside}}}"), format!("{{{inside}{comma}{member}}}")]
}

fn push(made: &mut Vec<JwtMutation>, what: impl Into<String>, token: impl Into<String>) {
    made.push(JwtMutation { what: what.into(), token: token.into() });
}
