//! `scope` (mobile-connect §2.2 row 5; OpenID Connect Core §3.1.2.1).

use fiador_domain::{
    catalog::{self, Resource, ScopeEntry},
    client::GrantType,
};
use fiador_kernel::{Scope, ScopeSet};
use fiador_wire_oauth::scope::ScopeList;

use super::{Addressed, Failure, version};

/// Mobile Connect: every scope is known, granted to the client, and `openid` is among them.
pub(super) fn are_all_granted(request: &Addressed) -> Result<ScopeSet, Failure> {
    let asked = read(request)?;
    let scopes = granted(request, &asked);
    if scopes.contains("openid") && scopes.iter().count() == asked.len() {
        Ok(scopes)
    } else {
        Err(Failure::ScopeInvalid)
    }
}

/// OpenID Connect: scopes that are unknown or not granted are ignored, but `openid` makes the
/// request one of OpenID Connect.
pub(super) fn that_are_granted(request: &Addressed) -> Result<ScopeSet, Failure> {
    let scopes = granted(request, &read(request)?);
    if scopes.contains("openid") { Ok(scopes) } else { Err(Failure::ScopeInvalid) }
}

/// The scopes as asked for; at most 100 (T-002).
pub(super) fn read(request: &Addressed) -> Result<ScopeList, Failure> {
    let scope = request.value("scope").ok_or(Failure::ScopeMissing)?;
    ScopeList::parse(scope).map_err(|_| Failure::ScopeInvalid)
}

fn granted(request: &Addressed, asked: &ScopeList) -> ScopeSet {
    asked
        .iter()
        .filter(|scope| request.client.scopes.contains(scope))
        .filter(|scope| version::may_be_named(scope, request.rules.offers_di_3_0))
        .filter(|scope| catalog::entry(scope).is_some_and(|entry| opens(entry, request)))
        .filter_map(|scope| Scope::new(scope).ok())
        .collect()
}

/// Whether a user can grant it here: some scopes are asked for without a user, and a refresh token
/// needs a client that may use it (OpenID Connect Core §11). What rests on the network's word is not
/// granted where no authenticator gives it: the metadata does not list it either (T-062).
fn opens(entry: &ScopeEntry, request: &Addressed) -> bool {
    match entry.resource {
        Resource::Token => request.client.grant_types.contains(GrantType::RefreshToken),
        _ if entry.needs_network_proof() => request.has_network_proof,
        _ => !entry.is_without_user(),
    }
}
