//! The JSON Schema of the configuration file, made from the types above.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Config;

/// The schema as indented JSON: `fiador config schema`, kept in `docs/reference/`.
pub fn schema_text() -> String {
    let schema = sorted(schemars::schema_for!(Config).to_value());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// Members by name. How maps are built depends on what else is compiled; the document does not.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| (name, sorted(value)));
            Value::Object(members.collect::<BTreeMap<_, _>>().into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
