//! Public keys as another operator sends them.

use fiador_jose::{
    Jwk, JwkSet, KeyUsage, PublicNumbers,
    jwe::{EncryptionKey, KeyManagement},
    pkcs1, strict_json,
};
use serde_json::{Map, Value, json};

/// Bytes of a document; four RSA keys of 8192 bits fit.
const MAX_BYTES: usize = 16 * 1024;

/// Keys of a document: one of each kind in use, and one of each on its way out.
const MAX_KEYS: usize = 4;

/// The name that JWKs have for RSA PKCS#1 v1.5 encryption (RFC 7518 §4.2). A key with it takes
/// numbers as hexadecimal; no JWE is ever made with it (T-072).
const RSA1_5: &str = "RSA1_5";

/// Why a document of keys is refused. The message says what to send instead.
#[derive(Debug, thiserror::Error)]
pub enum KeySetRefusal {
    /// More than 16 KiB.
    #[error("the document has more than 16 KiB")]
    TooLong,
    /// Not JSON, or a member stands there twice.
    #[error("the document is no JSON object without repeated members")]
    NotJson,
    /// Neither a JWK Set nor a JWK.
    #[error("the document is neither {{\"keys\": [...]}} nor a single JSON Web Key (RFC 7517)")]
    NotAKeySet,
    /// None, or more than four.
    #[error("the document must have 1 to 4 keys")]
    Count,
    /// One of the keys cannot be used.
    #[error("key {position}: {reason}")]
    Key {
        /// Which one, beginning with 1.
        position: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// One of the keys is for something else.
    #[error(
        "key {position}: alg must be RSA-OAEP-256, ECDH-ES or RSA1_5 (hexadecimal), use must be enc"
    )]
    OtherPurpose {
        /// Which one, beginning with 1.
        position: usize,
    },
    /// Two keys have one `kid`.
    #[error("two keys have the same kid")]
    SameKid,
}

/// Whether the document would be accepted, and why not.
///
/// It is a JWK Set, or one JWK, of 1 to 4 public keys in at most 16 KiB. `alg` says how numbers are
/// encrypted: `RSA-OAEP-256` (also when it is left out of an RSA key) and `ECDH-ES` as compact JWE,
/// `RSA1_5` as hexadecimal. The first key of each kind is used; a key without `kid` gets its RFC 7638
/// thumbprint. RSA keys have 2048 to 8192 bits.
pub fn check_key_set(document: &[u8]) -> Result<(), KeySetRefusal> {
    OperatorKeySet::parse(document).map(drop)
}

/// The keys of one operator, parsed once.
#[derive(Debug)]
pub(super) struct OperatorKeySet {
    jwe: Option<EncryptionKey>,
    pkcs1: Option<pkcs1::EncryptionKey>,
    document: String,
}

impl OperatorKeySet {
    pub(super) fn parse(document: &[u8]) -> Result<Self, KeySetRefusal> {
        if document.len() > MAX_BYTES {
            return Err(KeySetRefusal::TooLong);
        }
        let mut object: Map<String, Value> =
            strict_json::from_slice(document).map_err(|_| KeySetRefusal::NotJson)?;
        let keys = match object.remove("keys") {
            Some(Value::Array(keys)) => keys,
            None if object.contains_key("kty") => vec![Value::Object(object)],
            _ => return Err(KeySetRefusal::NotAKeySet),
        };
        if !(1..=MAX_KEYS).contains(&keys.len()) {
            return Err(KeySetRefusal::Count);
        }
        let mut kids = Vec::new();
        let mut set = Self { jwe: None, pkcs1: None, document: String::new() };
        let mut members = Vec::new();
        for (position, key) in (1..).zip(keys) {
            let read = ReadKey::read(position, key)?;
            if kids.contains(&read.kid) {
                return Err(KeySetRefusal::SameKid);
            }
            match read.key {
                OperatorKey::Jwe(key) => set.jwe = set.jwe.or(Some(key)),
                OperatorKey::Pkcs1(key) => set.pkcs1 = set.pkcs1.or(Some(key)),
            }
            kids.push(read.kid);
            members.push(read.json);
        }
        set.document = json!({ "keys": members }).to_string();
        Ok(set)
    }

    /// The key for JWE.
    pub(super) fn jwe(&self) -> Option<&EncryptionKey> {
        self.jwe.as_ref()
    }

    /// The key for hexadecimal.
    pub(super) fn pkcs1(&self) -> Option<&pkcs1::EncryptionKey> {
        self.pkcs1.as_ref()
    }

    /// The set as it is stored: what was read of it and nothing else.
    pub(super) fn document(&self) -> &str {
        &self.document
    }
}

enum OperatorKey {
    Jwe(EncryptionKey),
    Pkcs1(pkcs1::EncryptionKey),
}

/// One key of a document.
struct ReadKey {
    key: OperatorKey,
    kid: String,
    json: Value,
}

impl ReadKey {
    fn read(position: usize, mut key: Value) -> Result<Self, KeySetRefusal> {
        let other = || KeySetRefusal::OtherPurpose { position };
        let members = key.as_object_mut().ok_or(KeySetRefusal::NotAKeySet)?;
        // `jose` knows no RSA1_5, and shall not: the name is taken off before it looks.
        let is_hex = members.get("alg").and_then(Value::as_str) == Some(RSA1_5);
        if is_hex {
            members.remove("alg");
        }
        // A key that is no key at all has a reason of its own; none repeats what was sent.
        let jwk: Jwk = serde_json::from_value(key)
            .map_err(|reason| KeySetRefusal::Key { position, reason: reason.to_string() })?;
        let kid = jwk.kid().map_or_else(|| jwk.thumbprint(), str::to_owned);
        let (key, alg) = if is_hex {
            let is_rsa = jwk.permits_encryption(KeyManagement::RsaOaep256);
            let key = pkcs1::EncryptionKey::from_numbers(jwk.numbers()).ok();
            (key.filter(|_| is_rsa).map(OperatorKey::Pkcs1), RSA1_5)
        } else {
            let management = match jwk.numbers() {
                PublicNumbers::Rsa { .. } => KeyManagement::RsaOaep256,
                PublicNumbers::P256 { .. } => KeyManagement::EcdhEs,
            };
            (
                EncryptionKey::from_jwk(&jwk, management).ok().map(OperatorKey::Jwe),
                management.name(),
            )
        };
        let key = key.ok_or_else(other)?;
        Ok(Self { key, json: member(&jwk, &kid, alg), kid })
    }
}

/// The members of a key that are kept and shown.
fn member(jwk: &Jwk, kid: &str, alg: &str) -> Value {
    let mut json = serde_json::to_value(jwk).unwrap_or_default();
    json["kid"] = kid.into();
    json["use"] = "enc".into();
    json["alg"] = alg.into();
    json
}

/// The public half of one of our own keys for hexadecimal.
pub(super) fn pkcs1_jwk(key: &pkcs1::DecryptionKey) -> Option<Value> {
    let numbers = key.public_numbers().clone();
    let jwk = Jwk::with_thumbprint(numbers, KeyUsage::Encryption(None)).ok()?;
    Some(member(&jwk, &jwk.thumbprint(), RSA1_5))
}

/// A JWK Set of both kinds.
pub(super) fn document(jwe: &JwkSet, pkcs1: impl Iterator<Item = Value>) -> String {
    let jwe = jwe.keys.iter().filter_map(|jwk| serde_json::to_value(jwk).ok());
    json!({ "keys": jwe.chain(pkcs1).collect::<Vec<_>>() }).to_string()
}
