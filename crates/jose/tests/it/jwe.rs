use std::sync::LazyLock;

use fiador_jose::jwe::{
    ContentEncryption, DecryptError, DecryptionKey, EncryptionHeaderError, EncryptionKey,
    KeyManagement, MediaTypes, decrypt, encrypt,
};
use fiador_jose::{EncryptError, JwkSet, MAX_TOKEN_BYTES, base64url};
use proptest::prelude::*;
use serde_json::{Value, json};

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

#[test]
fn what_was_encrypted_to_a_key_opens_with_it_and_with_no_other() {
    for key in &*KEYS {
        let types = MediaTypes { typ: Some("JWE"), cty: Some("JWT") };
        let token = encrypt(&public(key), types, b"content").unwrap();
        let opened = decrypt(&token, &*KEYS, &GCM).unwrap();
        assert_eq!(opened.plaintext, b"content");
        assert_eq!((opened.typ.as_deref(), opened.cty.as_deref()), (Some("JWE"), Some("JWT")));
        assert_eq!(opened.kid, key.kid());

        let stranger = DecryptionKey::generate(key.key_management()).unwrap();
        let stranger = stranger.with_kid(key.kid()).unwrap();
        let result = decrypt(&token, [&stranger], &GCM);
        assert!(matches!(result, Err(DecryptError::Undecryptable)), "{result:?}");
    }
}

#[test]
fn two_encryptions_of_one_value_have_nothing_in_common() {
    for key in &*KEYS {
        let [one, two] = [token_to(key), token_to(key)];
        for (one, two) in one.split('.').zip(two.split('.')).skip(1) {
            assert!(one.is_empty() || one != two);
        }
    }
}

#[test]
fn a_key_survives_the_way_through_pkcs8() {
    for key in &*KEYS {
        let der = key.to_pkcs8_der().unwrap();
        let again = DecryptionKey::from_pkcs8_der(key.key_management(), &der).unwrap();
        assert_eq!(again.public_jwk(), key.public_jwk());
        decrypt(&token_to(key), [&again], &GCM).unwrap();

        for damaged in [&der[..der.len() - 1], &der[1..], &[]] {
            assert!(DecryptionKey::from_pkcs8_der(key.key_management(), damaged).is_err());
        }
        let other = KeyManagement::ALL.into_iter().find(|one| *one != key.key_management());
        assert!(DecryptionKey::from_pkcs8_der(other.unwrap(), &der).is_err());
    }
}

#[test]
fn the_public_key_says_that_it_is_for_encryption() {
    // OpenID Connect Core §10.2: `use` tells signature and encryption keys apart.
    let json = KEYS.each_ref().map(|key| serde_json::to_value(key.public_jwk()).unwrap());
    assert_eq!([&json[0]["kty"], &json[0]["use"], &json[0]["alg"]], ["RSA", "enc", "RSA-OAEP-256"]);
    assert_eq!([&json[1]["kty"], &json[1]["use"], &json[1]["alg"]], ["EC", "enc", "ECDH-ES"]);
    let set = JwkSet::parse(json!({ "keys": json }).to_string().as_bytes()).unwrap();
    for key in &*KEYS {
        let found = EncryptionKey::from_set(&set, key.key_management()).unwrap();
        assert_eq!(found.kid(), Some(key.kid()));
        assert_eq!(key.public_jwk().thumbprint(), key.kid());
    }
    assert!(fiador_jose::VerificationKey::from_set(&set).is_empty());
}

#[test]
fn a_change_of_any_character_is_refused() {
    for key in &*KEYS {
        let token = token_to(key);
        for place in 0..token.len() {
            for other in ['A', '_', '.', '='] {
                let mut changed: Vec<char> = token.chars().collect();
                if std::mem::replace(&mut changed[place], other) == other {
                    continue;
                }
                let changed: String = changed.into_iter().collect();
                assert!(decrypt(&changed, &*KEYS, &GCM).is_err(), "{place}: {other}");
            }
        }
    }
}

