//! The policy in force, and those before it.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    routing::{BUILT_IN, Known, Policy},
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
    /// What the operator should know of it; left out in lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// A policy that could be put in force.
#[derive(Debug, Serialize, Deserialize)]
pub struct CheckedBody {
    /// How many rules it has.
    pub rules: usize,
    /// What the operator should know of it.
    pub warnings: Vec<String>,
}

impl From<StoredPolicy> for PolicyBody {
    fn from(stored: StoredPolicy) -> Self {
        let StoredPolicy { revision, text, at } = stored;
        // Names were checked when it was put in force. One that cannot be read is not in force.
        let policy = Policy::read(&text, Known::default());
        let warnings = policy.map(|policy| in_words(&policy)).unwrap_or_default();
        Self { revision, at: Some(at.as_seconds()), text: Some(text), warnings }
    }
}

impl From<PolicyRevision> for PolicyBody {
    fn from(PolicyRevision { revision, at }: PolicyRevision) -> Self {
        Self { revision, at: Some(at.as_seconds()), text: None, warnings: Vec::new() }
    }
}

fn built_in() -> PolicyBody {
    PolicyBody { revision: 0, at: None, text: Some(BUILT_IN.to_owned()), warnings: Vec::new() }
}

fn in_words(policy: &Policy) -> Vec<String> {
    policy.warnings().iter().map(ToString::to_string).collect()
}

/// The newest revision, with its number as `ETag`.
pub async fn current(State(admin): State<Admin>) -> Result<Response, Refusal> {
    let stored = admin.routing.policies.current().await?;
    Ok(tagged(stored.map_or_else(built_in, PolicyBody::from)))
}

/// Puts the policy that is the body in force, in place of the revision in `If-Match`.
pub async fn put(
    State(admin): State<Admin>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let expected = if_match(&headers)?;
    let (text, policy) = checked(&admin, &body)?;
    let revision = put_in_force(&admin, expected, text).await?;
    Ok(tagged(PolicyBody { warnings: in_words(&policy), ..revision.into() }))
}

/// Puts the built-in policy in force again, in place of the revision in `If-Match`: its text becomes
/// a revision like others, so it can be seen who was decided on by it.
pub async fn reset(State(admin): State<Admin>, headers: HeaderMap) -> Result<Response, Refusal> {
    let expected = if_match(&headers)?;
    let revision = put_in_force(&admin, expected, BUILT_IN).await?;
    Ok(tagged(revision.into()))
}

/// What cannot be written down in the audit log does not happen (T-245).
async fn put_in_force(admin: &Admin, expected: u64, text: &str) -> Result<PolicyRevision, Refusal> {
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
    Ok(PolicyRevision { revision, at })
}

/// Says whether the policy that is the body could be put in force, and what to know of it then.
pub async fn check(State(admin): State<Admin>, body: Bytes) -> Result<Json<CheckedBody>, Refusal> {
    let (_, policy) = checked(&admin, &body)?;
    let rules = policy.rule_names().count();
    Ok(Json(CheckedBody { rules, warnings: in_words(&policy) }))
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

fn checked<'a>(admin: &Admin, body: &'a [u8]) -> Result<(&'a str, Policy), Refusal> {
    let text = std::str::from_utf8(body).map_err(|error| Refusal::Policy(error.to_string()))?;
    Ok((text, admin.policy_of(text)?))
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
