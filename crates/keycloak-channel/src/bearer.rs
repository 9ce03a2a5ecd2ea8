//! The token that comes with a request: who asks, and what the callback is called with.

use std::sync::Arc;

use fiador_domain::{
    client::{Client, ClientKeySource},
    profile::Profile,
};
use fiador_kernel::{ClientId, Digest, SectorId, Timestamp};
use fiador_ports::{ClientKeyError, ClientKeys, SignedPurpose};
use serde_json::{Map, Value};

use crate::{ChannelClient, Ports, RealmSettings, SettingsError};

/// A realm and its keys.
pub(crate) struct Realm {
    pub(crate) settings: RealmSettings,
    /// To the key store a realm is one more party that has registered a key set.
    registration: Client,
    keys: Arc<dyn ClientKeys>,
}

/// A token that counts.
pub(crate) struct Bearer {
    /// Which of the listed clients asks.
    pub(crate) client: ChannelClient,
    /// Its name in policy, budgets and logs: the realm's, and its own there.
    pub(crate) client_id: ClientId,
    /// SHA-256 of the token's `jti`.
    pub(crate) jti: Digest,
    /// Until when Keycloak waits.
    pub(crate) expires_at: Timestamp,
}

/// Why a token does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadBearer {
    /// Signature, key, type.
    #[error(transparent)]
    Signature(#[from] ClientKeyError),
    /// A claim is missing or wrong.
    #[error("`{0}` of the token is missing or wrong")]
    Claim(&'static str),
    /// `azp` is not among the realm's configured clients.
    #[error("the client is not listed for this realm")]
    NotListed,
}

impl Realm {
    pub(crate) fn new(settings: RealmSettings, ports: &Ports) -> Result<Self, SettingsError> {
        settings.validate()?;
        let too_long = |_| SettingsError { setting: "id", rule: "is too long" };
        let name = format!("keycloak:{}", settings.id);
        let mut registration = Client::new(
            ClientId::new(&name).map_err(too_long)?,
            Profile::Oidc,
            SectorId::new(&name).map_err(too_long)?,
        );
        let certs = format!("{}/protocol/openid-connect/certs", settings.issuer);
        registration.keys = ClientKeySource::Uri(certs);
        Ok(Self { settings, registration, keys: Arc::clone(&ports.keys) })
    }

    /// Where outcomes are told.
    pub(crate) fn callback(&self) -> String {
        format!("{}/protocol/openid-connect/ext/ciba/auth/callback", self.settings.issuer)
    }

    /// Holds a token against the realm: signed with its keys, made by it for itself, not expired, and
    /// for a listed client.
    pub(crate) async fn verified(&self, token: &str, now: Timestamp) -> Result<Bearer, BadBearer> {
        let purpose = SignedPurpose::ChannelRequest;
        let signed = self.keys.verify(&self.registration, token, purpose).await?;
        self.read(&signed.claims, now)
    }

    fn read(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<Bearer, BadBearer> {
        let text = |name: &'static str| {
            let value = claims.get(name).and_then(Value::as_str);
            value.filter(|text| !text.is_empty()).ok_or(BadBearer::Claim(name))
        };
        if text("iss")? != self.settings.issuer {
            return Err(BadBearer::Claim("iss"));
        }
        if !names(claims.get("aud"), &self.settings.issuer) {
            return Err(BadBearer::Claim("aud"));
        }
        // An ID Token of the realm is signed with the same keys.
        if text("typ")? != "Bearer" {
            return Err(BadBearer::Claim("typ"));
        }
        let exp = claims.get("exp").and_then(Value::as_i64).ok_or(BadBearer::Claim("exp"))?;
        let expires_at = Timestamp::from_seconds(exp);
        if expires_at <= now {
            return Err(BadBearer::Claim("exp"));
        }
        let jti = Digest::of(text("jti")?);
        let azp = text("azp")?;
        let client = self.settings.clients.iter().find(|one| one.client_id == azp);
        let client = client.ok_or(BadBearer::NotListed)?.clone();
        let client_id = ClientId::new(&format!("{}:{azp}", self.settings.id));
        let client_id = client_id.map_err(|_| BadBearer::Claim("azp"))?;
        Ok(Bearer { client, client_id, jti, expires_at })
    }
}

fn names(aud: Option<&Value>, wanted: &str) -> bool {
    match aud {
        Some(Value::String(aud)) => aud == wanted,
        Some(Value::Array(all)) => all.iter().any(|aud| aud == wanted),
        _ => false,
    }
}
