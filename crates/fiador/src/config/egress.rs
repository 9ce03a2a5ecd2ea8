//! `[egress]`

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Where the gateway may fetch what other parties name: `jwks_uri`, `sector_identifier_uri` and
/// their like (T-080 to T-082).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EgressSection {
    /// Places that may have private addresses, and may be asked by plain http: hosts
    /// (`keys.intranet.example`), hosts with a port (`localhost:9000`), networks (`10.0.0.0/8`). By
    /// default none: only https, and only public addresses.
    pub allow: Vec<String>,
    /// PEM file with authorities that are trusted beside those of the operating system.
    pub ca_file: Option<PathBuf>,
}
