//! `claims` is JSON of its documented shape (OpenID Connect Core §5.5). Of what it asks, only an
//! essential `acr` is served; the rest is voluntary, and so may be left out.

use fiador_wire_oauth::claims_request::{ClaimRequest, ClaimsRequest};

use super::{Addressed, Failure, Levels};

/// Mobile Connect: levels are asked by `acr_values` alone. Empty is an error (§2.6).
pub(super) fn are_well_formed(request: &Addressed) -> Result<Option<Levels>, Failure> {
    let claims = request.sent("claims").map(ClaimsRequest::parse).transpose();
    claims.map(|_| None).map_err(|_| Failure::ClaimsInvalid)
}

/// OpenID Connect: an essential `acr` of the ID Token is a demand (§5.5.1.1).
pub(super) fn essential_acr(request: &Addressed) -> Result<Option<Levels>, Failure> {
    let claims = request.value("claims").map(ClaimsRequest::parse).transpose();
    let claims = claims.map_err(|_| Failure::ClaimsInvalid)?.unwrap_or_default();
    match claims.id_token.get("acr") {
        Some(acr) if acr.essential && acr.wanted().next().is_some() => demanded(acr).map(Some),
        _ => Ok(None),
    }
}

/// The levels among the wanted values; when none of them is a level, none can be met.
fn demanded(acr: &ClaimRequest) -> Result<Levels, Failure> {
    let levels = acr.wanted().filter_map(|value| value.as_str()?.parse().ok());
    Levels::demanded(levels.collect()).ok_or(Failure::LevelUnmet)
}
