//! `version` names a profile version that is offered and that knows the scopes (mobile-connect
//! §0.1, §2.2 row 6, §2.9).

use fiador_wire_oauth::{scope::ScopeList, version::MobileConnectVersion as Version};

use super::{Addressed, Failure, scope};

/// Versions that requests may name; the metadata lists the same (T-062).
pub(crate) const OFFERED: [Version; 3] = [Version::V1_1, Version::V2_0, Version::Di2_3];

/// The scopes of the time before versions.
const FIRST_SCOPES: [&str; 5] = ["openid", "profile", "email", "address", "phone"];

/// Without a version the request is one of 1.1, which it can be with the first scopes alone; with
/// `mc_v1.1` the Java SDK also sends `mc_authn`.
pub(super) fn fits_the_scopes(request: &Addressed) -> Result<(), Failure> {
    let scopes = scope::read(request)?;
    let fits = match request.sent("version").map(Version::parse) {
        None => are_among(&scopes, &[]),
        Some(Some(Version::V1_1)) => are_among(&scopes, &["mc_authn"]),
        Some(Some(version)) => OFFERED.contains(&version),
        Some(None) => false,
    };
    if fits { Ok(()) } else { Err(Failure::VersionInvalid) }
}

/// Plain OpenID Connect has no such parameter.
#[expect(clippy::unnecessary_wraps, reason = "a cell of the table")]
pub(super) fn is_ignored(_: &Addressed) -> Result<(), Failure> {
    Ok(())
}

fn are_among(scopes: &ScopeList, more: &[&str]) -> bool {
    scopes.iter().all(|scope| FIRST_SCOPES.contains(&scope) || more.contains(&scope))
}
