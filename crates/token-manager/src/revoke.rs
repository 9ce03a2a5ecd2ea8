//! `POST /revoke` (RFC 7009): a client ends what it holds.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    token::AccessTokenContent,
};
use fiador_kernel::Timestamp;
use http::StatusCode;
use serde::Serialize;

use crate::{
    Dependencies, access_tokens, answer, client_authentication, oauth_request::OAuthRequest,
    refusal::Refusal,
};

const ENDPOINT: &str = "revoke";

/// The body of a success, `{}`: the GSMA Java SDK needs one (mobile-connect §2.7).
#[derive(Serialize)]
struct Done {}

/// Answers a revocation request.
pub(crate) async fn handle(
    State(dependencies): State<Arc<Dependencies>>,
    request: Request,
) -> Response {
    match revoke(&dependencies, request).await {
        Ok(outcome) => {
            answer::count(ENDPOINT, outcome);
            answer::json(StatusCode::OK, &Done {})
        }
        Err(refusal) => refusal.respond(ENDPOINT, None),
    }
}

/// Ends the grant of the token, durably, before the answer (T-056, T-057). A token that is unknown,
/// expired or somebody else's is not an error (RFC 7009 §2.2): the caller learns nothing about it,
/// and nothing happens to it. `token_type_hint` is not needed to recognise a token.
async fn revoke(dependencies: &Dependencies, request: Request) -> Result<&'static str, Refusal> {
    let request = OAuthRequest::read(request).await?;
    let now = dependencies.clock.now();
    let caller = client_authentication::identify(&*dependencies.clients, &request, now)?;
    let token = request.mandatory("token")?;
    let content = access_tokens::open(&*dependencies.sealer, token)
        .filter(|content| content.client == caller.id && now < content.expires_at);
    let Some(content) = content else {
        return Ok("nothing_to_revoke");
    };
    let audit = audit(&content, now);
    dependencies.revocations.end_grant(&content.grant, content.expires_at, audit).await?;
    Ok("revoked")
}

fn audit(content: &AccessTokenContent, now: Timestamp) -> AuditEvent {
    AuditEvent {
        at: now,
        kind: AuditKind::GrantRevoked,
        client: Some(content.client.clone()),
        subscriber: Some(content.subscriber.clone()),
        grant: Some(content.grant.clone()),
        journey: None,
        detail: None,
    }
}
