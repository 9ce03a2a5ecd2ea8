//! From another system's JSON to attributes.

use fiador_domain::{
    attribute::{Shape, find},
    json_pointer::JsonPointer,
    subscriber::Attributes,
};
use serde_json::Value;

/// The attributes that stand in the answer; `None` when it is no JSON. What stands nowhere is
/// unknown; what has another shape is left as it is, for the schema to throw away and count (T-202).
pub(super) fn attributes<'a>(
    body: &[u8],
    wanted: impl Iterator<Item = &'a (String, JsonPointer)>,
) -> Option<Attributes> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let found = wanted.filter_map(|(name, at)| {
        let value = at.find(&answer)?;
        let is_time = find(name).is_some_and(|(_, shape)| shape == Shape::Time);
        let value = if is_time { seconds(value) } else { value.clone() };
        Some((name.clone(), value))
    });
    Some(Attributes(found.collect()))
}

/// Other systems write times as RFC 3339 texts; attributes are whole seconds.
fn seconds(value: &Value) -> Value {
    let text = value.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    text.map_or_else(|| value.clone(), |time| Value::from(time.as_second()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(body: &str) -> Option<Attributes> {
        let at = |name: &str, at: &str| (name.to_owned(), JsonPointer::new(at).unwrap());
        let wanted = [
            at("sim_changed_at", "/latestSimChange"),
            at("is_call_divert_active", "/diverts/0/active"),
        ];
        attributes(body.as_bytes(), wanted.iter())
    }

    #[test]
    fn attributes_are_found_where_the_operator_says() {
        let body = r#"{"latestSimChange":"2023-11-14T22:13:20Z","diverts":[{"active":true}]}"#;
        let found = serde_json::to_value(read(body).unwrap()).unwrap();
        assert_eq!(found, json!({"sim_changed_at": 1_700_000_000, "is_call_divert_active": true}));
        assert_eq!(read(r#"{"diverts":[]}"#), Some(Attributes::default()));
        assert_eq!(read("<html>"), None);
    }

    proptest! {
        #[test]
        fn whatever_stands_in_an_answer_is_read_without_a_panic(body in ".{0,200}") {
            if let Some(found) = read(&body) {
                prop_assert!(found.0.len() <= 2);
            }
        }
    }
}
