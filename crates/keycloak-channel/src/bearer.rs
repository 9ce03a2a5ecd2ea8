//! The token that comes with a request: who asks, and what the callback is called with.

use std::{sync::Arc, time::Duration};

use fiador_domain::{
    client::{Client, ClientKeySource},
    profile::Profile,
};
use fiador_kernel::{ClientId, Digest, SectorId, Timestamp};
use fiador_ports::{ClientKeyError, ClientKeys, SignedPurpose};
use serde_json::{Map, Value};

use crate::{RealmSettings, SettingsError};

/// A token with less to live leaves nobody the time to answer.
const LEAST_LIFE: Duration = Duration::from_secs(30);
/// Keycloak waits for minutes: a token that is good for longer is something else.
const LONGEST_LIFE: Duration = Duration::from_hours(1);

/// A realm and its keys.
pub(crate) struct Realm {
    pub(crate) settings: RealmSettings,
    /// To the key store a realm is one more party that has registered a key set. It is in no
    /// directory of clients.
    registration: Client,
    keys: Arc<dyn ClientKeys>,
}

/// A token that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bearer {
    /// The registered application that the asking client is here.
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
    #[error("the client is not listed for this realm; add it to `keycloak_channels.clients`")]
    NotListed,
}

impl Realm {
    pub(crate) fn new(
        settings: RealmSettings,
        keys: Arc<dyn ClientKeys>,
    ) -> Result<Self, SettingsError> {
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
        Ok(Self { settings, registration, keys })
    }

    /// Where outcomes are told: by configuration, whatever a token or a request says (T-080).
    pub(crate) fn callback(&self) -> String {
        format!("{}/protocol/openid-connect/ext/ciba/auth/callback", self.settings.issuer)
    }

    /// Whose requests are remembered, so that each is taken once.
    pub(crate) const fn id(&self) -> &ClientId {
        &self.registration.id
    }

    /// Holds a token against the realm: signed with its keys, made by it for itself, not expired, and
    /// for a listed client.
    pub(crate) async fn verified(&self, token: &str, now: Timestamp) -> Result<Bearer, BadBearer> {
        let purpose = SignedPurpose::ChannelRequest;
        let signed = self.keys.verify(&self.registration, token, purpose).await?;
        self.read(&signed.claims, now)
    }

    /// Access tokens and ID Tokens of the realm are signed with the same keys: what they have is
    /// refused here, and what they have not is demanded (RFC 8725 §3.11).
    fn read(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<Bearer, BadBearer> {
        let text = |name: &'static str| {
            let value = claims.get(name).and_then(Value::as_str);
            value.filter(|text| !text.is_empty()).ok_or(BadBearer::Claim(name))
        };
        let require = |name, holds: bool| if holds { Ok(()) } else { Err(BadBearer::Claim(name)) };
        let issuer = &*self.settings.issuer;
        require("iss", text("iss")? == issuer)?;
        require("aud", is_only(claims.get("aud"), issuer))?;
        require("typ", text("typ")? == "Bearer")?;
        for of_a_session in ["sid", "session_state", "scope"] {
            require(of_a_session, !claims.contains_key(of_a_session))?;
        }
        let exp = claims.get("exp").and_then(Value::as_i64).ok_or(BadBearer::Claim("exp"))?;
        let expires_at = Timestamp::from_seconds(exp);
        require("exp", (now + LEAST_LIFE..=now + LONGEST_LIFE).contains(&expires_at))?;
        let jti = Digest::of(text("jti")?);
        let azp = text("azp")?;
        let listed = self.settings.clients.iter().find(|one| one.keycloak_client_id == azp);
        let client_id = listed.ok_or(BadBearer::NotListed)?.client_id.clone();
        Ok(Bearer { client_id, jti, expires_at })
    }
}

/// The realm alone: with others in the audience, somebody else could present the token too.
fn is_only(aud: Option<&Value>, wanted: &str) -> bool {
    match aud {
        Some(Value::String(aud)) => aud == wanted,
        Some(Value::Array(all)) => matches!(&all[..], [only] if only == wanted),
        _ => false,
    }
}
