//! `[[data_sources]]`

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

/// A system of the operator's that gives attributes over HTTP, asked before the gateway's own table.
/// It is asked through the guarded client, so one with a private address must stand in
/// `egress.allow`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataSourceSection {
    /// Its name in logs and metrics.
    pub name: String,
    /// Its URL. With `{msisdn}` in it, the source is asked by GET and the digits go there, without
    /// `+`; without, by POST of a JSON object with the number.
    pub url: String,
    /// Under which name the number stands in the body of a POST.
    #[serde(default = "number_member")]
    pub number_member: String,
    /// File with the value of the `Authorization` header, mode 0600.
    #[serde(default)]
    pub authorization_file: Option<PathBuf>,
    /// How long an answer is waited for, 1 to 800.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// Attributes, each with a JSON pointer (RFC 6901) to where it stands in the answer. Times may be
    /// whole seconds or RFC 3339.
    pub attributes: BTreeMap<String, String>,
}

fn number_member() -> String {
    "phoneNumber".to_owned()
}

const fn timeout_ms() -> u64 {
    500
}
