//! `POST /token` (RFC 6749 §3.2, mobile-connect §2.7).

mod authorization_code;
mod binding;
mod client_credentials;
mod id_token;
mod refresh_token;
mod tokens;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use fiador_domain::client::{Client, GrantType};
use fiador_kernel::{ClientId, CorrelationId};
use fiador_wire_oauth::token_response::TokenResponse;
use http::StatusCode;

use crate::{
    Dependencies, answer, client_authentication, oauth_request::OAuthRequest, refusal::Refusal,
};

const ENDPOINT: &str = "token";

/// Answers a token request. `correlation_id` is repeated exactly when this request carried one, in
/// errors too: the GSMA Java SDK throws on any other value.
pub(crate) async fn handle(
    State(dependencies): State<Arc<Dependencies>>,
    request: Request,
) -> Response {
    let request = match OAuthRequest::read(request).await {
        Ok(request) => request,
        Err(refusal) => return refusal.respond(ENDPOINT, None),
    };
    let correlation_id = match request.correlation_id() {
        Ok(correlation_id) => correlation_id,
        Err(refusal) => return refusal.respond(ENDPOINT, None),
    };
    match exchange(&dependencies, &request).await {
        Ok(mut response) => {
            answer::count(ENDPOINT, "issued");
            response.correlation_id = correlation_id.map(String::from);
            answer::json(StatusCode::OK, &response)
        }
        Err(refusal) => {
            refusal.respond(ENDPOINT, correlation_id.as_ref().map(CorrelationId::as_str))
        }
    }
}

/// Only what a proven client does is logged: anybody can send the rest, as often as they like.
async fn exchange(
    dependencies: &Dependencies,
    request: &OAuthRequest,
) -> Result<TokenResponse, Refusal> {
    let client = client_authentication::identify(dependencies, request).await?;
    let granted = grant(dependencies, &client, request).await;
    granted.inspect_err(|refusal| log(refusal, &client.id))
}

/// What each grant type demands of the registration stands here, before the grant looks at
/// anything (T-085).
async fn grant(
    dependencies: &Dependencies,
    client: &Client,
    request: &OAuthRequest,
) -> Result<TokenResponse, Refusal> {
    let now = dependencies.clock.now();
    let named = request.mandatory("grant_type")?;
    let grant_type = GrantType::ALL.into_iter().find(|grant_type| grant_type.as_str() == named);
    let grant_type = grant_type.ok_or(Refusal::UnsupportedGrantType)?;
    if !client.grant_types.contains(grant_type) {
        return Err(Refusal::GrantNotRegistered);
    }
    match grant_type {
        GrantType::AuthorizationCode => {
            authorization_code::exchange(dependencies, client, request, now).await
        }
        GrantType::RefreshToken => {
            refresh_token::exchange(dependencies, client, request, now).await
        }
        GrantType::ClientCredentials => {
            client_credentials::grant(dependencies, client, request, now).await
        }
    }
}

fn log(refusal: &Refusal, client: &ClientId) {
    let (client_id, error) = (client.as_str(), refusal);
    match refusal {
        Refusal::Sign(_) | Refusal::Seal | Refusal::Encoding => {
            tracing::error!(client_id, %error, "No tokens could be made.");
        }
        Refusal::ReusedRefreshToken => {
            tracing::warn!(client_id, %error, "A replaced refresh token came back.");
        }
        _ => tracing::info!(client_id, %error, "A token request was refused."),
    }
}