#[test]
fn a_missing_or_added_character_is_refused() {
    for key in &*KEYS {
        let token = token_to(key);
        for place in 0..token.len() {
            let mut shorter = token.clone();
            shorter.remove(place);
            assert!(decrypt(&shorter, &*KEYS, &GCM).is_err(), "-{place}");
            let mut longer = token.clone();
            longer.insert(place, 'A');
            assert!(decrypt(&longer, &*KEYS, &GCM).is_err(), "+{place}");
        }
    }
}

#[test]
fn parts_of_two_good_tokens_do_not_mix() {
    for key in &*KEYS {
        let [one, two] = [token_to(key), token_to(key)];
        let [one, two] = [&one, &two].map(|token| token.split('.').collect::<Vec<_>>());
        for place in 0..5 {
            let mut mixed = one.clone();
            mixed[place] = two[place];
            let accepted = decrypt(&mixed.join("."), &*KEYS, &GCM).is_ok();
            assert_eq!(accepted, one[place] == two[place], "{place}");
        }
    }
}

#[test]
fn wrong_lengths_of_nonce_tag_and_key_are_refused() {
    for key in &*KEYS {
        let token = token_to(key);
        let parts: Vec<&str> = token.split('.').collect();
        for place in [1, 2, 4] {
            let bytes = base64url::decode(parts[place]).unwrap();
            let lengths = (0..bytes.len()).chain([bytes.len() + 1, bytes.len() + 4]);
            for length in lengths {
                let mut other = bytes.clone();
                other.resize(length, 0);
                let other = base64url::encode(other);
                let mut parts = parts.clone();
                parts[place] = &other;
                let result = decrypt(&parts.join("."), &*KEYS, &GCM);
                assert!(matches!(result, Err(DecryptError::Undecryptable)), "{place} {length}");
            }
        }
    }
}

#[test]
fn everything_wrong_after_the_header_is_one_error() {
    // RFC 7516 §11.5: also what is wrong before any key was used.
    for key in &*KEYS {
        let token = token_to(key);
        let parts: Vec<&str> = token.split('.').collect();
        for place in 1..5 {
            for other in ["", "A", "AA==", "!", "AAAA", "AB"] {
                let mut parts = parts.clone();
                if parts[place] == other {
                    continue;
                }
                parts[place] = other;
                assert!(matches!(error(&parts.join(".")), DecryptError::Undecryptable), "{other}");
            }
        }
    }
}

#[test]
fn algorithms_that_are_not_offered_are_refused() {
    // T-072: RSA1_5, PBES2, dir, key wrap; T-070: the name has one spelling.
    let token = token_to(&KEYS[0]);
    for alg in [
        "RSA1_5",
        "RSA-OAEP",
        "RSA-OAEP-512",
        "A256KW",
        "A128KW",
        "dir",
        "ECDH-ES+A256KW",
        "A256GCMKW",
        "PBES2-HS256+A128KW",
        "none",
        "rsa-oaep-256",
        "",
    ] {
        let token = with_header(&token, |header| header["alg"] = json!(alg));
        let error = error(&token);
        assert!(
            matches!(error, DecryptError::Header(EncryptionHeaderError::UnknownKeyManagement)),
            "{alg}: {error}"
        );
    }
    for enc in ["A128GCM", "A192GCM", "A128CBC-HS256", "A256CBC", "none", "a256gcm", ""] {
        let token = with_header(&token, |header| header["enc"] = json!(enc));
        let error = error(&token);
        assert!(
            matches!(error, DecryptError::Header(EncryptionHeaderError::UnknownContentEncryption)),
            "{enc}: {error}"
        );
    }
    let cbc = with_header(&token, |header| header["enc"] = json!("A256CBC-HS512"));
    assert!(matches!(error(&cbc), DecryptError::ContentNotExpected(_)));
    let both = decrypt(&cbc, &*KEYS, &ContentEncryption::ALL);
    assert!(matches!(both, Err(DecryptError::Undecryptable)));
}

