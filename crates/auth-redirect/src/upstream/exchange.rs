//! From a code to claims: the token endpoint (OpenID Connect Core §3.1.3) and UserInfo (§5.3).

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use fiador_domain::client::SigningAlgorithm;
use fiador_jose::strict_json;
use fiador_kernel::token_text;
use fiador_ports::{FetchError, FetchRequest, SignError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{UpstreamAuthentication, UpstreamProvider, discovery::ProviderMetadata, state::State};

/// How long a client assertion lives.
const ASSERTION_LIFE: Duration = Duration::from_mins(1);

/// RFC 7523 §2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The members of a token response that matter (RFC 6749 §5.1).
#[derive(Deserialize)]
pub(super) struct TokenResponse {
    pub(super) id_token: String,
    pub(super) access_token: Option<String>,
}

/// Why there are no claims.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExchangeError {
    #[error("{0}: {1}")]
    Fetch(&'static str, FetchError),
    #[error("{0} answers with status {1}")]
    Status(&'static str, u16),
    #[error("{0}: {1}")]
    Malformed(&'static str, strict_json::StrictJsonError),
    #[error("the client assertion: {0}")]
    Assertion(#[from] SignError),
}

impl UpstreamProvider {
    /// Presents the code with its PKCE verifier.
    pub(super) async fn exchange(
        &self,
        metadata: &ProviderMetadata,
        code: &str,
        state: &State,
    ) -> Result<TokenResponse, ExchangeError> {
        const PLACE: &str = "the token endpoint";
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.redirect_uri()),
            ("code_verifier", state.verifier.clone()),
        ];
        let mut authorization = None;
        match &self.settings.authentication {
            UpstreamAuthentication::ClientSecret(secret) => {
                authorization = Some(basic(&self.settings.client_id, secret.expose()));
            }
            UpstreamAuthentication::PrivateKeyJwt(algorithm) => form.extend([
                ("client_id", self.settings.client_id.clone()),
                ("client_assertion_type", ASSERTION_TYPE.to_owned()),
                ("client_assertion", self.assertion(*algorithm).await?),
            ]),
        }
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut request = FetchRequest::post(
            &metadata.token_endpoint,
            "application/x-www-form-urlencoded",
            body.into_bytes(),
        )
        .header("accept", "application/json");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        self.document(PLACE, request).await
    }

    /// Claims that the ID Token left out, if the provider tells them of the same person (§5.3.2).
    pub(super) async fn user_info(
        &self,
        endpoint: &str,
        access_token: &str,
    ) -> Result<Map<String, Value>, ExchangeError> {
        let request = FetchRequest::get(endpoint)
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {access_token}"));
        self.document("UserInfo", request).await
    }

    async fn document<T: serde::de::DeserializeOwned>(
        &self,
        place: &'static str,
        request: FetchRequest,
    ) -> Result<T, ExchangeError> {
        let fetched = self.ports.fetch.fetch(request).await;
        let answer = fetched.map_err(|error| ExchangeError::Fetch(place, error))?;
        if answer.status != 200 {
            return Err(ExchangeError::Status(place, answer.status));
        }
        strict_json::from_slice(&answer.body)
            .map_err(|error| ExchangeError::Malformed(place, error))
    }

    /// RFC 7523 §3; the audience is the issuer, as RFC 7523bis asks (T-061).
    async fn assertion(&self, algorithm: SigningAlgorithm) -> Result<String, SignError> {
        let now = self.ports.clock.now();
        let claims = json!({
            "iss": self.settings.client_id,
            "sub": self.settings.client_id,
            "aud": self.settings.issuer,
            "iat": now.as_seconds(),
            "exp": (now + ASSERTION_LIFE).as_seconds(),
            "jti": token_text(&*self.ports.entropy, 16),
        });
        self.ports.signer.sign(algorithm, claims.to_string().as_bytes()).await
    }
}

/// `client_secret_basic`: both parts form-encoded first (RFC 6749 §2.3.1).
fn basic(client_id: &str, secret: &str) -> String {
    let [id, secret] = [client_id, secret]
        .map(|part| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>());
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}
