//! `/admin/v1/operators/{id}/keys`

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    numbering::Operator,
};
use fiador_http_kit::Problem;
use fiador_kernel::OperatorId;
use fiador_keys::{RegisterError, check_key_set};
use fiador_ports::StoreError;

use super::Admin;

/// Public keys that numbers for this operator are encrypted to: a JWK Set. Those of our own brands
/// are made here; an operator that has registered none has an empty set.
pub async fn get(State(admin): State<Admin>, Path(id): Path<String>) -> Response {
    let Some(operator) = find(&admin, &id) else { return unknown() };
    key_set(if operator.own {
        admin.operator_keys.own_public_keys()
    } else {
        let registered = admin.operator_keys.registered(&operator.id);
        registered.unwrap_or_else(|| r#"{"keys":[]}"#.to_owned())
    })
}

/// Replaces the public keys of a foreign operator, and answers with the set as it is kept.
/// `fiador_keys::check_key_set` says what it must be; a set that is refused changes nothing.
pub async fn put(State(admin): State<Admin>, Path(id): Path<String>, body: Bytes) -> Response {
    let Some(operator) = find(&admin, &id) else { return unknown() };
    if operator.own {
        return Problem::new(StatusCode::CONFLICT, "operator.own", "Not a foreign operator")
            .detail("the keys of this gateway's own operators are made here; see fiador keys")
            .into_response();
    }
    if let Err(refusal) = check_key_set(&body) {
        return refused(refusal.to_string());
    }
    // What cannot be written down in the audit log does not happen (T-245).
    if let Err(error) = admin.audit.append(changed(&admin, &operator.id)).await {
        return unavailable(error);
    }
    match admin.operator_keys.register(&operator.id, &body).await {
        Ok(kept) => key_set(kept),
        Err(RegisterError::Refused(refusal)) => refused(refusal.to_string()),
        Err(RegisterError::Store(error)) => unavailable(error),
    }
}

fn find<'a>(admin: &'a Admin, id: &str) -> Option<&'a Operator> {
    admin.numbering.find(&OperatorId::new(id).ok()?)
}

fn changed(admin: &Admin, operator: &OperatorId) -> AuditEvent {
    AuditEvent {
        at: admin.clock.now(),
        kind: AuditKind::OperatorKeysRegistered,
        client: None,
        subscriber: None,
        grant: None,
        journey: None,
        detail: Some(operator.to_string()),
    }
}

fn key_set(document: String) -> Response {
    const TYPE: HeaderValue = HeaderValue::from_static("application/jwk-set+json");
    ([(header::CONTENT_TYPE, TYPE)], document).into_response()
}

fn unknown() -> Response {
    Problem::new(StatusCode::NOT_FOUND, "operator.unknown", "No such operator")
        .detail("operators are named in discovery.operators")
        .into_response()
}

fn refused(detail: String) -> Response {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "operator.keys", "Not usable keys")
        .detail(detail)
        .into_response()
}

fn unavailable(error: StoreError) -> Response {
    tracing::error!(%error, "keys of an operator were not stored");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store.unavailable", "Not stored")
        .detail(error.to_string())
        .into_response()
}
