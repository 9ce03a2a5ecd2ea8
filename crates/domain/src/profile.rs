//! Which world a client lives in.

use serde::{Deserialize, Serialize};

/// The protocol profile of a client.
///
/// The worlds contradict each other (required parameters, unknown scopes, session reuse), so the
/// profile is decided once, at registration, and asked by name; nobody compares it in passing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// GSMA Mobile Connect, device-initiated (mobile-connect §2).
    MobileConnect,
    /// Plain OpenID Connect Core 1.0 with PKCE.
    Oidc,
}

impl Profile {
    /// `version`, `nonce`, `state` and `acr_values` are mandatory (mobile-connect §2.1).
    pub const fn demands_mobile_connect_parameters(self) -> bool {
        matches!(self, Self::MobileConnect)
    }

    /// A login session of the browser may answer instead of the phone (decision 0006).
    pub const fn reuses_login_session(self) -> bool {
        matches!(self, Self::Oidc)
    }

    /// A code needs a PKCE challenge unless the registration says otherwise (T-032).
    pub const fn wants_pkce(self) -> bool {
        matches!(self, Self::Oidc)
    }

    /// `amr` uses the Mobile Connect names (mobile-connect §5) instead of RFC 8176.
    pub const fn uses_mobile_connect_amr(self) -> bool {
        matches!(self, Self::MobileConnect)
    }

    /// The ID Token carries `hashed_login_hint` (mobile-connect §2.8).
    pub const fn reports_login_hint(self) -> bool {
        matches!(self, Self::MobileConnect)
    }

    /// The name in configuration and in the sandbox's contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MobileConnect => "mobile_connect",
            Self::Oidc => "oidc",
        }
    }
}
