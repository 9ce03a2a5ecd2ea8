//! `claims` is JSON of its documented shape (OpenID Connect Core §5.5, mobile-connect §2.9), and
//! what it demands can be met. All else that it asks is voluntary: what is not served is left out.

use fiador_domain::individual_claims::IndividualClaims;
use fiador_kernel::ScopeSet;
use fiador_wire_oauth::claims_request::{ClaimRequest, ClaimsRequest};
use serde_json::Value;

use super::{Addressed, Failure, Levels, scope};

/// What is asked one by one.
pub(crate) struct AskedClaims {
    /// Levels of an essential `acr`.
    pub(super) levels: Option<Levels>,
    /// The `sub` that the user must have.
    pub(super) subject: Option<String>,
    /// What resources are to serve.
    pub(crate) individual: IndividualClaims,
}

/// Mobile Connect: levels are asked by `acr_values` and users by hints alone. Empty is an error
/// (§2.6).
pub(super) fn are_well_formed(request: &Addressed) -> Result<AskedClaims, Failure> {
    let claims = read(request.sent("claims"))?;
    let individual = individual(&scope::are_all_granted(request)?, &claims)?;
    Ok(AskedClaims { levels: None, subject: None, individual })
}

/// OpenID Connect: an essential `acr` of the ID Token and a `sub` with a value are demands
/// (§5.5.1, §5.5.1.1).
pub(super) fn can_be_met(request: &Addressed) -> Result<AskedClaims, Failure> {
    let claims = read(request.value("claims"))?;
    let levels = match claims.id_token.get("acr") {
        Some(acr) if acr.essential && acr.wanted().next().is_some() => Some(demanded(acr)?),
        _ => None,
    };
    let subject = match claims.id_token.get("sub").and_then(|sub| sub.value.as_ref()) {
        Some(Value::String(sub)) => Some(sub.clone()),
        Some(_) => return Err(Failure::ClaimsInvalid),
        None => None,
    };
    let individual = individual(&scope::that_are_granted(request)?, &claims)?;
    Ok(AskedClaims { levels, subject, individual })
}

fn read(text: Option<&str>) -> Result<ClaimsRequest, Failure> {
    let claims = text.map(ClaimsRequest::parse).transpose();
    claims.map(Option::unwrap_or_default).map_err(|_| Failure::ClaimsInvalid)
}

/// The levels among the wanted values; when none of them is a level, none can be met.
fn demanded(acr: &ClaimRequest) -> Result<Levels, Failure> {
    let levels = acr.wanted().filter_map(|value| value.as_str()?.parse().ok());
    Levels::demanded(levels.collect()).ok_or(Failure::LevelUnmet)
}

/// What resources can serve; a product that compares values must get them (§2.9).
fn individual(scopes: &ScopeSet, claims: &ClaimsRequest) -> Result<IndividualClaims, Failure> {
    let userinfo = claims.userinfo.keys().map(String::as_str);
    let premiuminfo =
        claims.premiuminfo.iter().map(|(name, asked)| (name.as_str(), asked.value.as_ref()));
    IndividualClaims::served(scopes, userinfo, premiuminfo).map_err(|_| Failure::ClaimsInvalid)
}