#[test]
fn processing_rules_that_are_not_followed_are_refused() {
    // T-072: compression, critical members, RFC 7797.
    for key in &*KEYS {
        for (name, value) in [
            ("zip", json!("DEF")),
            ("zip", json!(null)),
            ("crit", json!(["exp"])),
            ("b64", json!(true)),
        ] {
            let error = error(&with_header(&token_to(key), |header| header[name] = value));
            assert!(
                matches!(error, DecryptError::Header(EncryptionHeaderError::Unsupported(found)) if found == name),
                "{name}: {error}"
            );
        }
    }
}

#[test]
fn a_header_with_repeated_members_or_of_another_shape_is_refused() {
    // T-007.
    let token = token_to(&KEYS[0]);
    let (_, rest) = token.split_once('.').unwrap();
    for header in [
        r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","enc":"A256GCM"}"#,
        r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","x":{"a":1,"a":1}}"#,
        r#"{"alg":"RSA-OAEP-256"}"#,
        r#"{"enc":"A256GCM"}"#,
        r#"{"alg":["RSA-OAEP-256"],"enc":"A256GCM"}"#,
        r#"{"alg":"ECDH-ES","enc":"A256GCM","epk":7}"#,
        r#"{"alg":"RSA-OAEP-256","enc":"A256GCM"} {}"#,
        "[]",
        "",
    ] {
        let error = error(&format!("{}.{rest}", base64url::encode(header)));
        assert!(
            matches!(error, DecryptError::Header(EncryptionHeaderError::Malformed)),
            "{header}: {error}"
        );
    }
}

#[test]
fn a_token_for_another_key_names_no_key_of_ours() {
    for key in &*KEYS {
        let token = with_header(&token_to(key), |header| header["kid"] = json!("other"));
        assert!(matches!(error(&token), DecryptError::NoKey(one) if one == key.key_management()));
    }
    // The kid of the one key with the algorithm of the other.
    let token = token_to(&KEYS[0]);
    let token = with_header(&token, |header| header["kid"] = json!(KEYS[1].kid()));
    assert!(matches!(error(&token), DecryptError::NoKey(_)));
}

#[test]
fn a_token_without_kid_is_tried_with_every_key_of_its_kind() {
    for key in &*KEYS {
        let mut jwk = serde_json::to_value(key.public_jwk()).unwrap();
        jwk.as_object_mut().unwrap().remove("kid");
        let jwk = serde_json::from_value(jwk).unwrap();
        let nameless = EncryptionKey::from_jwk(&jwk, key.key_management()).unwrap();
        let token = encrypt(&nameless, MediaTypes::default(), b"x").unwrap();
        let other = DecryptionKey::generate(key.key_management()).unwrap();
        assert_eq!(decrypt(&token, [&other, key], &GCM).unwrap().kid, key.kid());
    }
}

#[test]
fn an_ephemeral_key_that_is_no_point_of_the_curve_is_refused() {
    // RFC 7518 §4.6.1.1 and the invalid curve attack: an answer would tell parts of the private key.
    let token = token_to(&KEYS[1]);
    let one = base64url::encode([[0; 31].as_slice(), &[1]].concat());
    let zero = base64url::encode([0; 32]);
    let prime = "_____wAAAAEAAAAAAAAAAAAAAAD_______________8";
    for (x, y) in [(&*one, &*one), (&zero, &zero), (prime, prime), (&one, &zero)] {
        let token = with_header(&token, |header| {
            header["epk"]["x"] = json!(x);
            header["epk"]["y"] = json!(y);
        });
        assert!(matches!(error(&token), DecryptError::Undecryptable), "{x} {y}");
    }
}

#[test]
fn an_ephemeral_key_of_another_curve_or_with_a_private_part_is_refused() {
    let short = base64url::encode([1; 31]);
    let long = base64url::encode([1; 33]);
    let token = token_to(&KEYS[1]);
    for (name, value) in [
        ("crv", json!("P-384")),
        ("crv", json!("X25519")),
        ("crv", json!("p-256")),
        ("kty", json!("OKP")),
        ("kty", json!("RSA")),
        ("x", json!(short)),
        ("y", json!(long)),
        ("x", json!("")),
        ("x", json!("AA==")),
        ("d", json!("AA")),
    ] {
        let error = error(&with_header(&token, |header| header["epk"][name] = value));
        assert!(
            matches!(error, DecryptError::Header(EncryptionHeaderError::BadEphemeralKey)),
            "{name}: {error}"
        );
    }
    let without = with_header(&token, |header| {
        header.as_object_mut().unwrap().remove("epk");
    });
    let error = error(&without);
    assert!(matches!(error, DecryptError::Header(EncryptionHeaderError::BadEphemeralKey)));
}

