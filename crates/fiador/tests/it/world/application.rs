//! What the announcement of a sandbox tells about applications and phones.

use serde::Deserialize;

/// A registered application, as in the machine contract.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Application {
    pub(crate) name: String,
    pub(crate) profile: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) post_logout_redirect_uris: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) id_token_signed_response_alg: String,
    pub(crate) discovery_client_id: String,
    pub(crate) discovery_client_secret: String,
}

/// A simulated phone, as in the machine contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Phone {
    pub(crate) msisdn: String,
    pub(crate) authenticators: Vec<String>,
    pub(crate) auto: bool,
}
