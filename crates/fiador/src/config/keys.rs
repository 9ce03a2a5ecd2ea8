//! `[keys]`

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::SecretText;

/// The root key: 32 random bytes as base64, the same on every node of a cluster. Signing and
/// sealing keys live in the database, wrapped under it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeysSection {
    /// File with the root key, mode 0600. `fiador keys new-root FILE` makes one.
    #[serde(default)]
    pub root_key_file: Option<PathBuf>,
    /// The root key itself; meant for the environment (`FIADOR__KEYS__ROOT_KEY`).
    #[serde(default)]
    #[schemars(skip)]
    pub root_key: Option<SecretText>,
    /// Hours that a new signing key is published before it signs (T-074). Fewer than 24 are refused
    /// unless `development.short_key_publication` is set: service providers keep key sets for a day.
    #[serde(default = "publish_hours")]
    pub publish_hours: u32,
    /// Days after which signing and sealing keys are replaced by themselves.
    #[serde(default = "rotation_days")]
    pub rotation_days: u32,
}

const fn publish_hours() -> u32 {
    24
}

const fn rotation_days() -> u32 {
    90
}
