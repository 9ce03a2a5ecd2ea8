//! `[[clients]]`

use fiador_domain::{client::SigningAlgorithm, profile::Profile};
use schemars::JsonSchema;
use serde::Deserialize;

/// One application of a service provider.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent switch of the registration"
)]
pub struct ClientSection {
    /// `client_id`, at most 64 characters.
    pub client_id: String,
    /// Short name that users see, at most 16 characters; `client_name` must equal it. Nothing in it
    /// may look like a web or e-mail address or a telephone number (T-086).
    pub name: String,
    /// The protocol profile.
    pub profile: ProfileName,
    /// SHA-256 of the client secret in hexadecimal; `fiador client-secret` makes a pair. Several
    /// while a secret is being changed, none for a public client.
    #[serde(default)]
    pub client_secret_sha256: Vec<String>,
    /// Redirect URIs, compared byte for byte.
    pub redirect_uris: Vec<String>,
    /// Where a browser may go after logout.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes it may ask for.
    pub scopes: Vec<String>,
    /// Applications of one sector share a pseudonym; at most 128 characters. By default the host of
    /// the redirect URIs, without port; required when they have several hosts, or none (OpenID
    /// Connect Core §8.1).
    #[serde(default)]
    pub sector: Option<String>,
    /// `RS256` or `ES256`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// Demand PKCE; by default yes for `oidc`, no for `mobile_connect` (T-032). A public client
    /// always needs it.
    #[serde(default)]
    pub require_pkce: Option<bool>,
    /// Tell this client why a subscriber cannot authenticate (T-048).
    #[serde(default)]
    pub reveal_subscriber_state: bool,
    /// May introspect tokens of other clients: a resource server of the operator.
    #[serde(default)]
    pub resource_server: bool,
    /// PremiumInfo gives `phone_number` with `+`.
    #[serde(default)]
    pub phone_number_with_plus: bool,
    /// Set to false to lock the application out.
    #[serde(default = "yes")]
    pub enabled: bool,
}

/// A protocol profile by name.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProfileName {
    /// GSMA Mobile Connect, device-initiated.
    MobileConnect,
    /// Plain OpenID Connect.
    Oidc,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::MobileConnect => Self::MobileConnect,
            ProfileName::Oidc => Self::Oidc,
        }
    }
}

const fn yes() -> bool {
    true
}
