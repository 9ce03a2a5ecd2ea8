//! T-073: the vectors of Wycheproof (`tests/vectors/README.md`).

use fiador_jose::jwe::{ContentEncryption, decrypt};
use fiador_jose::pkcs1;
use fiador_jose::{JwkSet, VerificationKey, verify_compact};
use serde::Deserialize;
use serde_json::{Value, json};

use super::ANY;
use super::private_keys::decryption_key;

#[derive(Deserialize)]
struct Group<T> {
    #[serde(alias = "set")]
    key: Value,
    tests: Vec<T>,
}

#[derive(Deserialize)]
struct Signed {
    id: u32,
    comment: String,
    token: String,
    valid: bool,
}

#[derive(Deserialize)]
struct Encrypted {
    id: u32,
    comment: String,
    #[serde(alias = "ciphertext")]
    token: String,
    #[serde(default)]
    content: String,
    plaintext: Option<String>,
    valid: bool,
}

fn groups<T: for<'de> Deserialize<'de>>(text: &str) -> Vec<Group<T>> {
    serde_json::from_str(text).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Checks every token with the keys of its group, and gives how many were good and how many bad.
fn check_signatures(groups: Vec<Group<Signed>>, set: impl Fn(Value) -> Value) -> [usize; 2] {
    let mut counts = [0, 0];
    for group in groups {
        let keys = JwkSet::parse(set(group.key).to_string().as_bytes()).unwrap();
        let keys = VerificationKey::from_set(&keys);
        for Signed { id, comment, token, valid } in group.tests {
            let result = verify_compact(&token, &keys, ANY);
            assert_eq!(result.is_ok(), valid, "{id} {comment}: {result:?}");
            counts[usize::from(!valid)] += 1;
        }
    }
    counts
}

#[test]
fn signatures_are_told_from_forgeries() {
    let groups = groups(include_str!("../vectors/json_web_signature.json"));
    assert_eq!(check_signatures(groups, |key| json!({ "keys": [key] })), [16, 308]);
}

#[test]
fn weak_and_misused_keys_verify_nothing() {
    let groups = groups(include_str!("../vectors/json_web_key.json"));
    assert_eq!(check_signatures(groups, |set| set), [1, 11]);
}

#[test]
fn encrypted_content_is_told_from_forgeries() {
    let mut opened = 0;
    for group in groups::<Encrypted>(include_str!("../vectors/json_web_encryption.json")) {
        let key = decryption_key(&group.key);
        for test in group.tests {
            let result = decrypt(&test.token, [&key], &ContentEncryption::ALL);
            let offered = ContentEncryption::from_name(&test.content).is_some();
            assert_eq!(result.is_ok(), test.valid && offered, "{} {}", test.id, test.comment);
            if let Ok(result) = result {
                assert_eq!(result.plaintext, hex(&test.plaintext.unwrap()), "{}", test.id);
                opened += 1;
            }
        }
    }
    // Both key managements with both content encryptions.
    assert_eq!(opened, 4);
}

#[test]
fn a_wrong_pkcs1_padding_looks_like_another_plaintext() {
    for group in groups::<Encrypted>(include_str!("../vectors/rsa_pkcs1_2048.json")) {
        let key = pkcs1::DecryptionKey::from_pkcs8_der(&hex(group.key.as_str().unwrap())).unwrap();
        for test in group.tests {
            let ciphertext = hex(&test.token);
            let plaintext = key.decrypt(&ciphertext);
            let wanted = hex(&test.plaintext.unwrap_or_default());
            assert_eq!(plaintext == wanted, test.valid, "{} {}", test.id, test.comment);
            assert_eq!(key.decrypt(&ciphertext), plaintext, "{} {}", test.id, test.comment);
        }
    }
}
