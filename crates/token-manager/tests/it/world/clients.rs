//! Who may hold what.

use std::time::Duration;

use fiador_domain::{
    client::{
        Client, ClientDirectory, ClientKeySource, ClientSecret, GrantType, SignatureAlgorithm,
        SigningAlgorithm, TokenEndpointAuthMethod,
    },
    profile::Profile,
};
use fiador_kernel::{ClientId, Digest, ScopeSet, SectorId, Timestamp};

/// A client with what it knows of itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Holder {
    pub(crate) id: &'static str,
    /// `None` for a client without one.
    pub(crate) secret: Option<&'static str>,
    pub(crate) uses_pkce: bool,
    /// Proves itself with assertions.
    pub(crate) signs: bool,
}

const fn with_secret(id: &'static str, secret: &'static str) -> Holder {
    Holder { id, secret: Some(secret), uses_pkce: false, signs: false }
}

const fn with_key(id: &'static str) -> Holder {
    Holder { id, secret: None, uses_pkce: false, signs: true }
}

/// A Mobile Connect client, as the GSMA SDKs are.
pub(crate) const BANK: Holder =
    with_secret("YXBwLTdmM2E6b3BlcmF0b3ItYQ==", "bank-8dJ2_kQ0wLr5vN1x");
/// A plain OpenID Connect client that registered ES256 and refresh tokens.
pub(crate) const SHOP: Holder =
    Holder { uses_pkce: true, ..with_secret("shop", "shop-4Tz9_mB7cXe2hG6p") };
/// A native application with refresh tokens: no secret.
pub(crate) const APP: Holder = Holder { id: "app", secret: None, uses_pkce: true, signs: false };
/// The operator's own resource server.
pub(crate) const API: Holder = with_secret("api", "api-1Fy6_sD3qAu8jK5o");
/// A client that the operator has disabled.
pub(crate) const GONE: Holder = with_secret("gone", "gone-9Ri0_tH4bWn7yE2z");
/// A client whose id and secret read differently when they are percent-decoded.
pub(crate) const TRICKY: Holder = with_secret("tricky%41", "a+b%2Fc:d");
/// A client with a key, refresh tokens and tokens of its own.
pub(crate) const ROBOT: Holder = with_key("robot");
/// Another client with the same key and the same sector, which is a mistake that must not matter.
pub(crate) const TWIN: Holder = with_key("twin");

/// A secret of [`BANK`] that is being replaced.
pub(crate) const OLD_SECRET: &str = "bank-3Vw7_oP9sKd2jM4q";
/// When it ends, in seconds of the test clock's life.
pub(crate) const OLD_SECRET_SECONDS: u64 = 3600;

pub(crate) fn directory(now: Timestamp) -> ClientDirectory {
    let mut bank = client(BANK, Profile::MobileConnect);
    bank.secrets.push(ClientSecret {
        digest: Digest::of(OLD_SECRET),
        expires_at: Some(now + Duration::from_secs(OLD_SECRET_SECONDS)),
    });
    let clients = [
        bank,
        Client {
            id_token_signed_response_alg: SigningAlgorithm::Es256,
            requires_pkce: true,
            ..refreshing(SHOP)
        },
        Client { requires_pkce: true, ..refreshing(APP) },
        Client { is_resource_server: true, ..client(API, Profile::Oidc) },
        Client { enabled: false, ..client(GONE, Profile::MobileConnect) },
        client(TRICKY, Profile::MobileConnect),
        robot(ROBOT),
        robot(TWIN),
    ];
    ClientDirectory::new(clients, [])
}

/// May ask for refresh tokens.
fn refreshing(holder: Holder) -> Client {
    Client {
        grant_types: [GrantType::AuthorizationCode, GrantType::RefreshToken].into_iter().collect(),
        scopes: ScopeSet::parse("openid phone offline_access").unwrap(),
        ..client(holder, Profile::Oidc)
    }
}

/// May ask for everything there is.
fn robot(holder: Holder) -> Client {
    Client {
        grant_types: GrantType::ALL.into_iter().collect(),
        scopes: ScopeSet::parse("openid phone offline_access mc_atp own_api").unwrap(),
        sector: SectorId::new("robot.example").unwrap(),
        keys: ClientKeySource::Inline(super::keys::client_keys()),
        token_endpoint_auth_signing_alg: Some(SignatureAlgorithm::Es256),
        ..client(holder, Profile::Oidc)
    }
}

fn client(holder: Holder, profile: Profile) -> Client {
    let sector = SectorId::new(&format!("{}.example", holder.id)).unwrap();
    let method = match (holder.secret, holder.signs) {
        (Some(_), _) => TokenEndpointAuthMethod::ClientSecret,
        (None, true) => TokenEndpointAuthMethod::PrivateKeyJwt,
        (None, false) => TokenEndpointAuthMethod::None,
    };
    Client {
        token_endpoint_auth_method: method,
        secrets: holder.secret.into_iter().map(ClientSecret::of).collect(),
        redirect_uris: vec![super::REDIRECT_URI.to_owned()],
        scopes: ScopeSet::parse("openid mc_authn phone").unwrap(),
        requires_pkce: false,
        ..Client::new(ClientId::new(holder.id).unwrap(), profile, sector)
    }
}
