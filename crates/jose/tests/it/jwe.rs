mod forgeries;
mod headers;
mod keys;
mod round_trip;

use std::sync::LazyLock;

use fiador_jose::base64url;
use fiador_jose::jwe::{
    ContentEncryption, DecryptError, DecryptionKey, EncryptionKey, KeyManagement, MediaTypes,
    decrypt, encrypt,
};
use serde_json::Value;

const GCM: [ContentEncryption; 1] = [ContentEncryption::A256Gcm];

static KEYS: LazyLock<[DecryptionKey; 2]> =
    LazyLock::new(|| KeyManagement::ALL.map(|one| DecryptionKey::generate(one).unwrap()));

fn public(key: &DecryptionKey) -> EncryptionKey {
    EncryptionKey::from_jwk(key.public_jwk(), key.key_management()).unwrap()
}

fn token_to(key: &DecryptionKey) -> String {
    encrypt(&public(key), MediaTypes::default(), b"34600000001").unwrap()
}

/// The token with its header rewritten by `change`; the rest stays.
fn with_header(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let (header, rest) = token.split_once('.').unwrap();
    let mut header = serde_json::from_slice(&base64url::decode(header).unwrap()).unwrap();
    change(&mut header);
    format!("{}.{rest}", base64url::encode(header.to_string()))
}

fn error(token: &str) -> DecryptError {
    decrypt(token, &*KEYS, &GCM).unwrap_err()
}
