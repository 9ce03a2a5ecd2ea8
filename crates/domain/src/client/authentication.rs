//! How a client proves who it is, and what it may ask the token endpoint for.

use std::collections::BTreeSet;

use fiador_kernel::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

/// How a client authenticates at the token endpoint and wherever else it speaks for itself
/// (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenEndpointAuthMethod {
    /// `client_secret_basic` or `client_secret_post`: either is accepted, and both at once when they
    /// say the same, as one widespread SDK does (mobile-connect §2.7).
    ClientSecret,
    /// `private_key_jwt`: an assertion signed with one of the client's keys (RFC 7523 §2.2).
    PrivateKeyJwt,
    /// `none`: a client that cannot keep a secret; it always needs PKCE.
    None,
}

/// A registered secret: only its SHA-256 is kept (machine secrets carry at least 128 random bits,
/// T-060). Several may be valid at once, so that a secret rotates without an outage.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    /// SHA-256 of the secret.
    pub digest: Digest,
    /// From then on the secret is refused; `None` means until removed.
    pub expires_at: Option<Timestamp>,
}

impl ClientSecret {
    /// The secret with this text, valid until removed.
    pub fn of(text: &str) -> Self {
        Self { digest: Digest::of(text), expires_at: None }
    }
}

/// Whether `presented` is one of the valid secrets; each comparison takes constant time.
pub(super) fn is_valid_secret(secrets: &[ClientSecret], presented: &str, now: Timestamp) -> bool {
    let presented = Digest::of(presented);
    secrets
        .iter()
        .filter(|secret| secret.expires_at.is_none_or(|at| now < at))
        .fold(false, |found, secret| (secret.digest == presented) | found)
}

/// Where the public keys of a client come from (OpenID Connect Registration §2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ClientKeySource {
    /// It has none.
    #[default]
    None,
    /// `jwks`: the JWK set itself as JSON, found readable when it was registered.
    Inline(String),
    /// `jwks_uri`: the address of the JWK set, https unless a development setting allows more.
    Uri(String),
}

/// What a client may exchange for tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §6; only a client that has it gets refresh tokens.
    RefreshToken,
    /// RFC 6749 §4.4: tokens for the client itself.
    ClientCredentials,
}

impl GrantType {
    /// All of them, in the order in which the metadata lists them.
    pub const ALL: [Self; 3] =
        [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    /// The value of `grant_type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

/// The grants that a client is registered for. By default `authorization_code` alone (OpenID
/// Connect Registration §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantTypes(BTreeSet<GrantType>);

impl GrantTypes {
    /// Whether the client is registered for it.
    pub fn contains(&self, grant: GrantType) -> bool {
        self.0.contains(&grant)
    }
}

impl Default for GrantTypes {
    fn default() -> Self {
        Self::from_iter([GrantType::AuthorizationCode])
    }
}

impl FromIterator<GrantType> for GrantTypes {
    fn from_iter<I: IntoIterator<Item = GrantType>>(grants: I) -> Self {
        Self(grants.into_iter().collect())
    }
}
