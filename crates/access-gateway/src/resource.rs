//! The road of a request for attributes.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    response::Response,
};
use fiador_domain::{
    catalog::{self, Resource},
    client::Client,
    consent,
};
use fiador_kernel::ScopeSet;
use fiador_ports::{ActiveToken, AttributeRequest, Attribution};

use crate::{
    Dependencies, Inner,
    answer::{self, Facts},
    bearer,
    refusal::Refusal,
};

/// A question to the Data Gateway is worthless after so long (T-204 allows 60 s); its sources have
/// 800 ms each.
const QUESTION_LIFETIME: Duration = Duration::from_secs(10);

/// `/userinfo`
pub(crate) async fn userinfo(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    respond(&inner, Resource::UserInfo, request).await
}

/// `/premiuminfo`
pub(crate) async fn premiuminfo(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    respond(&inner, Resource::PremiumInfo, request).await
}

async fn respond(inner: &Inner, resource: Resource, request: Request) -> Response {
    match collect(inner, resource, request).await {
        Ok(facts) => answer::success(resource, facts),
        Err(refusal) => answer::failure(resource, &refusal),
    }
}

async fn collect(inner: &Inner, resource: Resource, request: Request) -> Result<Facts, Refusal> {
    let dependencies = &inner.dependencies;
    let token = bearer::token(request).await?;
    let token = dependencies.access_tokens.introspect(&token).await?;
    let token = token.ok_or(Refusal::InvalidToken)?;
    let client = dependencies.clients.find(&token.client).filter(|client| client.enabled);
    let client = client.ok_or(Refusal::InvalidToken)?;
    if !opens(resource, &token.scopes) {
        return Err(Refusal::InsufficientScope);
    }
    inner.limiter.admit(&token.client)?;
    let claims = allowed_claims(dependencies, resource, &token, &client).await?;
    let attribution = ask(dependencies, &token, &claims).await?;
    Ok(Facts { token, client, claims, attribution })
}

/// UserInfo belongs to every OpenID Connect login, PremiumInfo to the products that name it.
fn opens(resource: Resource, scopes: &ScopeSet) -> bool {
    match resource {
        Resource::UserInfo => scopes.contains("openid"),
        Resource::PremiumInfo => catalog::reaches(scopes, Resource::PremiumInfo),
        Resource::None => false,
    }
}

/// The claims that the token's scopes, the client's registration and the user's consent all allow
/// now. The consent is read from the store each time, so a withdrawal counts at once (T-206).
async fn allowed_claims(
    dependencies: &Dependencies,
    resource: Resource,
    token: &ActiveToken,
    client: &Client,
) -> Result<Vec<&'static str>, Refusal> {
    if !catalog::reaches(&token.scopes, resource) {
        return Ok(Vec::new());
    }
    let given = dependencies.consents.find(&token.subscriber, &token.client).await?;
    let registered = token.scopes.intersection(&client.scopes);
    let missing = consent::missing(&registered, given.as_ref());
    let claims = catalog::claims(&registered.difference(&missing), resource);
    match resource {
        // There is nothing else in it: an answer without attributes would look like a subscriber
        // without any.
        Resource::PremiumInfo if claims.is_empty() => Err(Refusal::NoConsent),
        _ => Ok(claims),
    }
}

async fn ask(
    dependencies: &Dependencies,
    token: &ActiveToken,
    claims: &[&'static str],
) -> Result<Attribution, Refusal> {
    if claims.is_empty() {
        return Ok(Attribution::default());
    }
    let question = AttributeRequest {
        subscriber: token.subscriber.clone(),
        client: token.client.clone(),
        claims: claims.to_vec(),
        expires_at: dependencies.clock.now() + QUESTION_LIFETIME,
    };
    Ok(dependencies.data_gateway.attributes(question).await?)
}