#[test]
fn the_names_of_the_parties_are_part_of_the_derived_key() {
    // RFC 7518 §4.6.2. The header is authenticated too, so this only shows that they are read.
    let token = token_to(&KEYS[1]);
    for name in ["apu", "apv"] {
        let named = with_header(&token, |header| header[name] = json!("QWxpY2U"));
        assert!(matches!(error(&named), DecryptError::Undecryptable));
        let malformed = with_header(&token, |header| header[name] = json!("QQ=="));
        assert!(matches!(
            error(&malformed),
            DecryptError::Header(EncryptionHeaderError::Malformed)
        ));
    }
}

#[test]
fn sizes_are_bounded_on_both_sides() {
    // T-072.
    for key in &*KEYS {
        let most = |length: usize| encrypt(&public(key), MediaTypes::default(), &vec![0; length]);
        let token = most(47 * 1024).unwrap();
        assert!(token.len() <= MAX_TOKEN_BYTES);
        assert_eq!(decrypt(&token, [key], &GCM).unwrap().plaintext.len(), 47 * 1024);
        assert_eq!(most(49 * 1024), Err(EncryptError::TooLong));
        assert_eq!(most(MAX_TOKEN_BYTES + 1), Err(EncryptError::TooLong));
    }
    let long = "A".repeat(MAX_TOKEN_BYTES + 1);
    assert!(matches!(error(&long), DecryptError::TooLong));
}

#[test]
fn another_number_of_parts_is_not_a_compact_jwe() {
    let token = token_to(&KEYS[0]);
    let four = token.rsplit_once('.').unwrap().0;
    for token in ["", ".", "....a.", "a.b.c", four, &format!("{token}."), &format!(".{token}")] {
        assert!(matches!(error(token), DecryptError::NotCompact), "{token}");
    }
}

#[test]
fn debug_output_holds_neither_key_nor_content() {
    let opened = decrypt(&token_to(&KEYS[0]), &*KEYS, &GCM).unwrap();
    let shown = format!("{opened:?}");
    assert!(!shown.contains("34600000001") && !shown.contains("51, 52"), "{shown}");
    let shown = format!("{:?}", KEYS[0]);
    assert!(shown.contains(KEYS[0].kid()) && shown.len() < 150, "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_content_survives_the_round_trip(
        content in proptest::collection::vec(any::<u8>(), 0..2000), which in 0..2_usize,
    ) {
        let token = encrypt(&public(&KEYS[which]), MediaTypes::default(), &content).unwrap();
        prop_assert_eq!(decrypt(&token, &*KEYS, &GCM).unwrap().plaintext, content);
    }

    #[test]
    fn a_flipped_bit_of_any_part_is_refused(place in any::<usize>(), bit in 0..8, which in 0..2_usize) {
        let token = token_to(&KEYS[which]);
        let mut parts: Vec<Vec<u8>> =
            token.split('.').map(|part| base64url::decode(part).unwrap()).collect();
        let mut bytes: Vec<&mut u8> = parts.iter_mut().flatten().collect();
        let place = place % bytes.len();
        *bytes[place] ^= 1_u8 << bit;
        let changed: Vec<String> = parts.into_iter().map(base64url::encode).collect();
        prop_assert!(decrypt(&changed.join("."), &*KEYS, &GCM).is_err());
    }

    #[test]
    fn random_tokens_never_open_and_never_panic(token in "[A-Za-z0-9_.=-]{0,200}|\\PC{0,80}") {
        prop_assert!(decrypt(&token, &*KEYS, &ContentEncryption::ALL).is_err());
    }
}
