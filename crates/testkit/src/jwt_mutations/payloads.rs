use fiador_jose::base64url;
use serde_json::{Value, json};

use super::{JwtMutation, Original, push, with, with_both};

/// Rewrites the claims under the old signature.
pub(super) fn forge(original: &Original<'_>, made: &mut Vec<JwtMutation>) {
    for (what, claims) in rewritten(original) {
        let payload = base64url::encode(claims);
        push(made, what, format!("{}.{payload}.{}", original.header, original.signature));
    }
}

fn rewritten(original: &Original<'_>) -> Vec<(String, String)> {
    let claims = &original.claims;
    let text = Value::Object(claims.clone()).to_string();
    let mut payloads = vec![
        ("white space after the claims".to_owned(), format!("{text} ")),
        ("white space before the claims".to_owned(), format!(" {text}")),
        ("no claims".to_owned(), "{}".to_owned()),
        ("claims in a list".to_owned(), format!("[{text}]")),
        ("claims as text".to_owned(), Value::from(text.as_str()).to_string()),
        ("claims twice".to_owned(), format!("{text}{text}")),
    ];
    for name in claims.keys() {
        payloads.push((format!("no {name}"), with(claims, name, None)));
        for value in [json!(null), json!("other"), json!(0), json!(9_999_999_999_u64), json!([])] {
            payloads.push((format!("{name} {value}"), with(claims, name, Some(value.clone()))));
            for both in with_both(&text, name, &value) {
                payloads.push((format!("second {name} {value}"), both));
            }
        }
    }
    for (name, value) in [
        ("sub", json!("somebody else")),
        ("iss", json!("https://attacker.example")),
        ("aud", json!(["a", "b"])),
        ("exp", json!(9_999_999_999_u64)),
        ("nbf", json!(-1)),
        ("scope", json!("openid phone")),
        ("client_id", json!("another")),
    ] {
        payloads.push((format!("{name} {value}"), with(claims, name, Some(value))));
    }
    payloads
}
