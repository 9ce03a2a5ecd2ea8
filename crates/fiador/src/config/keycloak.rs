//! `[[keycloak_channels]]`

use fiador_kernel::Language;
use schemars::JsonSchema;
use serde::Deserialize;

/// A realm of a Keycloak server that asks people by way of this gateway (docs/guides/keycloak.md). Its
/// keys and its callback are asked through the guarded client, so a server with a private address must
/// stand in `egress.allow`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeycloakChannelSection {
    /// Its name in addresses and logs: 1 to 32 lower-case letters, digits, `_` and `-`.
    pub id: String,
    /// The realm's issuer: `https://sso.bank.example/realms/customers`.
    pub issuer: String,
    /// Clients of the realm that may ask.
    pub clients: Vec<KeycloakClientSection>,
    /// Levels where a request names none, in order of preference.
    #[serde(default = "levels")]
    pub levels: Vec<u8>,
    /// The language of pages and messages: `en`, `es`, `pt`, `de` or `fr`.
    #[serde(default)]
    #[schemars(with = "String")]
    pub language: Language,
}

/// A client of the realm.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeycloakClientSection {
    /// Its `client_id` in Keycloak.
    pub keycloak_client_id: String,
    /// The registered application that it is here: people see its name, policy and budgets know its id.
    pub client_id: String,
}

fn levels() -> Vec<u8> {
    vec![2]
}
