//! `version` names a profile version that is offered and that knows the scopes (mobile-connect
//! §0.1, §2.2 row 6, §2.9).

use fiador_wire_oauth::{scope::ScopeList, version::MobileConnectVersion as Version};

use super::{Addressed, Failure, scope};

/// Versions that are always offered. 3.0 has a switch, because its rules are known from one SDK
/// alone (mobile-connect, "Decided").
const ALWAYS: [Version; 4] = [Version::V1_1, Version::V1_2, Version::V2_0, Version::Di2_3];

/// Versions that requests may name; the metadata lists the same (T-062).
pub(crate) fn offered(offers_di_3_0: bool) -> impl Iterator<Item = Version> {
    ALWAYS.into_iter().chain(offers_di_3_0.then_some(Version::Di3_0))
}

/// Whether a product belongs to a version (mobile-connect §2.9). 1.1 knows authentication alone,
/// but the Java SDK sends `mc_authn` with it; 1.2 was the first with decisions and identity data.
pub(crate) fn knows(version: Version, scope: &str) -> bool {
    if is_of_any_version(scope) || scope == "mc_authn" {
        return true;
    }
    match scope {
        _ if is_of_3_0_alone(scope) => version == Version::Di3_0,
        "mc_authz" => version >= Version::V1_2,
        _ if scope.starts_with("mc_identity_") => version >= Version::V1_2,
        _ if scope.starts_with("mc_kyc_") => version >= Version::Di2_3,
        _ => version >= Version::V2_0,
    }
}

/// Whether requests may name a scope at all: the names of 3.0 go with its switch, also where there
/// are no versions (plain OpenID Connect).
pub(crate) fn may_be_named(scope: &str, offers_di_3_0: bool) -> bool {
    offers_di_3_0 || !is_of_3_0_alone(scope)
}

fn is_of_3_0_alone(scope: &str) -> bool {
    matches!(scope, "mc_phonenumber" | "mc_signup" | "mc_nationalid")
}

/// The scopes of the time before versions, and those of a market whose clients send none.
fn is_of_any_version(scope: &str) -> bool {
    matches!(scope, "openid" | "profile" | "email" | "address" | "phone" | "offline_access")
        || matches!(scope, "mc_india_tc" | "mc_identity_phonenumber_hashed")
        || scope.starts_with("mc_mnv_")
}

/// Without a version the request is one of 1.1 with nothing but the first scopes.
pub(super) fn fits_the_scopes(request: &Addressed) -> Result<(), Failure> {
    let scopes = scope::read(request)?;
    let fits = match request.sent("version").map(Version::parse) {
        None => scopes.iter().all(is_of_any_version),
        Some(Some(version)) => {
            offered(request.rules.offers_di_3_0).any(|offered| offered == version)
                && all_known(version, &scopes)
        }
        Some(None) => false,
    };
    if fits { Ok(()) } else { Err(Failure::VersionInvalid) }
}

/// Plain OpenID Connect has no such parameter.
#[expect(clippy::unnecessary_wraps, reason = "a cell of the table")]
pub(super) fn is_ignored(_: &Addressed) -> Result<(), Failure> {
    Ok(())
}

fn all_known(version: Version, scopes: &ScopeList) -> bool {
    scopes.iter().all(|scope| knows(version, scope))
}
