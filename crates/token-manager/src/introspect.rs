//! `POST /introspect` (RFC 7662, RFC 9701): what a token is worth to the one who asks.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use fiador_domain::client::{Client, SigningAlgorithm};
use fiador_kernel::Timestamp;
use fiador_wire_oauth::introspection::{
    ActiveToken, IntrospectionClaims, IntrospectionResponse, JWT_MEDIA_TYPE, JWT_TYPE,
};
use http::{HeaderMap, StatusCode, header::ACCEPT};

use crate::{
    Dependencies,
    access_tokens::{self, Token},
    answer, client_authentication,
    oauth_request::OAuthRequest,
    refusal::Refusal,
};

const ENDPOINT: &str = "introspect";

/// Answers an introspection request.
pub(crate) async fn handle(
    State(dependencies): State<Arc<Dependencies>>,
    request: Request,
) -> Response {
    let wants_jwt = accepts_jwt(request.headers());
    match answer(&dependencies, request, wants_jwt).await {
        Ok(response) => response,
        Err(refusal) => refusal.respond(ENDPOINT, None),
    }
}

async fn answer(
    dependencies: &Dependencies,
    request: Request,
    wants_jwt: bool,
) -> Result<Response, Refusal> {
    let request = OAuthRequest::read(request).await?;
    let caller = client_authentication::prove(dependencies, &request).await?;
    let answer = introspect(dependencies, &caller, request.mandatory("token")?).await?;
    let outcome = if answer == IntrospectionResponse::Inactive { "inactive" } else { "active" };
    let response = match caller.introspection_signed_response_alg {
        Some(algorithm) => signed(dependencies, &caller, &answer, algorithm).await?,
        None if wants_jwt => {
            signed(dependencies, &caller, &answer, SigningAlgorithm::default()).await?
        }
        None => answer::json(StatusCode::OK, &answer),
    };
    answer::count(ENDPOINT, outcome);
    Ok(response)
}

/// A token of somebody else goes no further than one that does not exist, in time as well as in
/// words (T-058). Refresh tokens and codes are nothing that a resource server may accept: they are
/// inactive.
async fn introspect(
    dependencies: &Dependencies,
    caller: &Client,
    token: &str,
) -> Result<IntrospectionResponse, Refusal> {
    let token = access_tokens::read(dependencies, token)
        .filter(|token| caller.is_resource_server || *token.client() == caller.id);
    match token {
        Some(token) if access_tokens::holds(dependencies, &token).await? => {
            Ok(IntrospectionResponse::active(describe(&token, dependencies.issuer.as_str())))
        }
        _ => Ok(IntrospectionResponse::Inactive),
    }
}

/// `sub` of a token without a subscriber is the client (RFC 9068 §5).
fn describe(token: &Token, issuer: &str) -> ActiveToken {
    let (sub, issued_at) = match token {
        Token::OfSubscriber(content) => (content.pcr.as_str(), content.issued_at),
        Token::OfClient(content) => (content.client.as_str(), content.issued_at),
    };
    ActiveToken {
        scope: token.scopes().to_string(),
        client_id: token.client().as_str().to_owned(),
        token_type: Some("Bearer"),
        exp: token.expires_at().as_seconds(),
        iat: issued_at.as_seconds(),
        sub: sub.to_owned(),
        iss: issuer.to_owned(),
        ..ActiveToken::default()
    }
}

/// The answer as a JWT for the caller alone (RFC 9701 §5).
async fn signed(
    dependencies: &Dependencies,
    caller: &Client,
    answer: &IntrospectionResponse,
    algorithm: SigningAlgorithm,
) -> Result<Response, Refusal> {
    let now: Timestamp = dependencies.clock.now();
    let claims = IntrospectionClaims {
        iss: dependencies.issuer.as_str(),
        aud: caller.id.as_str(),
        iat: now.as_seconds(),
        token_introspection: answer,
    };
    let payload = serde_json::to_vec(&claims).map_err(|_| Refusal::Encoding)?;
    let token = dependencies.signer.sign_as(JWT_TYPE, algorithm, &payload).await?;
    Ok(answer::text(JWT_MEDIA_TYPE, token))
}

/// Whether the request names the media type of such a JWT (RFC 9701 §4). Whoever does, reads it.
fn accepts_jwt(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(JWT_MEDIA_TYPE));
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        named && !refused
    })
}
