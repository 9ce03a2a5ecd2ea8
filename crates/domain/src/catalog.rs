//! What a scope means: which claims it opens, at which resource, and what it asks of the request.

mod entries;

use fiador_kernel::ScopeSet;

pub use entries::CATALOG;

/// Where a scope is served (mobile-connect §2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// No attributes beyond the ID Token.
    None,
    /// `/userinfo`
    UserInfo,
    /// `/premiuminfo`
    PremiumInfo,
    /// `/mc_vm`, and `/userinfo` with the same body: compares a number with the user's own.
    VerifiedNumber,
    /// `/userinfo` with `User-ID` headers: signs of an account takeover.
    RiskSignals,
    /// `/token`: a refresh token, with which data is read also while the user is away.
    Token,
}

/// What the claims of PremiumInfo are besides plain attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As they are.
    Plain,
    /// `phone_number` as lower-case hexadecimal SHA-256.
    HashedNumber,
    /// Values of the service provider are compared with the operator's, and so answered
    /// ([`crate::kyc`]).
    Match,
    /// The same with hashed values.
    HashedMatch,
}

/// One scope of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct ScopeEntry {
    /// The scope on the wire.
    pub scope: &'static str,
    /// Where it is served.
    pub resource: Resource,
    /// Claims it opens, besides `sub`.
    pub claims: &'static [&'static str],
    /// What becomes of them.
    pub form: Form,
    /// The user decides on a text: `client_name`, `context` and `binding_message` are mandatory
    /// for a `mobile_connect` client (mobile-connect §2.1 †).
    pub needs_transaction_text: bool,
}

impl ScopeEntry {
    /// Asked for by a client on its own behalf, with `client_credentials`: it cannot be asked for
    /// at the authorization endpoint, and nothing else can be asked for without a user
    /// (mobile-connect §2.9, ATP).
    pub const fn is_without_user(&self) -> bool {
        matches!(self.resource, Resource::RiskSignals)
    }

    /// It lets something about the user leave, so the user must agree (T-049).
    pub const fn needs_consent(&self) -> bool {
        matches!(
            self.resource,
            Resource::UserInfo | Resource::PremiumInfo | Resource::VerifiedNumber | Resource::Token
        )
    }

    /// It is worth nothing unless an authenticator can tell the number from the network
    /// (mobile-connect §2.9, Verified MSISDN: [`crate::assurance::SEAMLESS`]).
    pub const fn needs_network_proof(&self) -> bool {
        matches!(self.resource, Resource::VerifiedNumber)
    }
}

/// The entry of one scope.
pub fn entry(scope: &str) -> Option<&'static ScopeEntry> {
    CATALOG.iter().find(|entry| entry.scope == scope)
}

/// The entries of the scopes that are known.
pub fn entries(scopes: &ScopeSet) -> impl Iterator<Item = &'static ScopeEntry> {
    scopes.iter().filter_map(|scope| entry(scope.as_str()))
}

/// The claims that `scopes` open at `resource`, each once, in the order of the catalogue.
pub fn claims(scopes: &ScopeSet, resource: Resource) -> Vec<&'static str> {
    let mut claims = Vec::new();
    for &claim in entries(scopes).filter(|e| e.resource == resource).flat_map(|e| e.claims) {
        if !claims.contains(&claim) {
            claims.push(claim);
        }
    }
    claims
}

/// The scopes among `scopes` that let attributes leave, and so need the user's consent (T-049).
pub fn needing_consent(scopes: &ScopeSet) -> ScopeSet {
    scopes
        .iter()
        .filter(|scope| entry(scope.as_str()).is_some_and(ScopeEntry::needs_consent))
        .cloned()
        .collect()
}

/// Whether one of `scopes` asks the user to decide on a text.
pub fn needs_transaction_text(scopes: &ScopeSet) -> bool {
    entries(scopes).any(|entry| entry.needs_transaction_text)
}

/// Whether one of `scopes` is served at `resource`.
pub fn reaches(scopes: &ScopeSet, resource: Resource) -> bool {
    entries(scopes).any(|entry| entry.resource == resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_come_once_and_only_from_the_resource_asked() {
        let scopes =
            ScopeSet::parse("openid email mc_identity_signup mc_identity_nationalid").unwrap();
        assert_eq!(claims(&scopes, Resource::UserInfo), ["email", "email_verified"]);
        let premium = claims(&scopes, Resource::PremiumInfo);
        assert_eq!(premium.iter().filter(|&&c| c == "email").count(), 1);
        assert!(premium.contains(&"national_identifier"));
    }

    #[test]
    fn authentication_alone_needs_no_consent() {
        let scopes = ScopeSet::parse("openid mc_authn mc_authz").unwrap();
        assert!(needing_consent(&scopes).is_empty());
        assert!(needs_transaction_text(&scopes));
    }

    #[test]
    fn whatever_tells_something_about_the_user_needs_consent_but_what_is_asked_without_a_user() {
        for entry in CATALOG {
            let tells = entry.resource != Resource::None;
            assert_eq!(entry.needs_consent(), tells && !entry.is_without_user(), "{}", entry.scope);
        }
    }

    #[test]
    fn version_3_0_renames_three_products_and_changes_nothing_else() {
        for (new, old) in [
            ("mc_phonenumber", "mc_identity_phonenumber"),
            ("mc_signup", "mc_identity_signup"),
            ("mc_nationalid", "mc_identity_nationalid"),
        ] {
            let (new, old) = (entry(new).unwrap(), entry(old).unwrap());
            assert_eq!((new.resource, new.claims, new.form), (old.resource, old.claims, old.form));
            assert_eq!(new.needs_transaction_text, old.needs_transaction_text);
        }
    }

    #[test]
    fn the_terms_of_the_indian_market_open_nothing() {
        let scopes = ScopeSet::parse("openid mc_india_tc").unwrap();
        assert!(needing_consent(&scopes).is_empty() && !needs_transaction_text(&scopes));
        for resource in [Resource::UserInfo, Resource::PremiumInfo] {
            assert!(claims(&scopes, resource).is_empty() && !reaches(&scopes, resource));
        }
    }

    #[test]
    fn each_scope_is_there_once_and_each_claim_has_a_shape() {
        for (index, entry) in CATALOG.iter().enumerate() {
            assert!(CATALOG[..index].iter().all(|other| other.scope != entry.scope));
            for claim in entry.claims {
                assert!(crate::attribute::find(claim).is_some(), "{claim} of {}", entry.scope);
            }
        }
    }
}
