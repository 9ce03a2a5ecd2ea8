//! `[smpp]`

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::TlsSection;

/// Message centres, tried in the order given.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SmppSection {
    /// The centres.
    pub message_centres: Vec<MessageCentreSection>,
    /// Messages waiting at most; a full queue refuses (T-131).
    pub queue: Option<usize>,
}

/// One message centre (SMPP 3.4, bound as transceiver).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageCentreSection {
    /// Its name in logs and metrics.
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// Port; 2775 for plain SMPP, commonly 2776 for TLS.
    pub port: u16,
    /// `system_id`, at most 15 characters.
    pub system_id: String,
    /// File with the password (at most 8 characters), mode 0600.
    pub password_file: PathBuf,
    /// The link is private by other means, such as IPsec: allows it to be without TLS (T-132).
    #[serde(default)]
    pub private_link: bool,
    /// TLS from the first octet.
    #[serde(default)]
    pub tls: Option<SmppTlsSection>,
    /// Messages without answer at most.
    #[serde(default = "window")]
    pub window: u32,
    /// Messages per second at most; 80 % of it is the budget of one-time codes (T-122).
    #[serde(default = "rate")]
    pub messages_per_second: u32,
    /// Ask for delivery receipts, which feed the metrics.
    #[serde(default = "receipts")]
    pub delivery_receipts: bool,
    /// Seconds of silence after which the link is tested.
    #[serde(default = "enquire_link")]
    pub enquire_link_seconds: u64,
    /// How the centre reads data coding 0.
    #[serde(default)]
    pub default_alphabet: AlphabetName,
}

/// TLS towards a message centre.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmppTlsSection {
    /// PEM file with the authority that signed the centre's certificate.
    pub ca_file: PathBuf,
    /// Name in the centre's certificate, when it differs from `host`.
    #[serde(default)]
    pub server_name: Option<String>,
    /// What the gateway shows of itself, when the centre asks for it.
    #[serde(default)]
    pub client_certificate: Option<TlsSection>,
}

/// What data coding 0 means at a centre.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlphabetName {
    /// GSM 03.38, one septet in each octet: what the standard says.
    #[default]
    Gsm7,
    /// ISO 8859-1: what some centres do.
    Latin1,
    /// ASCII: what a few others do.
    Ascii,
}

const fn receipts() -> bool {
    true
}

const fn enquire_link() -> u64 {
    30
}

const fn window() -> u32 {
    10
}

const fn rate() -> u32 {
    50
}
