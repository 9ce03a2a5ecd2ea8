//! Service providers' applications, as the gateway knows them.

mod algorithm;
mod authentication;
mod directory;

use fiador_kernel::{ClientId, ScopeSet, SectorId, Timestamp};

use crate::{profile::Profile, risk::RiskAnswer};

pub use algorithm::{
    ContentEncryption, Encryption, KeyManagementAlgorithm, SignatureAlgorithm, SigningAlgorithm,
};
pub use authentication::{
    ClientKeySource, ClientSecret, GrantType, GrantTypes, TokenEndpointAuthMethod,
};
pub use directory::{ClientDirectory, DiscoveryApplication, OperatorCredentials};

/// One registered application. Immutable: a change is a new value in a new [`ClientDirectory`].
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent, registered switch")]
pub struct Client {
    /// `client_id`.
    pub id: ClientId,
    /// Registered short name: what users see, and what `client_name` must equal
    /// (mobile-connect §2.1). At most 16 characters.
    pub name: String,
    /// The world it lives in.
    pub profile: Profile,
    /// How it authenticates.
    pub token_endpoint_auth_method: TokenEndpointAuthMethod,
    /// Its secrets; empty unless it authenticates by secret.
    pub secrets: Vec<ClientSecret>,
    /// Its public keys: for `private_key_jwt`, request objects and answers encrypted to it.
    pub keys: ClientKeySource,
    /// The only algorithm of its client assertions; `None` means any of [`SignatureAlgorithm`].
    pub token_endpoint_auth_signing_alg: Option<SignatureAlgorithm>,
    /// The only algorithm of its request objects; `None` means any of [`SignatureAlgorithm`].
    pub request_object_signing_alg: Option<SignatureAlgorithm>,
    /// What it may exchange for tokens.
    pub grant_types: GrantTypes,
    /// Registered redirect URIs, compared byte for byte (T-030).
    pub redirect_uris: Vec<String>,
    /// URIs a browser may be sent to after RP-initiated logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes it may ask for (T-085).
    pub scopes: ScopeSet,
    /// Inside one sector subjects share a PCR (OIDC Core §8.1).
    pub sector: SectorId,
    /// Where the redirect URIs of its sector are listed, if it names such a place.
    pub sector_identifier_uri: Option<String>,
    /// How its ID Tokens are signed.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// UserInfo and PremiumInfo are answered as a JWT signed so; `None` means JSON (OIDC Core
    /// §5.3.2).
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// UserInfo and PremiumInfo are encrypted to the client.
    pub userinfo_encrypted_response: Option<Encryption>,
    /// Introspection is answered as a JWT signed so (RFC 9701); `None` means JSON, unless a request
    /// asks for the JWT.
    pub introspection_signed_response_alg: Option<SigningAlgorithm>,
    /// Authorization requests must be pushed first (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
    /// A code needs a PKCE challenge (T-032).
    pub requires_pkce: bool,
    /// Errors may say why a subscriber cannot authenticate (T-048); otherwise every unknown,
    /// blocked or foreign number ends in the same way.
    pub reveal_subscriber_state: bool,
    /// May call the introspection endpoint for tokens of these audiences: its own, and any when
    /// it is a resource server of the operator (T-058).
    pub is_resource_server: bool,
    /// `phone_number` in PremiumInfo carries the `+` (mobile-connect §2.9).
    pub phone_number_with_plus: bool,
    /// How it is told about signs of an account takeover (mobile-connect §2.9, ATP).
    pub risk_answer: RiskAnswer,
    /// A disabled client is refused everywhere.
    pub enabled: bool,
}

impl Client {
    /// The least a registration says. Nothing is granted yet: the client authenticates by secret
    /// and has none, has no address to send a browser to, and no scope. Its name is its id.
    pub fn new(id: ClientId, profile: Profile, sector: SectorId) -> Self {
        Self {
            name: id.as_str().to_owned(),
            id,
            profile,
            token_endpoint_auth_method: TokenEndpointAuthMethod::ClientSecret,
            secrets: Vec::new(),
            keys: ClientKeySource::None,
            token_endpoint_auth_signing_alg: None,
            request_object_signing_alg: None,
            grant_types: GrantTypes::default(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            scopes: ScopeSet::default(),
            sector,
            sector_identifier_uri: None,
            id_token_signed_response_alg: SigningAlgorithm::default(),
            userinfo_signed_response_alg: None,
            userinfo_encrypted_response: None,
            introspection_signed_response_alg: None,
            require_pushed_authorization_requests: false,
            requires_pkce: profile.wants_pkce(),
            reveal_subscriber_state: false,
            is_resource_server: false,
            phone_number_with_plus: false,
            risk_answer: RiskAnswer::default(),
            enabled: true,
        }
    }

    /// Whether `presented` is one of the valid secrets; each comparison takes constant time.
    pub fn accepts_secret(&self, presented: &str, now: Timestamp) -> bool {
        authentication::is_valid_secret(&self.secrets, presented, now)
    }

    /// A client that cannot keep a secret (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == TokenEndpointAuthMethod::None
    }
}
