//! The service providers whose users log in.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

/// What a service provider is registered as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Profile `oidc`, ID Tokens signed with RS256.
    OidcRs256,
    /// Profile `oidc`, ID Tokens signed with ES256.
    OidcEs256,
    /// Profile `mobile_connect`, ID Tokens signed with RS256.
    MobileConnect,
}

/// Applications of each kind. The Access Gateway serves each client 100 requests a second; more of
/// them keep that limit out of the measurement without touching it.
const PER_KIND: usize = 8;

/// Where codes are sent to. Nobody listens there: the users read the code out of the redirect.
pub(super) const REDIRECT_URI: &str = "http://localhost:3000/callback";
/// All applications have the same, long enough to be one.
pub(super) const SECRET: &str = "Jm0vT3yQWx5n8Lr2Dk7sBp4Zc9Hf6Ga1";

impl Kind {
    /// In the order of the table.
    pub(super) const ALL: [Self; 3] = [Self::OidcRs256, Self::OidcEs256, Self::MobileConnect];

    /// For tables.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::OidcRs256 => "`oidc`, RS256",
            Self::OidcEs256 => "`oidc`, ES256",
            Self::MobileConnect => "`mobile_connect`, RS256",
        }
    }

    /// `profile` of the configuration.
    pub(super) const fn profile(self) -> &'static str {
        match self {
            Self::OidcRs256 | Self::OidcEs256 => "oidc",
            Self::MobileConnect => "mobile_connect",
        }
    }

    /// `id_token_signed_response_alg`.
    pub(super) const fn algorithm(self) -> &'static str {
        match self {
            Self::OidcRs256 | Self::MobileConnect => "RS256",
            Self::OidcEs256 => "ES256",
        }
    }

    /// The applications of this kind.
    pub(super) fn service_providers(self) -> Vec<ServiceProvider> {
        (0..PER_KIND).map(|number| ServiceProvider { kind: self, number }).collect()
    }
}

/// One application.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServiceProvider {
    pub(super) kind: Kind,
    number: usize,
}

impl ServiceProvider {
    /// `client_id`.
    pub(super) fn client_id(self) -> String {
        let kind = format!("{}-{}", self.kind.profile(), self.kind.algorithm());
        format!("bench-{kind}-{}", self.number).replace('_', "-").to_lowercase()
    }

    /// The name that users see.
    pub(super) fn name(self) -> String {
        format!("Bench Shop {}", self.number)
    }

    /// `Authorization` at the token endpoint (`client_secret_basic`).
    pub(super) fn authorization(self) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{SECRET}", self.client_id())))
    }

    /// The query of its authorization request for the holder of `number`; `login` makes it one of
    /// a kind.
    pub(super) fn authorization_query(self, number: &str, login: u64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id())
            .append_pair("redirect_uri", REDIRECT_URI)
            .append_pair("scope", "openid phone")
            .append_pair("state", &format!("state-0123456789abcdef-{login:016x}"))
            .append_pair("nonce", &format!("nonce-0123456789abcdef-{login:016x}"));
        match self.kind {
            Kind::OidcRs256 | Kind::OidcEs256 => query
                .append_pair("code_challenge", &challenge(login))
                .append_pair("code_challenge_method", "S256")
                .append_pair("login_hint", &format!("tel:+{number}")),
            Kind::MobileConnect => query
                .append_pair("version", "mc_di_r2_v2.3")
                .append_pair("acr_values", "2")
                .append_pair("login_hint", &format!("MSISDN:{number}")),
        };
        query.finish()
    }

    /// `code_verifier` of a login, for the kinds that use PKCE.
    pub(super) fn verifier(self, login: u64) -> Option<String> {
        (self.kind != Kind::MobileConnect).then(|| verifier(login))
    }
}

/// SHA-256 of the secret in hexadecimal, as the configuration keeps it.
pub(super) fn secret_digest() -> String {
    let mut text = String::new();
    for octet in digest(&SHA256, SECRET.as_bytes()).as_ref() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{octet:02x}");
    }
    text
}

fn verifier(login: u64) -> String {
    format!("verifier-0123456789-abcdefghijklm-{login:016x}")
}

fn challenge(login: u64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier(login).as_bytes()))
}
