//! Service providers' applications, as the gateway knows them.

use std::{collections::HashMap, sync::Arc};

use fiador_kernel::{ClientId, Digest, ScopeSet, SectorId, Timestamp};

use crate::profile::Profile;

/// How an ID Token for a client is signed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: the default, the only one old SDKs verify
    /// (mobile-connect §2.8).
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA with P-256 and SHA-256: by registration only.
    #[serde(rename = "ES256")]
    Es256,
}

impl SigningAlgorithm {
    /// The JOSE name (RFC 7518 §3.1).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
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
    /// Its secrets; empty for a public client.
    pub secrets: Vec<ClientSecret>,
    /// Registered redirect URIs, compared byte for byte (T-030).
    pub redirect_uris: Vec<String>,
    /// URIs a browser may be sent to after RP-initiated logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes it may ask for (T-085).
    pub scopes: ScopeSet,
    /// Inside one sector subjects share a PCR (OIDC Core §8.1).
    pub sector: SectorId,
    /// How its ID Tokens are signed.
    pub id_token_signed_response_alg: SigningAlgorithm,
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
    /// A disabled client is refused everywhere.
    pub enabled: bool,
}

impl Client {
    /// Whether `presented` is one of the valid secrets; each comparison takes constant time.
    pub fn accepts_secret(&self, presented: &str, now: Timestamp) -> bool {
        is_valid_secret(&self.secrets, presented, now)
    }

    /// A client without secrets cannot keep one (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.secrets.is_empty()
    }
}

/// Credentials of an application at Discovery (mobile-connect §1.2): not those of the operator.
#[derive(Clone, Debug)]
pub struct DiscoveryApplication {
    /// Discovery `client_id`.
    pub id: ClientId,
    /// Its secrets.
    pub secrets: Vec<ClientSecret>,
    /// URLs it may name as `Redirect_URL`.
    pub redirect_urls: Vec<String>,
    /// The operator credentials handed out with a 200 answer, per operator.
    pub operator_credentials: HashMap<fiador_kernel::OperatorId, OperatorCredentials>,
}

impl DiscoveryApplication {
    /// As [`Client::accepts_secret`].
    pub fn accepts_secret(&self, presented: &str, now: Timestamp) -> bool {
        is_valid_secret(&self.secrets, presented, now)
    }
}

/// What an application uses at one operator's gateway.
#[derive(Clone, Debug)]
pub struct OperatorCredentials {
    /// Operator `client_id`.
    pub client_id: ClientId,
    /// Operator `client_secret`: Discovery hands it to the application, so it is kept whole.
    pub client_secret: fiador_kernel::Secret<String>,
    /// Registered short name.
    pub client_name: String,
}

/// All registered applications, an immutable snapshot.
#[derive(Clone, Debug, Default)]
pub struct ClientDirectory {
    clients: HashMap<ClientId, Arc<Client>>,
    discovery: HashMap<ClientId, Arc<DiscoveryApplication>>,
}

impl ClientDirectory {
    /// Builds the snapshot; of two entries with one id the later wins (configuration refuses that
    /// before it comes here).
    pub fn new(
        clients: impl IntoIterator<Item = Client>,
        discovery: impl IntoIterator<Item = DiscoveryApplication>,
    ) -> Self {
        Self {
            clients: clients.into_iter().map(|c| (c.id.clone(), Arc::new(c))).collect(),
            discovery: discovery.into_iter().map(|a| (a.id.clone(), Arc::new(a))).collect(),
        }
    }

    /// The client with this id.
    pub fn find(&self, id: &ClientId) -> Option<Arc<Client>> {
        self.clients.get(id).cloned()
    }

    /// The discovery application with this id.
    pub fn find_discovery(&self, id: &ClientId) -> Option<Arc<DiscoveryApplication>> {
        self.discovery.get(id).cloned()
    }

    /// All clients, in no particular order.
    pub fn clients(&self) -> impl Iterator<Item = &Arc<Client>> {
        self.clients.values()
    }
}

fn is_valid_secret(secrets: &[ClientSecret], presented: &str, now: Timestamp) -> bool {
    let presented = Digest::of(presented);
    secrets
        .iter()
        .filter(|secret| secret.expires_at.is_none_or(|at| now < at))
        .fold(false, |found, secret| (secret.digest == presented) | found)
}
