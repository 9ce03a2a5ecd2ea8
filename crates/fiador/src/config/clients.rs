//! `[[clients]]`

use fiador_domain::{
    client::{
        ContentEncryption, GrantType, KeyManagementAlgorithm, SignatureAlgorithm, SigningAlgorithm,
        TokenEndpointAuthMethod,
    },
    profile::Profile,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One application of a service provider.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
    /// How it authenticates: `client_secret_basic` and `client_secret_post` (either name allows
    /// both), `private_key_jwt`, or `none`. By default by secret when there is one, else `none`.
    #[serde(default)]
    pub token_endpoint_auth_method: Option<AuthMethodName>,
    /// SHA-256 of the client secret in hexadecimal; `fiador client-secret` makes a pair. Several
    /// while a secret is being changed.
    #[serde(default)]
    pub client_secret_sha256: Vec<String>,
    /// Its public keys: a JSON Web Key Set as text. Needed by `private_key_jwt`, by request objects
    /// and by encrypted answers, unless `jwks_uri` is given.
    #[serde(default)]
    pub jwks: Option<String>,
    /// Where its public keys are fetched: an https address.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// The only algorithm of its assertions: `RS256`, `PS256` or `ES256`. By default any of them.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub token_endpoint_auth_signing_alg: Option<SignatureAlgorithm>,
    /// The only algorithm of its request objects: `RS256`, `PS256` or `ES256`. By default any.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub request_object_signing_alg: Option<SignatureAlgorithm>,
    /// What it may exchange for tokens: `authorization_code`, `refresh_token`,
    /// `client_credentials`. By default `authorization_code` alone.
    #[serde(default = "authorization_code")]
    #[schemars(with = "Vec<String>")]
    pub grant_types: Vec<GrantType>,
    /// Redirect URIs, compared byte for byte. Needed by `authorization_code`.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where a browser may go after logout.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes it may ask for.
    pub scopes: Vec<String>,
    /// Applications of one sector share a pseudonym; at most 128 characters. By default the host of
    /// the redirect URIs, without port, or `client_id` when all of them are loopback addresses;
    /// required when they have several hosts, or none (OpenID Connect Core §8.1).
    #[serde(default)]
    pub sector: Option<String>,
    /// An https address with the redirect URIs of the whole sector as a JSON array; its host is the
    /// sector then (OpenID Connect Core §8.1). An application that is not in the list is locked out.
    #[serde(default)]
    pub sector_identifier_uri: Option<String>,
    /// `RS256` or `ES256`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// Answer UserInfo and PremiumInfo with a JWT signed so: `RS256` or `ES256`. By default JSON.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// Encrypt UserInfo and PremiumInfo to the client: `RSA-OAEP-256` or `ECDH-ES`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub userinfo_encrypted_response_alg: Option<KeyManagementAlgorithm>,
    /// How the content is encrypted then: `A256GCM`, the default.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub userinfo_encrypted_response_enc: Option<ContentEncryption>,
    /// Answer introspection with a JWT signed so, when it is asked for: `RS256` or `ES256` (RFC
    /// 9701).
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub introspection_signed_response_alg: Option<SigningAlgorithm>,
    /// Take authorization requests only when they were pushed first (RFC 9126).
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
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
    /// Takeover signs (`mc_atp`): `simChange` says whether the SIM was changed within 72 hours,
    /// instead of when.
    #[serde(default)]
    pub sim_change_as_boolean: bool,
    /// Takeover signs (`mc_atp`): `isUnconditionalCallDivertActive` instead of the spelling of the
    /// profile's own document, `isUncontidionalCallDivertActive`.
    #[serde(default)]
    pub corrects_call_divert: bool,
    /// Set to false to lock the application out.
    #[serde(default = "yes")]
    pub enabled: bool,
}

/// A protocol profile by name.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
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

/// A client authentication method by its registered name (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethodName {
    /// The secret in the `Authorization` header; in the form it is accepted as well.
    ClientSecretBasic,
    /// The secret in the form; in the `Authorization` header it is accepted as well.
    ClientSecretPost,
    /// A signed assertion.
    PrivateKeyJwt,
    /// A client that cannot keep a secret.
    None,
}

impl From<AuthMethodName> for TokenEndpointAuthMethod {
    fn from(name: AuthMethodName) -> Self {
        match name {
            AuthMethodName::ClientSecretBasic | AuthMethodName::ClientSecretPost => {
                Self::ClientSecret
            }
            AuthMethodName::PrivateKeyJwt => Self::PrivateKeyJwt,
            AuthMethodName::None => Self::None,
        }
    }
}

fn authorization_code() -> Vec<GrantType> {
    vec![GrantType::AuthorizationCode]
}

const fn yes() -> bool {
    true
}
