//! Bodies of Mobile Connect discovery, v2 and v1 (mobile-connect.md §1.3 to §1.5).

mod error;
mod found;
mod not_found;
mod operator_list;

pub use error::{DiscoveryError, DiscoveryErrorCode};
pub use found::{Apis, DiscoveryFound, OperatorId, OperatorResponse};
pub use not_found::DiscoveryNotFound;
pub use operator_list::{ListedOperator, OperatorList};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One address, named by its relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// `rel`: one of [`rel`].
    pub rel: Cow<'static, str>,
    /// `href`: a URL, or for [`rel::SCOPE`] and [`rel::APPLICATION_SHORT_NAME`] plain text.
    pub href: String,
}

impl Link {
    /// A link of that relation.
    pub fn new(rel: &'static str, href: impl Into<String>) -> Self {
        Self { rel: Cow::Borrowed(rel), href: href.into() }
    }
}

/// Relations, in the exact spelling that case-sensitive clients compare (mobile-connect.md §1.3).
pub mod rel {
    /// The operator's issuer.
    pub const ISSUER: &str = "issuer";
    /// Its provider metadata.
    pub const OPENID_CONFIGURATION: &str = "openid-configuration";
    /// Authorization endpoint.
    pub const AUTHORIZATION: &str = "authorization";
    /// Token endpoint.
    pub const TOKEN: &str = "token";
    /// UserInfo endpoint.
    pub const USERINFO: &str = "userinfo";
    /// PremiumInfo endpoint.
    pub const PREMIUMINFO: &str = "premiuminfo";
    /// JSON Web Key Set.
    pub const JWKS: &str = "jwks";
    /// Revocation endpoint.
    pub const TOKENREVOKE: &str = "tokenrevoke";
    /// Where refresh tokens are exchanged.
    pub const TOKENREFRESH: &str = "tokenrefresh";
    /// Scopes that the application may ask for, as text.
    pub const SCOPE: &str = "scope";
    /// Registered short name of the application, as text.
    pub const APPLICATION_SHORT_NAME: &str = "applicationShortName";
    /// The page where the user chooses the operator.
    pub const OPERATOR_SELECTION: &str = "operatorSelection";
}
