//! How an answer is written: JSON, or a JWT by registration (OpenID Connect Core §5.3.2).

use fiador_domain::client::Client;
use serde_json::{Map, Value};

use crate::{Inner, refusal::Refusal};

/// A body with its media type.
pub(crate) struct Envelope {
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Envelope {
    /// Plain JSON.
    pub(crate) fn json(members: &Map<String, Value>) -> Self {
        // A map of JSON values always serialises.
        let body = serde_json::to_vec(members).unwrap_or_default();
        Self { content_type: "application/json", body }
    }

    fn jwt(token: String) -> Self {
        Self { content_type: "application/jwt", body: token.into_bytes() }
    }
}

/// Signed, encrypted, or both, as `client` is registered: first signed, then encrypted. A signed
/// answer names issuer and audience, so that it is nothing to another client. `sub` is the caller's:
/// every answer about a user has it, and takeover signs, in which no user takes part, do not.
pub(crate) async fn wrap(
    inner: &Inner,
    client: &Client,
    mut members: Map<String, Value>,
) -> Result<Envelope, Refusal> {
    let dependencies = &inner.dependencies;
    let signed = match client.userinfo_signed_response_alg {
        None => None,
        Some(algorithm) => {
            members.insert("iss".to_owned(), inner.settings.issuer.as_str().into());
            members.insert("aud".to_owned(), client.id.as_str().into());
            let payload = Envelope::json(&members).body;
            Some(dependencies.signer.sign(algorithm, &payload).await?)
        }
    };
    let Some(encryption) = client.userinfo_encrypted_response else {
        return Ok(signed.map_or_else(|| Envelope::json(&members), Envelope::jwt));
    };
    let content_type = signed.is_some().then_some("JWT");
    let plaintext = signed.map_or_else(|| Envelope::json(&members).body, String::into_bytes);
    let keys = &dependencies.client_keys;
    Ok(Envelope::jwt(keys.encrypt(client, content_type, &plaintext, encryption).await?))
}
