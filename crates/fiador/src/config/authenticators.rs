//! `[authenticators]`

use std::path::PathBuf;

use fiador_domain::{
    client::{KeyManagementAlgorithm, SignatureAlgorithm, SigningAlgorithm},
    routing::Enrolment,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Authenticators that are not ours.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AuthenticatorsSection {
    /// Those that keep docs/reference/adaptor-contract.md.
    pub foreign: Vec<ForeignAuthenticatorSection>,
    /// OpenID Providers.
    pub upstream: Vec<UpstreamProviderSection>,
}

/// An authenticator that keeps the contract. It is asked through the guarded client, so one with a
/// private address must stand in `egress.allow`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignAuthenticatorSection {
    /// Its name in policy, logs and addresses: 1 to 64 lower-case letters, digits, `_` and `-`.
    pub id: String,
    /// What people call it, 1 to 40 characters.
    pub display_name: String,
    /// `iss` of its results and `aud` of requests.
    pub issuer: String,
    /// `browser` or `back_channel`.
    pub form: FormName,
    /// Browser form: where the browser goes.
    #[serde(default)]
    pub authorization_endpoint: Option<String>,
    /// Back-channel form: takes requests.
    #[serde(default)]
    pub start_endpoint: Option<String>,
    /// Back-channel form: takes them back.
    #[serde(default)]
    pub cancel_endpoint: Option<String>,
    /// Back-channel form: results are fetched there. By default the authenticator posts them.
    #[serde(default)]
    pub status_endpoint: Option<String>,
    /// How often they are fetched, 2 to 60.
    #[serde(default = "poll_interval_seconds")]
    pub poll_interval_seconds: u64,
    /// Back-channel form: requests on their way or polled at the same time, 1 to 10000.
    #[serde(default = "parallel")]
    pub parallel: usize,
    /// Its public keys: a JSON Web Key Set as text, unless `jwks_uri` is given.
    #[serde(default)]
    pub jwks: Option<String>,
    /// Where its public keys are fetched.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// The only algorithm of its results: `RS256`, `PS256` or `ES256`. By default any of them.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub result_signing_alg: Option<SignatureAlgorithm>,
    /// How requests are signed: `RS256` or `ES256`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub request_signing_alg: SigningAlgorithm,
    /// Encrypt requests to it: `RSA-OAEP-256` or `ECDH-ES`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub request_encryption_alg: Option<KeyManagementAlgorithm>,
    /// Tell it the number; needs `request_encryption_alg`.
    #[serde(default)]
    pub sends_phone_number: bool,
    /// What kind of authenticator it is: limits `level` of the evidence.
    pub class: String,
    /// What its evidence is worth; the first row whose facts are all reported counts.
    pub evidence: Vec<EvidenceSection>,
    /// Whose subscriptions it works for: `listed` (those that name it) or `by_number` (all).
    #[serde(default = "listed")]
    #[schemars(with = "String")]
    pub enrolment: Enrolment,
    /// What one use costs, in thousandths of the operator's currency.
    #[serde(default)]
    pub cost: u32,
}

/// One row of the evidence table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceSection {
    /// Facts that must all be reported.
    pub facts: Vec<String>,
    /// The level that they reach, 1 to 4.
    pub level: u8,
    /// RFC 8176 names of what was done.
    pub amr: Vec<String>,
    /// Mobile Connect names of what was done.
    pub amr_mobile_connect: Vec<String>,
}

/// How a foreign authenticator is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormName {
    /// The browser goes there.
    Browser,
    /// From server to server.
    BackChannel,
}

/// An OpenID Provider as an authenticator. It is asked through the guarded client, so one with a
/// private address must stand in `egress.allow`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpstreamProviderSection {
    /// Its name in policy, logs and addresses: 1 to 64 lower-case letters, digits, `_` and `-`.
    pub id: String,
    /// What people call it, 1 to 40 characters.
    pub display_name: String,
    /// Its issuer.
    pub issuer: String,
    /// Who the gateway is there; its redirect URI is `{issuer}/authenticators/{id}/return`.
    pub client_id: String,
    /// File with the client secret, mode 0600. Without it the gateway signs an assertion with its own
    /// key (`private_key_jwt`).
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// How the assertion is signed: `RS256` or `ES256`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub assertion_signing_alg: SigningAlgorithm,
    /// The only algorithm of its ID Tokens: `RS256`, `PS256` or `ES256`. By default any of them.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub id_token_signing_alg: Option<SignatureAlgorithm>,
    /// Scopes beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Send the person's pseudonym as `login_hint`.
    #[serde(default)]
    pub sends_pseudonym: bool,
    /// What kind of authenticator it is: limits `level`.
    pub class: String,
    /// Our levels and its `acr`, the preferred one first.
    pub levels: Vec<LevelSection>,
    /// The claim that says who it was.
    pub subject_claim: String,
    /// The stored attribute that the claim must equal. By default it must be the number.
    #[serde(default)]
    pub subject_attribute: Option<String>,
    /// Whose subscriptions it works for: `listed` (those that name it) or `by_number` (all).
    #[serde(default = "listed")]
    #[schemars(with = "String")]
    pub enrolment: Enrolment,
    /// What one use costs, in thousandths of the operator's currency.
    #[serde(default)]
    pub cost: u32,
}

/// A level and what the provider calls it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelSection {
    /// Ours, 1 to 4.
    pub level: u8,
    /// Its `acr`; without it, whatever its ID Token says, and level 2 at most.
    #[serde(default)]
    pub acr: Option<String>,
    /// RFC 8176 names of what was done.
    pub amr: Vec<String>,
    /// Mobile Connect names of what was done.
    pub amr_mobile_connect: Vec<String>,
}

const fn poll_interval_seconds() -> u64 {
    5
}

const fn parallel() -> usize {
    1_000
}

const fn listed() -> Enrolment {
    Enrolment::Listed
}
