//! What a scope means: which claims it opens, at which resource, and what it asks of the request.

use fiador_kernel::ScopeSet;

/// Where the claims of a scope are served (mobile-connect §2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// No attributes beyond the ID Token.
    None,
    /// `/userinfo`
    UserInfo,
    /// `/premiuminfo`
    PremiumInfo,
}

/// One scope of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct ScopeEntry {
    /// The scope on the wire.
    pub scope: &'static str,
    /// Where its claims are served.
    pub resource: Resource,
    /// Claims it opens, besides `sub`.
    pub claims: &'static [&'static str],
    /// The user decides on a text: `client_name`, `context` and `binding_message` are mandatory
    /// for a `mobile_connect` client (mobile-connect §2.1 †).
    pub needs_transaction_text: bool,
}

const fn authentication(scope: &'static str, needs_transaction_text: bool) -> ScopeEntry {
    ScopeEntry { scope, resource: Resource::None, claims: &[], needs_transaction_text }
}

const fn userinfo(scope: &'static str, claims: &'static [&'static str]) -> ScopeEntry {
    ScopeEntry { scope, resource: Resource::UserInfo, claims, needs_transaction_text: false }
}

const fn premiuminfo(scope: &'static str, claims: &'static [&'static str]) -> ScopeEntry {
    ScopeEntry { scope, resource: Resource::PremiumInfo, claims, needs_transaction_text: true }
}

/// Every scope the gateway serves. OpenID Connect Core §5.4 for the first group,
/// mobile-connect §2.9 for the `mc_` ones.
pub const CATALOG: &[ScopeEntry] = &[
    authentication("openid", false),
    authentication("mc_authn", false),
    authentication("mc_authz", true),
    userinfo(
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    userinfo("email", &["email", "email_verified"]),
    userinfo("address", &["address"]),
    userinfo("phone", &["phone_number", "phone_number_verified"]),
    premiuminfo("mc_identity_phonenumber", &["phone_number"]),
    premiuminfo(
        "mc_identity_signup",
        &[
            "given_name",
            "family_name",
            "street_address",
            "postal_code",
            "country",
            "phone_number_alternate",
            "title",
            "middle_name",
            "city",
            "state",
            "email",
        ],
    ),
    premiuminfo(
        "mc_identity_nationalid",
        &[
            "given_name",
            "family_name",
            "street_address",
            "birthdate",
            "national_identifier",
            "phone_number",
            "title",
            "middle_name",
            "state",
            "postal_code",
            "country",
            "email",
        ],
    ),
];

/// The entry of one scope.
pub fn entry(scope: &str) -> Option<&'static ScopeEntry> {
    CATALOG.iter().find(|entry| entry.scope == scope)
}

fn entries(scopes: &ScopeSet) -> impl Iterator<Item = &'static ScopeEntry> {
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
        .filter(|scope| entry(scope.as_str()).is_some_and(|e| e.resource != Resource::None))
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
}
