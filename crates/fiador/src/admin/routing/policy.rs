//! The policy in force, and those before it.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    routing::BUILT_IN,
};
use fiador_ports::{PolicyRevision, StoredPolicy};
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::admin::Admin;

/// Revisions that are listed.
const LISTED: usize = 100;

/// One revision of the policy.
#[derive(Debug, Serialize, Deserialize)]
pub struct PolicyBody {
    /// Counts from 1; 0 is the built-in policy.
    pub revision: u64,
    /// When it came into force, in seconds since the epoch; `null` for the built-in policy.
    pub at: Option<i64>,
    /// As it was written; left out in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl From<StoredPolicy> for PolicyBody {
    fn from(stored: StoredPolicy) -> Self {
        let StoredPolicy { revision, text, at } = stored;
        Self { revision, at: Some(at.as_seconds()), text: Some(text) }
    }
}

impl From<PolicyRevision> for PolicyBody {
    fn from(PolicyRevision { revision, at }: PolicyRevision) -> Self {
        Self { revision, at: Some(at.as_seconds()), text: None }
    }
}

fn built_in() -> PolicyBody {
    PolicyBody { revision: 0, at: None, text: Some(BUILT_IN.to_owned()) }
}

/// The newest revision, with its number as `ETag`.
pub async fn current(State(admin): State<Admin>) -> Result<Response, Refusal> {
    let stored = admin.routing.policies.current().await?;
    Ok(tagged(stored.map_or_else(built_in, PolicyBody::from)))
}

/// Puts the policy that is the body in force, in place of the revision in `If-Match`. What cannot be
/// written down in the audit log does not happen (T-245).
pub async fn put(
    State(admin): State<Admin>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let expected = if_match(&headers)?;
    let text = checked(&admin, &body)?;
    let (revision, at) = (expected.saturating_add(1), admin.clock.now());
    admin
        .audit
        .append(AuditEvent {
            at,
            kind: AuditKind::RoutingPolicyPut,
            client: None,
            subscriber: None,
            grant: None,
            journey: None,
            detail: Some(format!("revision {revision}")),
        })
        .await?;
    if !admin.routing.policies.put(expected, text, at).await? {
        return Err(Refusal::Changed);
    }
    tracing::info!(revision, "a routing policy was put in force");
    Ok(tagged(PolicyRevision { revision, at }.into()))
}

/// Says whether the policy that is the body could be put in force: 204.
pub async fn check(State(admin): State<Admin>, body: Bytes) -> Result<StatusCode, Refusal> {
    checked(&admin, &body)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest revisions, newest first.
pub async fn versions(State(admin): State<Admin>) -> Result<Json<Vec<PolicyBody>>, Refusal> {
    let revisions = admin.routing.policies.list(LISTED).await?;
    Ok(Json(revisions.into_iter().map(PolicyBody::from).collect()))
}

/// One revision.
pub async fn version(
    State(admin): State<Admin>,
    Path(revision): Path<String>,
) -> Result<Response, Refusal> {
    let revision = revision.parse().map_err(|_| Refusal::RevisionUnknown)?;
    if revision == 0 {
        return Ok(tagged(built_in()));
    }
    let stored = admin.routing.policies.find(revision).await?;
    Ok(tagged(stored.ok_or(Refusal::RevisionUnknown)?.into()))
}

fn checked<'a>(admin: &Admin, body: &'a [u8]) -> Result<&'a str, Refusal> {
    let text = std::str::from_utf8(body).map_err(|error| Refusal::Policy(error.to_string()))?;
    admin.policy_of(text)?;
    Ok(text)
}

/// The revision that is to be replaced (RFC 9110 §13.1.1).
fn if_match(headers: &HeaderMap) -> Result<u64, Refusal> {
    let given = headers.get(header::IF_MATCH).ok_or(Refusal::IfMatchMissing)?;
    let number = given.to_str().ok().map(|text| text.trim_matches('"'));
    number.and_then(|text| text.parse().ok()).ok_or(Refusal::IfMatchMalformed)
}

fn tagged(body: PolicyBody) -> Response {
    let tag = HeaderValue::from_str(&format!("\"{}\"", body.revision));
    let mut response = Json(body).into_response();
    if let Ok(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
