use fiador_jose::jwe::{
    ContentEncryption, DecryptError, EncryptionHeaderError, MediaTypes, decrypt, encrypt,
};
use fiador_jose::{EncryptError, MAX_TOKEN_BYTES, base64url};
use serde_json::json;

use super::{GCM, KEYS, error, public, token_to, with_header};

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
