//! The configuration of `fiador serve`: one section, one file.
//!
//! Values come from a TOML file and may be overridden by environment variables named
//! `FIADOR__SECTION__KEY`. They are read once, here; nothing later asks the environment. Unknown
//! keys are refused, so a misspelt setting cannot be silently ignored. Secrets are named by file
//! (`*_file`, mode 0600) or given by environment, never written into the TOML file.

mod authenticators;
mod authorization;
mod brand;
mod clients;
mod data_sources;
mod database;
mod development;
mod discovery;
mod egress;
mod insecure;
mod issuer;
mod keycloak;
mod keys;
mod kyc;
mod limits;
mod listeners;
mod load;
mod log;
mod messages;
mod operator;
mod routing;
mod schema;
mod secret;
mod smpp;
mod sms;

use schemars::JsonSchema;
use serde::Deserialize;

pub use authenticators::{
    AuthenticatorsSection, EvidenceSection, ForeignAuthenticatorSection, FormName, LevelSection,
    UpstreamProviderSection,
};
pub use authorization::AuthorizationSection;
pub use brand::{BrandSection, ClientBrandSection, ColoursSection};
pub use clients::ClientSection;
pub use data_sources::DataSourceSection;
pub use database::DatabaseSection;
pub use development::DevelopmentSection;
pub use discovery::{
    DiscoveryApplicationSection, DiscoverySection, OperatorLinksSection, OperatorRangeSection,
};
pub use egress::EgressSection;
pub use insecure::{plain_http_of, refusals};
pub use issuer::read_issuer;
pub use keycloak::{KeycloakChannelSection, KeycloakClientSection};
pub use keys::KeysSection;
pub use kyc::KycSection;
pub use limits::LimitsSection;
pub use listeners::{ListenerSection, ListenersSection, TlsSection};
pub use load::load;
pub use log::{LogFormat, LogSection};
pub use messages::{
    AuthenticationName, EncodingName, FateName, GatewayAnswerSection, GatewayDeliveriesSection,
    GatewayHmacSection, MessageGatewaySection, MessageRouteSection, MessagesSection, MethodName,
    NoticeFormatName,
};
pub use operator::OperatorSection;
pub use routing::RoutingSection;
pub use schema::schema_text;
pub use secret::{SecretText, read_secret_file};
pub use smpp::{AlphabetName, MessageCentreSection, SmppSection};
pub use sms::{BudgetSection, LimitSection, MessageTextSection, SmsSection};

/// Everything `fiador serve` can be told.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The issuer: an https URL without query, fragment and trailing slash. Tokens carry it byte
    /// for byte, and every public URL is derived from it (OpenID Connect Discovery §3).
    pub issuer: String,
    /// Who runs the gateway, as users see it.
    pub operator: OperatorSection,
    /// What pages look like.
    #[serde(default)]
    pub brand: BrandSection,
    /// Where the gateway listens.
    #[serde(default)]
    pub listeners: ListenersSection,
    /// Where state is kept.
    #[serde(default)]
    pub database: DatabaseSection,
    /// The root key and the rotation of the keys under it.
    pub keys: KeysSection,
    /// Message centres.
    #[serde(default)]
    pub smpp: SmppSection,
    /// Roads to phones beside SMPP.
    #[serde(default)]
    pub messages: MessagesSection,
    /// One-time codes by SMS.
    #[serde(default)]
    pub sms: SmsSection,
    /// Authenticators that are not ours.
    #[serde(default)]
    pub authenticators: AuthenticatorsSection,
    /// Realms of Keycloak that ask people by way of this gateway.
    #[serde(default)]
    pub keycloak_channels: Vec<KeycloakChannelSection>,
    /// How an authenticator is chosen.
    #[serde(default)]
    pub routing: RoutingSection,
    /// What authorization requests may say.
    #[serde(default)]
    pub authorization: AuthorizationSection,
    /// Applications of service providers.
    #[serde(default)]
    pub clients: Vec<ClientSection>,
    /// Discovery: operators, number ranges, applications.
    #[serde(default)]
    pub discovery: DiscoverySection,
    /// How values of service providers are compared with the operator's.
    #[serde(default)]
    pub kyc: KycSection,
    /// Systems of the operator's that give attributes, in order of precedence.
    #[serde(default)]
    pub data_sources: Vec<DataSourceSection>,
    /// Where the gateway may fetch what other parties name.
    #[serde(default)]
    pub egress: EgressSection,
    /// Request limits of applications.
    #[serde(default)]
    pub limits: LimitsSection,
    /// Named exceptions for development. Each is logged at start-up and none belongs in production.
    #[serde(default)]
    pub development: DevelopmentSection,
    /// Logs.
    #[serde(default)]
    pub log: LogSection,
}
