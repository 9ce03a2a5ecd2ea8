//! `POST /introspect` (RFC 7662): what a token is worth to the one who asks.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use fiador_domain::token::AccessTokenContent;
use fiador_wire_oauth::introspection::{ActiveToken, IntrospectionResponse};
use http::StatusCode;

use crate::{
    Dependencies, access_tokens, answer, client_authentication, oauth_request::OAuthRequest,
    refusal::Refusal,
};

const ENDPOINT: &str = "introspect";

/// Answers an introspection request.
pub(crate) async fn handle(
    State(dependencies): State<Arc<Dependencies>>,
    request: Request,
) -> Response {
    match introspect(&dependencies, request).await {
        Ok(IntrospectionResponse::Inactive) => {
            answer::count(ENDPOINT, "inactive");
            answer::json(StatusCode::OK, &IntrospectionResponse::Inactive)
        }
        Ok(active) => {
            answer::count(ENDPOINT, "active");
            answer::json(StatusCode::OK, &active)
        }
        Err(refusal) => refusal.respond(ENDPOINT, None),
    }
}

async fn introspect(
    dependencies: &Dependencies,
    request: Request,
) -> Result<IntrospectionResponse, Refusal> {
    let request = OAuthRequest::read(request).await?;
    let now = dependencies.clock.now();
    let caller = client_authentication::authenticate(&*dependencies.clients, &request, now)?;
    let token = request.mandatory("token")?;
    // A token of somebody else goes no further than one that does not exist, in time as well as in
    // words (T-058).
    let content = access_tokens::read(dependencies, token)
        .filter(|content| caller.is_resource_server || content.client == caller.id);
    match content {
        Some(content) if access_tokens::holds(dependencies, &content).await? => {
            Ok(IntrospectionResponse::active(describe(content, &dependencies.issuer)))
        }
        _ => Ok(IntrospectionResponse::Inactive),
    }
}

fn describe(content: AccessTokenContent, issuer: &str) -> ActiveToken {
    ActiveToken {
        scope: content.scopes.to_string(),
        client_id: content.client.into(),
        token_type: Some("Bearer"),
        exp: content.expires_at.as_seconds(),
        iat: content.issued_at.as_seconds(),
        sub: content.pcr.as_str().to_owned(),
        iss: issuer.to_owned(),
        ..ActiveToken::default()
    }
}
