//! `/admin/v1/keys`

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use fiador_domain::audit::{AuditEvent, AuditKind};
use fiador_http_kit::Problem;
use fiador_kernel::Timestamp;
use fiador_keys::{KeyInfo, KeyRing, KeyRingError};
use fiador_ports::{AuditLog, KeyPurpose};
use serde::{Deserialize, Serialize};

use super::Admin;

/// One key: no material.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeyBody {
    /// Key id.
    pub id: String,
    /// What it is for.
    pub purpose: String,
    /// `published`, `active`, `retired` or `expired`.
    pub state: String,
    /// Seconds since the epoch.
    pub created_at: i64,
    /// Seconds since the epoch.
    pub activates_at: i64,
}

impl From<KeyInfo> for KeyBody {
    fn from(key: KeyInfo) -> Self {
        Self {
            id: key.id,
            purpose: key.purpose,
            state: key.state.as_str().to_owned(),
            created_at: key.created_at.as_seconds(),
            activates_at: key.activates_at.as_seconds(),
        }
    }
}

/// What to rotate.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotateBody {
    /// Replace every sealing key at once, so that nothing issued before is good any more.
    #[serde(default)]
    pub retire_all: bool,
}

/// Lists all keys, oldest first.
pub async fn list(State(admin): State<Admin>) -> Json<Vec<KeyBody>> {
    Json(admin.keys.list().into_iter().map(KeyBody::from).collect())
}

/// Rotates, and answers with the ids of the new keys.
pub async fn rotate(State(admin): State<Admin>, Json(body): Json<RotateBody>) -> Response {
    let audit = (&*admin.audit, admin.clock.now());
    match rotate_keys(&admin.keys, audit, body.retire_all).await {
        Ok(ids) => Json(ids).into_response(),
        Err(error) => {
            tracing::error!(%error, "keys were not rotated");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "admin.keys", "Keys were not rotated")
                .detail(error.to_string())
                .into_response()
        }
    }
}

/// Publishes a successor of every signing and sealing key, or replaces sealing keys at once. What
/// cannot be written down in the audit log does not happen (T-245).
pub async fn rotate_keys(
    ring: &KeyRing,
    (audit, at): (&dyn AuditLog, Timestamp),
    retire_all: bool,
) -> Result<Vec<String>, KeyRingError> {
    let detail = if retire_all { "retire_all" } else { "rotate" };
    audit
        .append(AuditEvent {
            at,
            kind: AuditKind::KeysRotated,
            client: None,
            subscriber: None,
            grant: None,
            journey: None,
            detail: Some(detail.to_owned()),
        })
        .await?;
    if retire_all {
        return ring.retire_all().await;
    }
    let mut ids = Vec::new();
    let permanent = [KeyPurpose::MsisdnIndex, KeyPurpose::PersonalData];
    for purpose in KeyPurpose::ALL.into_iter().filter(|purpose| !permanent.contains(purpose)) {
        ids.push(ring.rotate(purpose).await?);
    }
    Ok(ids)
}
