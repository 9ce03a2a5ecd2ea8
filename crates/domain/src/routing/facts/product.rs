//! Products, as the scopes name them.

use fiador_kernel::ScopeSet;
use serde::{Deserialize, Serialize};

/// A product of an operator (mobile-connect §2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// A login and nothing else.
    Authenticate,
    /// Agreement to a transaction.
    Authorise,
    /// The number, plain or hashed.
    PhoneNumber,
    /// Data for a sign-up form.
    SignUp,
    /// Data of the identity document.
    NationalId,
    /// Comparison with what the operator knows of its customer.
    KycMatch,
    /// Comparison of a number with that of the phone in hand.
    VerifiedNumber,
    /// Signs of an account takeover.
    TakeoverProtection,
    /// Claims of OpenID Connect Core §5.4.
    UserInfo,
}

impl Product {
    const ALL: [Self; 9] = [
        Self::Authenticate,
        Self::Authorise,
        Self::PhoneNumber,
        Self::SignUp,
        Self::NationalId,
        Self::KycMatch,
        Self::VerifiedNumber,
        Self::TakeoverProtection,
        Self::UserInfo,
    ];

    /// The product that a scope belongs to; `None` for one that comes with any product.
    pub fn of(scope: &str) -> Option<Self> {
        let version_2 = scope.strip_prefix("mc_identity_");
        Some(match version_2.or_else(|| scope.strip_prefix("mc_")).unwrap_or(scope) {
            "authn" => Self::Authenticate,
            "authz" => Self::Authorise,
            "phonenumber" | "phonenumber_hashed" | "mnv_validate" | "mnv_validate_plus" => {
                Self::PhoneNumber
            }
            "signup" | "signupplus" => Self::SignUp,
            "nationalid" => Self::NationalId,
            "kyc_plain" | "kyc_hashed" => Self::KycMatch,
            "vm_match" | "vm_match_hash" | "attr_vm_match" | "attr_vm_match_hash" => {
                Self::VerifiedNumber
            }
            "atp" => Self::TakeoverProtection,
            "profile" | "email" | "address" | "phone" => Self::UserInfo,
            _ => return None,
        })
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A set of products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Products(u16);

impl Products {
    /// The products of a request; one that belongs to none is [`Product::Authenticate`].
    pub fn of(scopes: &ScopeSet) -> Self {
        let named: Self = scopes.iter().filter_map(|scope| Product::of(scope.as_str())).collect();
        if named.0 == 0 { Self(Product::Authenticate.bit()) } else { named }
    }

    /// Whether a product is in both sets.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The members, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Product> {
        Product::ALL.into_iter().filter(move |product| self.0 & product.bit() != 0)
    }
}

impl FromIterator<Product> for Products {
    fn from_iter<I: IntoIterator<Item = Product>>(products: I) -> Self {
        Self(products.into_iter().fold(0, |bits, product| bits | product.bit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn products(scopes: &str) -> Vec<Product> {
        Products::of(&ScopeSet::parse(scopes).unwrap()).iter().collect()
    }

    #[test]
    fn scopes_of_both_versions_name_the_same_products() {
        assert_eq!(products("openid"), [Product::Authenticate]);
        assert_eq!(products("openid offline_access"), [Product::Authenticate]);
        assert_eq!(products("openid mc_authn"), [Product::Authenticate]);
        assert_eq!(products("openid mc_authz"), [Product::Authorise]);
        assert_eq!(products("openid mc_identity_signup"), [Product::SignUp]);
        assert_eq!(products("openid mc_signup"), [Product::SignUp]);
        assert_eq!(
            products("openid mc_kyc_plain mc_authz email"),
            [Product::Authorise, Product::KycMatch, Product::UserInfo]
        );
    }

    #[test]
    fn every_scope_of_the_catalogue_belongs_to_a_product_or_comes_with_any() {
        for entry in crate::catalog::CATALOG {
            let any = ["openid", "offline_access", "mc_india_tc"].contains(&entry.scope);
            assert_eq!(Product::of(entry.scope).is_none(), any, "{}", entry.scope);
        }
    }
}
