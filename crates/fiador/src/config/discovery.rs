//! `[discovery]`

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Discovery: which operator a user belongs to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DiscoverySection {
    /// Where browsers reach Discovery, scheme and host. Default: those of the issuer.
    pub public_url: Option<String>,
    /// How long an answer is good, in minutes: 5 to 259200 (180 days).
    pub answer_minutes: u32,
    /// File with numbers that were taken along to another operator, one on each line as
    /// `447700900907,234_15`; read at start-up.
    pub ported_numbers_file: Option<PathBuf>,
    /// A register of ported numbers that answers over HTTP.
    pub portability: Option<PortabilitySection>,
    /// Operators that Discovery can name, this one included.
    pub operators: Vec<OperatorRangeSection>,
    /// Applications with discovery credentials.
    pub applications: Vec<DiscoveryApplicationSection>,
}

impl Default for DiscoverySection {
    fn default() -> Self {
        Self {
            public_url: None,
            answer_minutes: 24 * 60,
            ported_numbers_file: None,
            portability: None,
            operators: Vec::new(),
            applications: Vec::new(),
        }
    }
}

/// A register of ported numbers. It is asked through the guarded client, so one with a private
/// address must stand in `egress.allow`. When it fails, number ranges decide.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortabilitySection {
    /// Its URL with `{msisdn}` where the digits go, without `+`.
    pub url: String,
    /// JSON pointer (RFC 6901) to the holder in its answer: a network as `234_15`, `234-15` or
    /// `23415`, or the `id` of one of `discovery.operators`. `null` there, status 204 and status 404
    /// mean that the number was not taken along.
    pub holder_pointer: String,
    /// JSON pointer to the MNC, when `holder_pointer` leads to the MCC alone.
    #[serde(default)]
    pub mnc_pointer: Option<String>,
    /// File with the value of the `Authorization` header, mode 0600.
    #[serde(default)]
    pub authorization_file: Option<PathBuf>,
    /// How long an answer is waited for, at most 3000.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// How long an answer is kept, in seconds.
    #[serde(default = "keep_seconds")]
    pub keep_seconds: u64,
    /// How many answers are kept at most, some 200 bytes each.
    #[serde(default = "kept_answers")]
    pub kept_answers: usize,
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
    /// Its networks as `MCC_MNC`, e.g. `234_15`. One without networks cannot be selected.
    pub networks: Vec<String>,
    /// Its issuer; empty means that it is a brand of this gateway.
    #[serde(default)]
    pub issuer: Option<String>,
    /// Number ranges: prefixes of digits, without `+`. The first own brand has those of
    /// `operator.number_ranges` too.
    #[serde(default)]
    pub number_ranges: Vec<String>,
    /// Public addresses that it gives its subscribers, e.g. `203.0.113.0/24` or `2001:db8::/32`:
    /// Discovery compares `X-Source-IP` with them.
    #[serde(default)]
    pub address_ranges: Vec<String>,
    /// Endpoints of a foreign operator that do not lie where this gateway has its own.
    #[serde(default)]
    pub links: OperatorLinksSection,
}

/// Endpoints of a foreign operator. Each is an https URL; what is left out follows from the issuer:
/// `/authorize`, `/token`, `/userinfo`, `/premiuminfo`, `/jwks`, `/revoke` and
/// `/.well-known/openid-configuration` under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OperatorLinksSection {
    /// Provider metadata.
    pub openid_configuration: Option<String>,
    /// Authorization endpoint.
    pub authorization: Option<String>,
    /// Token endpoint.
    pub token: Option<String>,
    /// UserInfo endpoint.
    pub userinfo: Option<String>,
    /// PremiumInfo endpoint.
    pub premiuminfo: Option<String>,
    /// JSON Web Key Set.
    pub jwks: Option<String>,
    /// Revocation endpoint.
    pub tokenrevoke: Option<String>,
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

const fn timeout_ms() -> u64 {
    500
}

const fn keep_seconds() -> u64 {
    3600
}

const fn kept_answers() -> usize {
    100_000
}
