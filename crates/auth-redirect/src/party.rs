//! Another party that signs: a foreign authenticator or an OpenID Provider.

use std::sync::Arc;

use fiador_domain::{
    client::{Client, ClientKeySource, Encryption, SignatureAlgorithm},
    profile::Profile,
};
use fiador_kernel::{AuthenticatorId, ClientId, SectorId};
use fiador_ports::{ClientKeyError, ClientKeys, SignedContent, SignedPurpose};

use crate::SettingsError;

/// Its keys, kept where those of clients are kept: to the key store it is one more party that has
/// registered a key set. It is in no directory of clients and may ask for nothing.
pub(crate) struct Party {
    registration: Client,
    keys: Arc<dyn ClientKeys>,
}

impl Party {
    pub(crate) fn new(
        id: &AuthenticatorId,
        source: ClientKeySource,
        algorithm: Option<SignatureAlgorithm>,
        keys: Arc<dyn ClientKeys>,
    ) -> Result<Self, SettingsError> {
        let too_long = |_| SettingsError::new("id", "is too long");
        let name = format!("authenticator:{id}");
        let mut registration = Client::new(
            ClientId::new(&name).map_err(too_long)?,
            Profile::Oidc,
            SectorId::new(&name).map_err(too_long)?,
        );
        registration.keys = source;
        registration.request_object_signing_alg = algorithm;
        Ok(Self { registration, keys })
    }

    /// Checks who signed `token`, and nothing else about it.
    pub(crate) async fn verify(
        &self,
        token: &str,
        purpose: SignedPurpose,
    ) -> Result<SignedContent, ClientKeyError> {
        self.keys.verify(&self.registration, token, purpose).await
    }

    /// Encrypts a signed token to the party.
    pub(crate) async fn encrypt(
        &self,
        token: &str,
        encryption: Encryption,
    ) -> Result<String, ClientKeyError> {
        self.keys.encrypt(&self.registration, Some("JWT"), token.as_bytes(), encryption).await
    }
}
