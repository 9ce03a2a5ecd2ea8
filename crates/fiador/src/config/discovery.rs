//! `[discovery]`

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Discovery (mobile-connect §1).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DiscoverySection {
    /// Operators that Discovery can name, this one included.
    pub operators: Vec<OperatorRangeSection>,
    /// Applications with discovery credentials.
    pub applications: Vec<DiscoveryApplicationSection>,
}

/// One operator.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorRangeSection {
    /// Its name in this file.
    pub id: String,
    /// As users know it.
    pub name: String,
    /// ISO 3166-1 alpha-2 country.
    pub country: String,
    /// ISO 4217 currency.
    pub currency: String,
    /// Its networks as `MCC_MNC`, e.g. `234_15`.
    pub networks: Vec<String>,
    /// Its issuer; empty means this gateway.
    #[serde(default)]
    pub issuer: Option<String>,
    /// Number ranges: prefixes of digits, without `+`. This gateway's own are
    /// `operator.number_ranges` and need not be repeated.
    #[serde(default)]
    pub number_ranges: Vec<String>,
}

/// One application at Discovery.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscoveryApplicationSection {
    /// Discovery `client_id`.
    pub client_id: String,
    /// SHA-256 of the discovery secret in hexadecimal.
    pub client_secret_sha256: Vec<String>,
    /// URLs it may name as `Redirect_URL`.
    pub redirect_urls: Vec<String>,
    /// Whether the `X-Source-IP` that its server sends is believed. Default: true.
    #[serde(default = "yes")]
    pub may_send_source_ip: bool,
    /// Whether Discovery v1 answers it without its secret; it then gets no `client_secret` (for
    /// applications that cannot keep one). Default: false.
    #[serde(default)]
    pub may_omit_secret: bool,
    /// Its credentials at each operator.
    pub operators: Vec<OperatorCredentialsSection>,
}

/// What Discovery hands the application for one operator.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorCredentialsSection {
    /// Name of the operator in this file.
    pub operator: String,
    /// Operator `client_id`.
    pub client_id: String,
    /// File with the operator `client_secret`, mode 0600.
    pub client_secret_file: PathBuf,
    /// Registered short name.
    pub client_name: String,
}

const fn yes() -> bool {
    true
}
