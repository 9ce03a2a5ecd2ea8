//! `grant_type=client_credentials` (RFC 6749 §4.4): a token for the client itself.

use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    client::Client,
    client_token::{ClientTokenContent, grantable},
    token::ACCESS_TOKEN_LIFETIME,
};
use fiador_kernel::{GrantId, ScopeSet, Timestamp};
use fiador_wire_oauth::token_response::{TokenResponse, TokenType};

use crate::{Dependencies, access_tokens, oauth_request::OAuthRequest, refusal::Refusal};

/// Gives a token without a subscriber, an ID Token or a refresh token (RFC 6749 §4.4.3). Nothing
/// but its line in the audit log is written.
pub(super) async fn grant(
    dependencies: &Dependencies,
    client: &Client,
    request: &OAuthRequest,
    now: Timestamp,
) -> Result<TokenResponse, Refusal> {
    if client.is_public() {
        return Err(Refusal::GrantNotRegistered);
    }
    let scopes = scopes(client, request)?;
    let grant = GrantId::random(&*dependencies.entropy);
    let epochs = dependencies.client_epochs.client_epochs(&client.id, &grant).await?;
    let content = ClientTokenContent {
        grant,
        client: client.id.clone(),
        scopes,
        issued_at: now,
        expires_at: now + ACCESS_TOKEN_LIFETIME,
        epochs,
    };
    let access_token =
        access_tokens::issue_to_client(&*dependencies.sealer, &content).ok_or(Refusal::Seal)?;
    dependencies.audit.append(audit(&content)).await?;
    Ok(TokenResponse {
        access_token,
        token_type: TokenType::Bearer,
        expires_in: ACCESS_TOKEN_LIFETIME.as_secs(),
        refresh_token: None,
        id_token: None,
        scope: Some(content.scopes.to_string()),
        correlation_id: None,
    })
}

/// Scopes that the client is registered for and that need no user; all of them when the request
/// names none (RFC 6749 §3.3).
fn scopes(client: &Client, request: &OAuthRequest) -> Result<ScopeSet, Refusal> {
    let grantable = grantable(&client.scopes);
    let granted = match request.form.get_non_empty("scope") {
        None => grantable,
        Some(text) => ScopeSet::parse(text)
            .ok()
            .filter(|asked| asked.is_subset(&grantable))
            .ok_or(Refusal::InvalidScope)?,
    };
    if granted.is_empty() { Err(Refusal::InvalidScope) } else { Ok(granted) }
}

fn audit(content: &ClientTokenContent) -> AuditEvent {
    AuditEvent {
        at: content.issued_at,
        kind: AuditKind::TokensIssued,
        client: Some(content.client.clone()),
        subscriber: None,
        grant: Some(content.grant.clone()),
        journey: None,
        detail: Some("client_credentials".to_owned()),
    }
}
