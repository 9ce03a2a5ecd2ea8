//! The shape that each claim must have, wherever it comes from (T-202).
//!
//! OpenID Connect Core §5.1 for the standard claims, mobile-connect §2.9 for the others. A value of
//! another shape is thrown away: a source cannot send a service provider something it did not
//! expect, nor fill its memory.

use fiador_domain::subscriber::Attributes;
use serde_json::{Map, Value};

/// Longest text of one claim, in bytes.
pub const TEXT_LIMIT: usize = 1024;

/// Members of the `address` claim (OpenID Connect Core §5.1.1).
const ADDRESS_MEMBERS: &[&str] =
    &["formatted", "street_address", "locality", "region", "postal_code", "country"];

/// Keeps the claims that were asked for and have their shape. The number is how many others the
/// source sent; null and blank values count as unknown and are dropped without being counted.
pub fn admit(attributes: Attributes, asked: &[&'static str]) -> (Attributes, usize) {
    let mut admitted = Attributes::default();
    let mut refused = 0;
    for (name, value) in attributes.0 {
        if is_blank(&value) {
            continue;
        }
        if asked.contains(&name.as_str()) && fits(&name, &value) {
            admitted.0.insert(name, value);
        } else {
            refused += 1;
        }
    }
    (admitted, refused)
}

/// Nothing is known: null, empty or white space (mobile-connect §2.9 wants such members left out).
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn fits(name: &str, value: &Value) -> bool {
    match (name, value) {
        ("email_verified" | "phone_number_verified", value) => value.is_boolean(),
        ("updated_at", value) => value.as_i64().is_some_and(|seconds| seconds >= 0),
        ("address", Value::Object(members)) => is_address(members),
        ("phone_number", Value::String(text)) => is_e164(text),
        ("birthdate", Value::String(text)) => is_date(text),
        ("address" | "phone_number" | "birthdate", _) => false,
        (_, Value::String(text)) => is_text(text),
        _ => false,
    }
}

fn is_text(text: &str) -> bool {
    text.len() <= TEXT_LIMIT && !text.chars().any(char::is_control)
}

/// Lines of `street_address` and `formatted` may be separated by line breaks.
fn is_address(members: &Map<String, Value>) -> bool {
    members.iter().all(|(name, value)| {
        let plain = |text: &str| {
            text.len() <= TEXT_LIMIT && !text.chars().any(|c| c.is_control() && !"\r\n".contains(c))
        };
        ADDRESS_MEMBERS.contains(&name.as_str()) && value.as_str().is_some_and(plain)
    })
}

/// `+` and 7 to 15 digits.
fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// `YYYY-MM-DD` or `YYYY`; the year `0000` means that it is left out (OpenID Connect Core §5.1).
fn is_date(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let within = |text: &str, most: u8| {
        text.len() == 2
            && digits(text)
            && text.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number))
    };
    let mut parts = text.split('-');
    let year = parts.next().is_some_and(|year| year.len() == 4 && digits(year));
    match (year, parts.next(), parts.next(), parts.next()) {
        (true, None, None, None) => true,
        (true, Some(month), Some(day), None) => within(month, 12) && within(day, 31),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn admitted(name: &'static str, value: Value) -> Option<Value> {
        let (mut admitted, _) = admit(Attributes([(name.to_owned(), value)].into()), &[name]);
        admitted.0.remove(name)
    }

    #[test]
    fn values_of_the_right_shape_pass_unchanged() {
        for (name, value) in [
            ("name", json!("Ann Lee")),
            ("email_verified", json!(false)),
            ("updated_at", json!(1_795_002_600)),
            ("phone_number", json!("+447700900907")),
            ("birthdate", json!("0000-02-29")),
            ("birthdate", json!("1980")),
            ("address", json!({"formatted": "1 High St\nLondon", "country": "GB"})),
        ] {
            assert_eq!(admitted(name, value.clone()), Some(value), "{name}");
        }
    }

    #[test]
    fn values_of_another_shape_are_thrown_away_t_202() {
        for (name, value) in [
            ("name", json!(7)),
            ("name", json!(["Ann"])),
            ("name", json!("Ann\u{0}")),
            ("name", json!("x".repeat(TEXT_LIMIT + 1))),
            ("email_verified", json!("true")),
            ("updated_at", json!("2026-01-01")),
            ("updated_at", json!(-1)),
            ("phone_number", json!("447700900907")),
            ("phone_number", json!("+44 7700 900907")),
            ("birthdate", json!("1980-13-01")),
            ("birthdate", json!("1980-01-01T00:00:00Z")),
            ("address", json!({"formatted": {"error": "x"}})),
            ("address", json!({"error": "x"})),
            ("address", json!("1 High St")),
        ] {
            assert_eq!(admitted(name, value.clone()), None, "{name} {value}");
        }
    }

    #[test]
    fn a_blank_value_is_an_unknown_one_and_no_flaw() {
        let blank = [("name", json!(null)), ("email", json!("  ")), ("address", json!({}))];
        let attributes = Attributes(blank.map(|(n, v)| (n.to_owned(), v)).into());
        let (admitted, refused) = admit(attributes, &["name", "email", "address"]);
        assert_eq!((admitted.0.len(), refused), (0, 0));
    }

    #[test]
    fn a_claim_that_nobody_asked_for_is_counted_and_dropped_t_201() {
        let sent =
            [("sub", json!("another")), ("iss", json!("https://evil")), ("name", json!("A"))];
        let attributes = Attributes(sent.map(|(n, v)| (n.to_owned(), v)).into());
        let (admitted, refused) = admit(attributes, &["name"]);
        assert_eq!((admitted.0.len(), refused), (1, 2));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z_]{1,15}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_a_source_sends_only_asked_and_bounded_values_pass(
            values in prop::collection::btree_map(
                prop_oneof![Just("address".to_owned()), Just("birthdate".to_owned()),
                    Just("phone_number".to_owned()), Just("name".to_owned()), "[a-z_]{1,12}"],
                any_json(), 0..8),
        ) {
            let asked = ["address", "birthdate", "phone_number", "name"];
            let (admitted, _) = admit(Attributes(values), &asked);
            for (name, value) in &admitted.0 {
                prop_assert!(asked.contains(&name.as_str()));
                prop_assert!(!is_blank(value));
                prop_assert!(value.is_string() || name == "address");
            }
        }
    }
}
