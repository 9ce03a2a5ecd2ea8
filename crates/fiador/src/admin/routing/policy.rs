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
use fiador_http_kit::Problem;
use fiador_ports::{PolicyRevision, StoredPolicy};
use serde::{Deserialize, Serialize};

use super::unavailable;
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
pub async fn current(State(admin): State<Admin>) -> Response {
    match admin.routing.policies.current().await {
        Ok(stored) => tagged(stored.map_or_else(built_in, PolicyBody::from)),
        Err(error) => unavailable(error),
    }
}

/// Puts the policy that is the body in force, in place of the revision in `If-Match`. What cannot be
/// written down in the audit log does not happen (T-245).
pub async fn put(State(admin): State<Admin>, headers: HeaderMap, body: Bytes) -> Response {
    let expected = match if_match(&headers) {
        Ok(expected) => expected,
        Err(problem) => return problem.into_response(),
    };
    let text = match checked(&admin, &body) {
        Ok(text) => text,
        Err(refused) => return refused,
    };
    let at = admin.clock.now();
    let event = AuditEvent {
        at,
        kind: AuditKind::RoutingPolicyPut,
        client: None,
        subscriber: None,
        grant: None,
        journey: None,
        detail: Some(format!("revision {}", expected.saturating_add(1))),
    };
    if let Err(error) = admin.audit.append(event).await {
        return unavailable(error);
    }
    match admin.routing.policies.put(expected, text, at).await {
        Ok(true) => {
            let revision = expected.saturating_add(1);
            tracing::info!(revision, "a routing policy was put in force");
            tagged(PolicyRevision { revision, at }.into())
        }
        Ok(false) => Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "routing.policy_changed",
            "Another revision is in force",
        )
        .detail("read the policy in force, bring the change into it, and send its number")
        .into_response(),
        Err(error) => unavailable(error),
    }
}

/// Says whether the policy that is the body could be put in force: 204.
pub async fn check(State(admin): State<Admin>, body: Bytes) -> Response {
    checked(&admin, &body)
        .map_or_else(|refused| refused, |_| StatusCode::NO_CONTENT.into_response())
}

/// The newest revisions, newest first.
pub async fn versions(State(admin): State<Admin>) -> Response {
    match admin.routing.policies.list(LISTED).await {
        Ok(revisions) => {
            let listed: Vec<_> = revisions.into_iter().map(PolicyBody::from).collect();
            Json(listed).into_response()
        }
        Err(error) => unavailable(error),
    }
}

/// One revision.
pub async fn version(State(admin): State<Admin>, Path(revision): Path<String>) -> Response {
    let found = match revision.parse() {
        Ok(0) => return tagged(built_in()),
        Ok(revision) => admin.routing.policies.find(revision).await,
        Err(_) => Ok(None),
    };
    match found {
        Ok(Some(stored)) => tagged(stored.into()),
        Ok(None) => {
            Problem::new(StatusCode::NOT_FOUND, "routing.policy_unknown", "No such revision")
                .into_response()
        }
        Err(error) => unavailable(error),
    }
}

fn checked<'a>(admin: &Admin, body: &'a [u8]) -> Result<&'a str, Response> {
    // What is no text is no TOML and no JSON: said with the words for those.
    let text = std::str::from_utf8(body).map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "routing.policy", "Not a usable policy")
            .detail(error.to_string())
            .into_response()
    })?;
    admin.policy_of(text).map(|_| text)
}

/// The revision that is to be replaced (RFC 9110 §13.1.1): nobody replaces what they have not seen.
fn if_match(headers: &HeaderMap) -> Result<u64, Problem> {
    let given = headers.get(header::IF_MATCH).ok_or_else(|| {
        Problem::new(StatusCode::PRECONDITION_REQUIRED, "routing.if_match", "If-Match is missing")
            .detail("send If-Match with the ETag of the policy in force, such as \"3\"")
    })?;
    let number = given.to_str().ok().map(|text| text.trim_matches('"'));
    number.and_then(|text| text.parse().ok()).ok_or_else(|| {
        Problem::new(StatusCode::BAD_REQUEST, "routing.if_match", "If-Match is not a revision")
            .detail("send If-Match with the ETag of the policy in force, such as \"3\"")
    })
}

fn tagged(body: PolicyBody) -> Response {
    let tag = HeaderValue::from_str(&format!("\"{}\"", body.revision));
    let mut response = Json(body).into_response();
    if let Ok(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
