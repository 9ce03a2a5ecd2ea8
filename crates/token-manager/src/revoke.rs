//! `POST /revoke` (RFC 7009): a client ends what it holds.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    refresh::{RefreshFamily, Standing},
    token::ACCESS_TOKEN_LIFETIME,
};
use fiador_kernel::{ClientId, GrantId, SubscriberId, Timestamp};
use http::StatusCode;
use serde::Serialize;

use crate::{
    Dependencies,
    access_tokens::{self, Token},
    answer, client_authentication,
    oauth_request::OAuthRequest,
    refresh_token::RefreshToken,
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

/// Ends the grant of the token, durably, before the answer (T-056, T-057): the token, every other
/// access token of the grant and its refresh tokens (RFC 7009 §2.1). A token that is unknown,
/// expired or somebody else's is not an error (RFC 7009 §2.2): the caller learns nothing about it,
/// and nothing happens to it. `token_type_hint` is not needed to recognise a token.
async fn revoke(dependencies: &Dependencies, request: Request) -> Result<&'static str, Refusal> {
    let request = OAuthRequest::read(request).await?;
    let caller = client_authentication::identify(dependencies, &request).await?;
    let now = dependencies.clock.now();
    let token = request.mandatory("token")?;
    if dependencies.signer.verify_own(token).is_some() {
        return Err(Refusal::NotRevocable);
    }
    let held = match access_token(dependencies, token, now) {
        Some(held) => Some(held),
        None => refresh_token(dependencies, token, now).await?,
    };
    let Some(held) = held.filter(|held| held.client == caller.id) else {
        return Ok("nothing_to_revoke");
    };
    let audit = audit(&held, now);
    dependencies.revocations.end_grant(&held.grant, held.last_token_dies, audit).await?;
    Ok("revoked")
}

/// What a token leads to.
struct Held {
    client: ClientId,
    subscriber: Option<SubscriberId>,
    grant: GrantId,
    /// When the last access token that was made with it is dead.
    last_token_dies: Timestamp,
}

fn access_token(dependencies: &Dependencies, token: &str, now: Timestamp) -> Option<Held> {
    let token = access_tokens::open(&*dependencies.sealer, token)?;
    let subscriber = match &token {
        Token::OfSubscriber(content) => Some(content.subscriber.clone()),
        Token::OfClient(_) => None,
    };
    (now < token.expires_at()).then(|| Held {
        client: token.client().clone(),
        subscriber,
        grant: token.grant().clone(),
        // A younger one of the same grant lives at most so long.
        last_token_dies: now + ACCESS_TOKEN_LIFETIME,
    })
}

/// Any token of a family, also one that was replaced: its holder wants the family to end.
async fn refresh_token(
    dependencies: &Dependencies,
    token: &str,
    now: Timestamp,
) -> Result<Option<Held>, Refusal> {
    let Some(token) = RefreshToken::parse(token) else { return Ok(None) };
    let family = dependencies.refresh_tokens.find_family(token.family(), now).await?;
    let of_family = |family: &RefreshFamily| {
        family.standing(token.digest(), token.generation(), now) != Standing::Foreign
    };
    Ok(family.filter(of_family).map(|family| Held {
        client: family.content.client,
        subscriber: Some(family.content.subscriber),
        grant: family.content.grant,
        last_token_dies: now + ACCESS_TOKEN_LIFETIME,
    }))
}

fn audit(held: &Held, now: Timestamp) -> AuditEvent {
    AuditEvent {
        at: now,
        kind: AuditKind::GrantRevoked,
        client: Some(held.client.clone()),
        subscriber: held.subscriber.clone(),
        grant: Some(held.grant.clone()),
        journey: None,
        detail: None,
    }
}
