//! Who may hold what.

use std::time::Duration;

use fiador_domain::{
    client::{
        Client, ClientDirectory, ClientSecret, SigningAlgorithm, TokenEndpointAuthMethod,
    },
    profile::Profile,
};
use fiador_kernel::{ClientId, Digest, ScopeSet, SectorId, Timestamp};

/// A client with what it knows of itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Holder {
    pub(crate) id: &'static str,
    /// `None` for a public client.
    pub(crate) secret: Option<&'static str>,
    pub(crate) uses_pkce: bool,
}

/// A Mobile Connect client, as the GSMA SDKs are.
pub(crate) const BANK: Holder = Holder {
    id: "YXBwLTdmM2E6b3BlcmF0b3ItYQ==",
    secret: Some("bank-8dJ2_kQ0wLr5vN1x"),
    uses_pkce: false,
};
/// A plain OpenID Connect client that registered ES256.
pub(crate) const SHOP: Holder =
    Holder { id: "shop", secret: Some("shop-4Tz9_mB7cXe2hG6p"), uses_pkce: true };
/// A native application: no secret.
pub(crate) const APP: Holder = Holder { id: "app", secret: None, uses_pkce: true };
/// The operator's own resource server.
pub(crate) const API: Holder =
    Holder { id: "api", secret: Some("api-1Fy6_sD3qAu8jK5o"), uses_pkce: false };
/// A client that the operator has disabled.
pub(crate) const GONE: Holder =
    Holder { id: "gone", secret: Some("gone-9Ri0_tH4bWn7yE2z"), uses_pkce: false };
/// A client whose id and secret read differently when they are percent-decoded.
pub(crate) const TRICKY: Holder =
    Holder { id: "tricky%41", secret: Some("a+b%2Fc:d"), uses_pkce: false };

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
            ..client(SHOP, Profile::Oidc)
        },
        Client { requires_pkce: true, ..client(APP, Profile::Oidc) },
        Client { is_resource_server: true, ..client(API, Profile::Oidc) },
        Client { enabled: false, ..client(GONE, Profile::MobileConnect) },
        client(TRICKY, Profile::MobileConnect),
    ];
    ClientDirectory::new(clients, [])
}

fn client(holder: Holder, profile: Profile) -> Client {
    let sector = SectorId::new(&format!("{}.example", holder.id)).unwrap();
    let method = match holder.secret {
        Some(_) => TokenEndpointAuthMethod::ClientSecret,
        None => TokenEndpointAuthMethod::None,
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
