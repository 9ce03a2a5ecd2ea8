//! Attributes of a subscription: their names and the shape of their values (T-202).
//!
//! OpenID Connect Core §5.1 for the standard claims, mobile-connect §2.9 for the others. What has
//! another shape is neither stored nor served: nobody can send a service provider something it did
//! not expect, nor fill its memory.

use serde_json::{Map, Value};

/// Longest text of one attribute, in bytes.
pub const TEXT_LIMIT: usize = 1024;

/// The values that an attribute may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text of at most [`TEXT_LIMIT`] bytes without control characters.
    Text,
    /// `true` or `false`.
    Boolean,
    /// Whole seconds since 1970-01-01 UTC.
    Time,
    /// `YYYY-MM-DD`, `0000-MM-DD` or `YYYY` (OpenID Connect Core §5.1).
    Date,
    /// `+` and 7 to 15 digits.
    E164,
    /// The `address` object (OpenID Connect Core §5.1.1).
    Address,
    /// One of these texts.
    OneOf(&'static [&'static str]),
}

/// Members of the `address` attribute.
const ADDRESS_MEMBERS: &[&str] =
    &["formatted", "street_address", "locality", "region", "postal_code", "country"];

/// Every attribute that the gateway stores or serves.
#[rustfmt::skip]
pub const ATTRIBUTES: &[(&str, Shape)] = &[
    // OpenID Connect Core §5.1
    ("name", Shape::Text), ("given_name", Shape::Text), ("middle_name", Shape::Text),
    ("family_name", Shape::Text), ("nickname", Shape::Text), ("preferred_username", Shape::Text),
    ("profile", Shape::Text), ("picture", Shape::Text), ("website", Shape::Text),
    ("gender", Shape::Text), ("birthdate", Shape::Date), ("zoneinfo", Shape::Text),
    ("locale", Shape::Text), ("updated_at", Shape::Time),
    ("email", Shape::Text), ("email_verified", Shape::Boolean),
    ("address", Shape::Address),
    ("phone_number", Shape::E164), ("phone_number_verified", Shape::Boolean),
    // Sign-up and national id
    ("title", Shape::Text), ("street_address", Shape::Text), ("city", Shape::Text),
    ("state", Shape::Text), ("postal_code", Shape::Text), ("country", Shape::Text),
    ("phone_number_alternate", Shape::Text), ("national_identifier", Shape::Text),
    // KYC match
    ("houseno_or_housename", Shape::Text), ("town", Shape::Text),
    ("is_lost_stolen", Shape::Boolean),
    ("billing_segment", Shape::OneOf(&["PAYM", "PAYG", "Business"])),
    ("account_state", Shape::OneOf(&["active", "inactive"])),
    // Signs of an account takeover
    ("sim_changed_at", Shape::Time), ("device_changed_at", Shape::Time),
    ("is_call_divert_active", Shape::Boolean),
    ("ported_at", Shape::Time), ("is_roaming", Shape::Boolean),
    // What the SIM and the handset can do
    ("sim_applet", Shape::Boolean), ("sim_signature", Shape::Boolean),
    ("handset_browser", Shape::Boolean), ("handset_app", Shape::Boolean),
];

/// The attribute with this name.
pub fn find(name: &str) -> Option<(&'static str, Shape)> {
    ATTRIBUTES.iter().find(|(known, _)| *known == name).copied()
}

impl Shape {
    /// Whether `value` has this shape.
    pub fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text, Value::String(text)) => is_text(text),
            (Self::Boolean, value) => value.is_boolean(),
            (Self::Time, value) => value.as_i64().is_some_and(|seconds| seconds >= 0),
            (Self::Date, Value::String(text)) => is_date(text),
            (Self::E164, Value::String(text)) => is_e164(text),
            (Self::Address, Value::Object(members)) => is_address(members),
            (Self::OneOf(texts), Value::String(text)) => texts.contains(&text.as_str()),
            _ => false,
        }
    }
}

/// Nothing is known: null, empty or white space (mobile-connect §2.9 wants such members left out).
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
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
    use serde_json::json;

    use super::*;

    fn fits(name: &str, value: &Value) -> bool {
        find(name).is_some_and(|(_, shape)| shape.fits(value))
    }

    #[test]
    fn values_of_the_right_shape_fit() {
        for (name, value) in [
            ("name", json!("Ann Lee")),
            ("email_verified", json!(false)),
            ("updated_at", json!(1_795_002_600)),
            ("phone_number", json!("+447700900907")),
            ("birthdate", json!("0000-02-29")),
            ("birthdate", json!("1980")),
            ("billing_segment", json!("PAYG")),
            ("account_state", json!("inactive")),
            ("is_lost_stolen", json!(true)),
            ("address", json!({"formatted": "1 High St\nLondon", "country": "GB"})),
        ] {
            assert!(fits(name, &value), "{name} {value}");
        }
    }

    #[test]
    fn values_of_another_shape_and_unknown_names_do_not_t_202() {
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
            ("billing_segment", json!("payg")),
            ("sim_changed_at", json!(true)),
            ("address", json!({"formatted": {"error": "x"}})),
            ("address", json!({"error": "x"})),
            ("address", json!("1 High St")),
            ("sub", json!("another")),
            ("error", json!("x")),
        ] {
            assert!(!fits(name, &value), "{name} {value}");
        }
    }
}
