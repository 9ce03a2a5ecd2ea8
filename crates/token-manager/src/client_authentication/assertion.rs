//! `private_key_jwt`: an assertion signed with a key of the client (RFC 7523 §2.2, OpenID Connect
//! Core §9).

use std::{sync::Arc, time::Duration};

use fiador_domain::client::{Client, TokenEndpointAuthMethod};
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{
    ClientAuthenticationError, ClientKeyError, PresentedCredentials, SignedPurpose, StoreError,
};
use fiador_wire_oauth::client_assertion::{
    AssertionClaimError, AssertionClaims, JWT_BEARER, claimed_client,
};

use super::find;
use crate::Dependencies;

/// The longest life of an assertion, from now and from its `iat` (T-061).
const LONGEST_LIFE: Duration = Duration::from_mins(5);
/// How far the client's clock may be from ours (T-244).
const LEEWAY: Duration = Duration::from_mins(1);

/// Why an assertion proves nothing. For the operator's log; the client hears one answer.
#[derive(Debug, thiserror::Error)]
enum BadAssertion {
    #[error(transparent)]
    Key(#[from] ClientKeyError),
    #[error(transparent)]
    Claim(#[from] AssertionClaimError),
    #[error("iss and sub of the client assertion are not both the client_id")]
    Issuer,
    #[error("aud of the client assertion is neither the issuer nor the URL of this endpoint")]
    Audience,
    #[error("the client assertion has expired")]
    Expired,
    #[error("the client assertion lives longer than 5 minutes")]
    TooLongLived,
    #[error("the client assertion is not valid yet; compare the clocks")]
    NotYetValid,
    #[error("the jti of the client assertion was used before")]
    Replayed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The client, by its assertion. `Ok(None)` for an assertion that proves nothing. Whose it claims
/// to be is read first, unverified: the registered keys of that client, and no others, decide
/// (T-071).
pub(super) async fn prove(
    dependencies: &Dependencies,
    presented: PresentedCredentials<'_>,
) -> Result<Option<Arc<Client>>, ClientAuthenticationError> {
    let Some(assertion) = presented.client_assertion else { return Ok(None) };
    if presented.client_assertion_type != Some(JWT_BEARER) {
        return Ok(None);
    }
    let claimed = claimed_client(assertion)
        .filter(|claimed| presented.client_id.is_none_or(|id| id == claimed));
    let by_assertion = |client: &Arc<Client>| {
        client.enabled
            && client.token_endpoint_auth_method == TokenEndpointAuthMethod::PrivateKeyJwt
    };
    let client = claimed.and_then(|id| find(&*dependencies.clients, &id)).filter(by_assertion);
    let Some(client) = client else { return Ok(None) };
    match check(dependencies, &client, assertion, presented.endpoint).await {
        Ok(()) => Ok(Some(client)),
        Err(bad) => refuse(&client, &bad),
    }
}

/// The signature, the claims, and at last the single use: an assertion that is not good costs no
/// write (T-262).
async fn check(
    dependencies: &Dependencies,
    client: &Client,
    assertion: &str,
    endpoint: &str,
) -> Result<(), BadAssertion> {
    let signed =
        dependencies.client_keys.verify(client, assertion, SignedPurpose::ClientAssertion).await?;
    let claims = AssertionClaims::read(&signed.claims)?;
    if claims.iss != client.id.as_str() || claims.sub != client.id.as_str() {
        return Err(BadAssertion::Issuer);
    }
    if !is_for_us(&claims.aud, dependencies.issuer.as_str(), endpoint) {
        return Err(BadAssertion::Audience);
    }
    let now = dependencies.clock.now();
    let dead_at = lives(&claims, now)?;
    let jti = Digest::of(&claims.jti);
    let purpose = SignedPurpose::ClientAssertion;
    let is_first = dependencies.replay.first_use(purpose, &client.id, jti, dead_at).await?;
    if is_first { Ok(()) } else { Err(BadAssertion::Replayed) }
}

/// Every audience must be ours: the issuer, the token endpoint under either of its names, or the
/// endpoint that was called. An assertion that is good elsewhere too could have been sent here by
/// that other place (T-061).
fn is_for_us(audiences: &[String], issuer: &str, endpoint: &str) -> bool {
    audiences.iter().all(|audience| {
        audience.strip_prefix(issuer).is_some_and(|path| {
            path.is_empty() || path == "/token" || path == "/accesstoken" || path == endpoint
        })
    })
}

/// When the assertion is dead for certain; or why it is not alive.
fn lives(claims: &AssertionClaims, now: Timestamp) -> Result<Timestamp, BadAssertion> {
    let expires_at = Timestamp::from_seconds(claims.exp);
    let dead_at = expires_at + LEEWAY;
    if dead_at <= now {
        return Err(BadAssertion::Expired);
    }
    let begins_at = claims.iat.map_or(now, Timestamp::from_seconds);
    if expires_at > now + LONGEST_LIFE + LEEWAY || expires_at.since(begins_at) > LONGEST_LIFE {
        return Err(BadAssertion::TooLongLived);
    }
    let not_before = [claims.iat, claims.nbf].into_iter().flatten().max();
    if not_before.is_some_and(|at| Timestamp::from_seconds(at) > now + LEEWAY) {
        return Err(BadAssertion::NotYetValid);
    }
    Ok(dead_at)
}

/// Anybody can name a client, so nothing is logged above `info`; what the client hears is the same
/// for every reason, but for keys and a database that do not answer now.
fn refuse(
    client: &Client,
    bad: &BadAssertion,
) -> Result<Option<Arc<Client>>, ClientAuthenticationError> {
    tracing::info!(client_id = client.id.as_str(), error = %bad, "A client assertion was refused.");
    match bad {
        BadAssertion::Store(error) => Err((*error).into()),
        BadAssertion::Key(error) if error.is_temporary() => {
            Err(ClientAuthenticationError::KeysUnavailable)
        }
        _ => Ok(None),
    }
}
