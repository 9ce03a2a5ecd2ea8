//! `/admin/v1/brands/operator/logo` and `/admin/v1/brands/clients/{client_id}/logo`
//!
//! A body is the image itself; its media type says nothing, its bytes do.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use fiador_domain::audit::{AuditEvent, AuditKind};
use fiador_http_kit::{BrandOwner, Brands, Logo, Problem, UploadError};
use fiador_kernel::ClientId;
use fiador_ports::Clients;
use serde_json::json;

use super::Admin;

/// Shows this logo of the operator from now on.
pub async fn put_operator(State(admin): State<Admin>, body: Bytes) -> Response {
    put(admin, BrandOwner::Operator, body).await
}

/// Goes back to the operator's logo of the configuration, or to none.
pub async fn remove_operator(State(admin): State<Admin>) -> Response {
    remove(admin, BrandOwner::Operator).await
}

/// Shows this logo of an application from now on.
pub async fn put_client(
    State(admin): State<Admin>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    let known = ClientId::new(&id).ok().filter(|id| admin.applications.find(id).is_some());
    match known {
        Some(client_id) => put(admin, BrandOwner::Client(client_id), body).await,
        None => Problem::new(StatusCode::NOT_FOUND, "application.unknown", "No such application")
            .into_response(),
    }
}

/// Goes back to an application's logo of the configuration, or to none; also for one that is gone.
pub async fn remove_client(State(admin): State<Admin>, Path(id): Path<String>) -> Response {
    match ClientId::new(&id) {
        Ok(client_id) => remove(admin, BrandOwner::Client(client_id)).await,
        Err(_) => no_logo(),
    }
}

async fn put(admin: Admin, owner: BrandOwner, body: Bytes) -> Response {
    if let Err(error) = Logo::from_bytes(&body) {
        return Problem::from(UploadError::from(error)).into_response();
    }
    let brands = admin.pages.brands().clone();
    match changed(&admin, owner, move |owner| brands.put_logo(owner, &body)).await {
        Ok(path) => Json(json!({ "path": path.as_ref() })).into_response(),
        Err(response) => response,
    }
}

async fn remove(admin: Admin, owner: BrandOwner) -> Response {
    let brands = admin.pages.brands().clone();
    match changed(&admin, owner, move |owner| Brands::remove_logo(&brands, owner)).await {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => no_logo(),
        Err(response) => response,
    }
}

/// Writes the change down first: what cannot be written down does not happen (T-245).
async fn changed<T: Send + 'static>(
    admin: &Admin,
    owner: BrandOwner,
    change: impl FnOnce(&BrandOwner) -> Result<T, UploadError> + Send + 'static,
) -> Result<T, Response> {
    admin.audit.append(event(admin, &owner)).await.map_err(|error| {
        tracing::error!(%error, "a logo was not changed");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store.unavailable", "Not stored")
            .detail(error.to_string())
            .into_response()
    })?;
    match tokio::task::spawn_blocking(move || change(&owner)).await {
        Ok(result) => result.map_err(|error| Problem::from(error).into_response()),
        Err(_) => Err(Problem::internal().into_response()),
    }
}

fn event(admin: &Admin, owner: &BrandOwner) -> AuditEvent {
    AuditEvent {
        at: admin.clock.now(),
        kind: AuditKind::LogoChanged,
        client: match owner {
            BrandOwner::Operator => None,
            BrandOwner::Client(client_id) => Some(client_id.clone()),
        },
        subscriber: None,
        grant: None,
        journey: None,
        detail: None,
    }
}

fn no_logo() -> Response {
    Problem::new(StatusCode::NOT_FOUND, "brand.no_logo", "No logo was sent here").into_response()
}
