//! What differs between `serve` and `sandbox`.

use std::sync::Arc;

use fiador_authserver::Rules;
use fiador_domain::{kyc::Normalisation, numbering::NumberingPlan};
use fiador_http_kit::Pages;
use fiador_kernel::{Clock, Entropy, Issuer, Region};
use fiador_keys::{KeyRing, OperatorKeyRing};
use fiador_ports::{
    Fetch, Journeys, MessageCentre, NumberPortability, PromptLedgers, RoutingPolicy, RoutingRecords,
};
use fiador_store::Store;

use crate::{applications::KnownApplications, config::LimitsSection};

/// What the gateway is put together from: everything that differs between `serve` and `sandbox`.
pub struct Parts {
    /// The issuer.
    pub issuer: Issuer,
    /// The database.
    pub store: Arc<Store>,
    /// Journeys under way.
    pub journeys: Arc<dyn Journeys>,
    /// How often each number has been prompted.
    pub ledgers: Arc<dyn PromptLedgers>,
    /// The routing policy in force.
    pub routing_policy: Arc<dyn RoutingPolicy>,
    /// What routing decided.
    pub routing_records: Arc<dyn RoutingRecords>,
    /// What the operator decides about routing.
    pub routing: fiador_authn_routing::Settings,
    /// All keys.
    pub keys: Arc<KeyRing>,
    /// Registered applications.
    pub applications: Arc<KnownApplications>,
    /// Operators and number ranges.
    pub numbering: Arc<NumberingPlan>,
    /// Subscribers with numbers outside the operator's own ranges get messages too.
    pub serves_ported_in_numbers: bool,
    /// All roads to phones.
    pub messages: Arc<dyn MessageCentre>,
    /// Where message gateways tell what became of messages.
    pub message_webhook: axum::Router,
    /// Where one-time codes come from.
    pub codes: Arc<dyn fiador_auth_sms::CodeSource>,
    /// Codes and links by text message.
    pub sms: fiador_auth_sms::Settings,
    /// The authenticators among them, the preferred one first.
    pub sms_kinds: Vec<fiador_auth_sms::Kind>,
    /// Authenticators that are not ours.
    pub foreign: super::ForeignAuthenticators,
    /// Realms of Keycloak that ask by way of this gateway.
    pub keycloak: Vec<fiador_keycloak_channel::RealmSettings>,
    /// What people see.
    pub pages: Arc<Pages>,
    /// Cookies with `Secure` and the `__Host-` prefix.
    pub secure_cookies: bool,
    /// Country of numbers in national form.
    pub home_region: Option<Region>,
    /// How values of service providers are compared with the operator's.
    pub kyc: Normalisation,
    /// Numbers that were encrypted to this operator.
    pub operator_keys: Arc<OperatorKeyRing>,
    /// What authorization requests may say.
    pub rules: Rules,
    /// Requests that one application may make.
    pub limits: LimitsSection,
    /// Discovery.
    pub discovery: fiador_discovery::Settings,
    /// A register of ported numbers, if there is one to ask.
    pub portability: Option<Arc<dyn NumberPortability>>,
    /// Systems of the operator's that give attributes.
    pub data_sources: Vec<fiador_data_gateway::HttpSourceSettings>,
    /// How other parties' addresses are asked.
    pub fetch: Arc<dyn Fetch>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}
