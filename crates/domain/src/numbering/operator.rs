use fiador_kernel::{OperatorId, Plmn};

/// One operator of Discovery, own brand or foreign.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Its name in configuration.
    pub id: OperatorId,
    /// As users know it.
    pub name: String,
    /// ISO 3166-1 alpha-2 country.
    pub country: String,
    /// ISO 4217 currency.
    pub currency: String,
    /// Its networks; the first is the one given back by operator selection.
    pub networks: Vec<Plmn>,
    /// Its issuer; endpoints that `links` does not name are derived from it.
    pub issuer: String,
    /// Endpoints elsewhere than this gateway has its own.
    pub links: OperatorLinks,
    /// Whether this gateway is its Identity Gateway, so that its numbers may get messages.
    pub own: bool,
}

/// Endpoints of a foreign operator, absolute URLs. What is `None` lies under the issuer, at the path
/// that this gateway uses itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatorLinks {
    /// Provider metadata.
    pub openid_configuration: Option<String>,
    /// Authorization endpoint.
    pub authorization: Option<String>,
    /// Token endpoint, also for refresh tokens.
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
