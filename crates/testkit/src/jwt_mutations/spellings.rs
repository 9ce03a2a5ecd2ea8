use fiador_jose::base64url;
use serde_json::json;

use super::{JwtMutation, Original, push};

/// Writes the same token in other ways: no value may have two spellings, and no text of another form
/// may pass for a compact one.
pub(super) fn forge(original: &Original<'_>, made: &mut Vec<JwtMutation>) {
    characters(original.token, made);
    let Original { token, header, payload, signature, .. } = original;
    for (place, part) in [header, payload, signature].into_iter().enumerate() {
        for (what, other) in [
            ("one pad", format!("{part}=")),
            ("two pads", format!("{part}==")),
            ("standard alphabet", part.replace('-', "+").replace('_', "/")),
            ("encoded again", base64url::encode(part.as_bytes())),
            ("in capitals", part.to_uppercase()),
            ("in small letters", part.to_lowercase()),
            ("line break before", format!("\n{part}")),
            ("percent encoded", part.replace('-', "%2D").replace('_', "%5F")),
        ] {
            let mut parts = [*header, *payload, *signature];
            parts[place] = &other;
            push(made, format!("part {place}: {what}"), parts.join("."));
        }
    }
    for around in
        [" ", "\n", "\r\n", "\t", "\0", "\u{feff}", "\u{200b}", "\u{a0}", "\"", "=", "%20"]
    {
        push(made, format!("{around:?} before"), format!("{around}{token}"));
        push(made, format!("{around:?} after"), format!("{token}{around}"));
        push(made, format!("{around:?} at the dots"), token.replace('.', &format!(".{around}")));
    }
    for dot in ["\u{2024}", "\u{ff0e}", "%2E", ",", "..", ""] {
        push(made, format!("{dot:?} for a dot"), token.replace('.', dot));
    }
    push(made, "a scheme before", format!("Bearer {token}"));
    push(made, "encoded as a whole", base64url::encode(token));
    let flat = json!({"protected": header, "payload": payload, "signature": signature});
    push(made, "flattened JSON", flat.to_string());
    let general =
        json!({"payload": payload, "signatures": [{"protected": header, "signature": signature}]});
    push(made, "general JSON", general.to_string());
}

/// Removes, doubles and replaces each character, and cuts the token off before it.
fn characters(token: &str, made: &mut Vec<JwtMutation>) {
    for (place, character) in token.char_indices() {
        let (before, rest) = token.split_at(place);
        let after = &rest[character.len_utf8()..];
        push(made, format!("cut off at {place}"), before);
        push(made, format!("without character {place}"), format!("{before}{after}"));
        push(made, format!("character {place} twice"), format!("{before}{character}{rest}"));
        for other in ['A', '_', '.', '=', '+', ' '] {
            push(made, format!("{other:?} at {place}"), format!("{before}{other}{after}"));
        }
    }
}
