//! The JSON Schema of the configuration file, made from the types above.

use super::Config;

/// The schema as indented JSON: `fiador config schema`, kept in `docs/reference/`.
pub fn schema_text() -> String {
    let schema = schemars::schema_for!(Config);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
