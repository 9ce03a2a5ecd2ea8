//! Access token and ID Token, made alike for every grant about a subscriber.

use fiador_domain::{
    client::Client,
    token::{ACCESS_TOKEN_LIFETIME, AccessTokenContent},
};
use fiador_kernel::Timestamp;
use fiador_ports::SignError;
use fiador_wire_oauth::token_response::{TokenResponse, TokenType};

use super::id_token::{self, Authentication};
use crate::{Dependencies, access_tokens, refusal::Refusal};

/// A missing key or a token that would be too long must not cost what can be used once. The tokens
/// themselves are made afterwards, since pseudonym and counts may not be known before; but every
/// pseudonym is as long as another, and the counts of a fresh use are at most those of its birth.
pub(super) fn ensure_can_be_made(
    dependencies: &Dependencies,
    client: &Client,
    content: &AccessTokenContent,
) -> Result<(), Refusal> {
    let algorithm = client.id_token_signed_response_alg;
    if content.scopes.contains("openid") && !dependencies.signer.can_sign(algorithm) {
        return Err(SignError::NoKey(algorithm).into());
    }
    access_tokens::issue(&*dependencies.sealer, content).map(|_| ()).ok_or(Refusal::Seal)
}

/// Makes them. What they come of has been spent: this may only fail when a key goes away at this
/// very moment.
pub(super) async fn make(
    dependencies: &Dependencies,
    client: &Client,
    content: AccessTokenContent,
    authentication: Authentication,
    now: Timestamp,
) -> Result<TokenResponse, Refusal> {
    let access_token =
        access_tokens::issue(&*dependencies.sealer, &content).ok_or(Refusal::Seal)?;
    let id_token = if content.scopes.contains("openid") {
        let issuer = dependencies.issuer.as_str();
        let claims =
            id_token::claims(issuer, client, authentication, &content.pcr, &access_token, now);
        let payload = serde_json::to_vec(&claims).map_err(|_| Refusal::Encoding)?;
        Some(dependencies.signer.sign(client.id_token_signed_response_alg, &payload).await?)
    } else {
        None
    };
    Ok(TokenResponse {
        access_token,
        token_type: TokenType::Bearer,
        expires_in: ACCESS_TOKEN_LIFETIME.as_secs(),
        refresh_token: None,
        id_token,
        scope: Some(content.scopes.to_string()),
        correlation_id: None,
    })
}
