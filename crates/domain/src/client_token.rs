//! Access tokens that a client holds for itself (`client_credentials`, RFC 6749 §4.4).

use fiador_kernel::{ClientId, GrantId, ScopeSet, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{catalog, token::Epochs};

/// The content of an access token without a subscriber. A type of its own: what is about somebody
/// cannot be asked with it by mistake (T-068).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientTokenContent {
    /// Inner id: what its end is recorded under.
    pub grant: GrantId,
    /// Whose it is.
    pub client: ClientId,
    /// What it opens (T-055).
    pub scopes: ScopeSet,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it dies.
    pub expires_at: Timestamp,
    /// Counts of its birth; that of a subscriber stays 0.
    pub epochs: Epochs,
}

/// Those of `scopes` that a client can have for itself: scopes that ask for no user, and scopes
/// that the catalogue does not know, which mean something to resource servers of the operator.
pub fn grantable(scopes: &ScopeSet) -> ScopeSet {
    let without_user =
        |scope: &str| catalog::entry(scope).is_none_or(catalog::ScopeEntry::is_without_user);
    scopes.iter().filter(|scope| without_user(scope.as_str())).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T-068.
    #[test]
    fn nothing_about_a_user_is_granted_to_a_client_alone() {
        let scopes = ScopeSet::parse("openid phone offline_access mc_atp own_api").unwrap();
        assert_eq!(grantable(&scopes).to_string(), "mc_atp own_api");
    }
}
