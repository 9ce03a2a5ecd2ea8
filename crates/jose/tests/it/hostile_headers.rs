use fiador_jose::{
    Algorithm, Expect, ExpectTyp, HeaderError, MAX_TOKEN_BYTES, VerifyError, base64url,
    verify_compact,
};
use serde_json::json;

use super::{ANY, forged, p256, public};

fn header_error(header: &str) -> HeaderError {
    match verify_compact(&forged(header, "{}"), &[public(&p256())], ANY) {
        Err(VerifyError::Header(error)) => error,
        other => panic!("{header}: {other:?}"),
    }
}

#[test]
fn none_hmac_and_unknown_algorithms_are_refused() {
    // T-070; upper and lower case variants of "none" have bypassed other verifiers.
    for alg in ["none", "None", "NONE", "HS256", "HS384", "HS512", "RS512", "ES384", "rs256", ""] {
        let error = header_error(&json!({ "alg": alg }).to_string());
        assert!(matches!(error, HeaderError::UnknownAlgorithm), "{alg}: {error}");
    }
}

#[test]
fn an_hmac_made_with_the_public_key_is_refused() {
    // T-070, the classic confusion: the attacker knows the public key and uses it as an HMAC secret.
    use aws_lc_rs::hmac;
    let key = p256();
    let secret = serde_json::to_vec(key.public_jwk()).unwrap();
    for alg in ["HS256", "ES256"] {
        let header = json!({"alg": alg, "kid": key.kid()}).to_string();
        let input = format!("{}.{}", base64url::encode(header), base64url::encode("{}"));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), input.as_bytes());
        let token = format!("{input}.{}", base64url::encode(tag));
        assert!(verify_compact(&token, &[public(&key)], ANY).is_err(), "{alg}");
    }
}

#[test]
fn keys_brought_along_in_the_header_are_never_used() {
    // T-071.
    let own = p256();
    for (name, value) in [
        ("jwk", serde_json::to_value(own.public_jwk()).unwrap()),
        ("jku", json!("https://attacker.example/keys")),
        ("x5u", json!("https://attacker.example/chain")),
        ("x5c", json!(["MIIB"])),
        ("jwk", json!(null)),
    ] {
        let error = header_error(&json!({"alg": "ES256", name: value}).to_string());
        assert!(matches!(error, HeaderError::CarriesKey(found) if found == name), "{name}");
    }
}

#[test]
fn processing_rules_that_are_not_followed_are_refused() {
    // T-072: RFC 7515 §4.1.11 (crit), RFC 7797 (b64), RFC 7516 §4.1.2 and §4.1.3 (enc, zip).
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
    ] {
        let error = header_error(&json!({"alg": "ES256", name: value}).to_string());
        assert!(matches!(error, HeaderError::Unsupported(found) if found == name), "{name}");
    }
}

#[test]
fn headers_that_are_not_one_strict_object_are_refused() {
    // T-007: a repeated `alg` would let two readers see two algorithms.
    for header in [
        r#"{"alg":"ES256","alg":"RS256"}"#,
        r#"{"alg":"ES256","x":{"a":1,"a":2}}"#,
        r#"{"alg":"ES256","kid":7}"#,
        r#"{"alg":"ES256","kid":"a\u0000b"}"#,
        r#"{"alg":["ES256"]}"#,
        r#"{"kid":"x"}"#,
        r#"{"alg":"ES256""#,
        r#"{"alg":"ES256"}{}"#,
        r#"["ES256"]"#,
        "null",
        "",
    ] {
        assert!(matches!(header_error(header), HeaderError::Malformed), "{header}");
    }
}

#[test]
fn another_number_of_parts_is_not_a_compact_jws() {
    let key = p256();
    let good = key.sign_compact(None, &json!({})).unwrap();
    for token in [
        "",
        ".",
        "a",
        "a.b",
        &good.replace('.', ""),
        &format!("{good}."),
        &format!(".{good}"),
        &format!("{good}.{good}"),
    ] {
        let result = verify_compact(token, &[public(&key)], ANY);
        assert!(matches!(result, Err(VerifyError::NotCompact)), "{token}: {result:?}");
    }
}

#[test]
fn a_token_over_64_kib_is_refused_unread() {
    let key = p256();
    let token = key.sign_compact(None, &json!({"filler": "x".repeat(MAX_TOKEN_BYTES)})).unwrap();
    let result = verify_compact(&token, &[public(&key)], ANY);
    assert!(matches!(result, Err(VerifyError::TooLong)));
}

#[test]
fn an_algorithm_that_was_not_registered_is_refused_with_a_good_signature_too() {
    let key = p256();
    let token = key.sign_compact(None, &json!({})).unwrap();
    let only_rs256 = Expect { algorithms: &[Algorithm::Rs256], typ: ExpectTyp::AbsentOrJwt };
    let result = verify_compact(&token, &[public(&key)], only_rs256);
    assert!(matches!(result, Err(VerifyError::AlgorithmNotExpected(Algorithm::Es256))));
}

#[test]
fn tokens_of_one_type_do_not_pass_for_another() {
    // RFC 8725 §3.11 and RFC 7515 §4.1.9.
    let key = p256();
    let accepts = |typ: Option<&str>, expected: ExpectTyp<'_>| {
        let token = key.sign_compact(typ, &json!({})).unwrap();
        let expect = Expect { algorithms: &[Algorithm::Es256], typ: expected };
        match verify_compact(&token, &[public(&key)], expect) {
            Ok(_) => true,
            Err(VerifyError::TypNotExpected) => false,
            Err(other) => panic!("{other}"),
        }
    };
    assert!(accepts(None, ExpectTyp::AbsentOrJwt));
    assert!(accepts(Some("JWT"), ExpectTyp::AbsentOrJwt));
    assert!(accepts(Some("application/jwt"), ExpectTyp::AbsentOrJwt));
    assert!(!accepts(Some("dpop+jwt"), ExpectTyp::AbsentOrJwt));
    assert!(accepts(Some("dpop+jwt"), ExpectTyp::Exactly("dpop+jwt")));
    assert!(accepts(Some("Application/DPoP+JWT"), ExpectTyp::Exactly("dpop+jwt")));
    assert!(!accepts(Some("JWT"), ExpectTyp::Exactly("dpop+jwt")));
    assert!(!accepts(None, ExpectTyp::Exactly("dpop+jwt")));
}
