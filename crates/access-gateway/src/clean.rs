//! What never leaves, whatever a source says.

use serde_json::Value;

/// Deepest nesting of a claim; `address` has two levels.
const DEPTH: usize = 4;

/// The value without members that are null, blank or named `error` (mobile-connect §2.9, §6.1: the
/// GSMA Java SDK takes any member of that name for a failure); `None` when nothing is left.
pub(crate) fn clean(value: Value) -> Option<Value> {
    clean_within(value, DEPTH)
}

fn clean_within(value: Value, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::Array(items) => {
            let items: Vec<_> =
                items.into_iter().filter_map(|item| clean_within(item, depth)).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(members) => {
            let members: serde_json::Map<_, _> = members
                .into_iter()
                .filter(|(name, _)| name != "error")
                .filter_map(|(name, value)| Some((name, clean_within(value, depth)?)))
                .collect();
            (!members.is_empty()).then_some(Value::Object(members))
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn null_blank_and_error_members_are_left_out_at_every_depth() {
        let value =
            json!({"street": " ", "error": "x", "list": [null, "", {"error": 1}], "a": {"b": "c"}});
        assert_eq!(clean(value), Some(json!({"a": {"b": "c"}})));
        assert_eq!(clean(json!({"error": "x"})), None);
        assert_eq!(clean(json!(false)), Some(json!(false)));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            " {0,2}|[a-z]{1,3}".prop_map(Value::from)
        ];
        leaf.prop_recursive(8, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("error|[a-z]{1,3}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_left_is_clean_and_cleaning_again_changes_nothing(value in any_json()) {
            if let Some(cleaned) = clean(value) {
                let text = cleaned.to_string();
                prop_assert!(!text.contains("\"error\":") && !text.contains("null") && !text.contains("\"\""));
                prop_assert_eq!(clean(cleaned.clone()), Some(cleaned));
            }
        }
    }
}
