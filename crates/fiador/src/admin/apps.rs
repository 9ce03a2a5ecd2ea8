//! `/admin/v1/apps`: applications that are created while the gateway runs.
//!
//! A body has the members of `[[clients]]`, which are those of OpenID Connect Dynamic Client
//! Registration where that has a name for it. The gateway makes id and secret.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use fiador_egress::check_sector_list;
use fiador_http_kit::{Problem, no_store};
use fiador_kernel::{ClientId, Digest, Entropy, token_text};
use fiador_ports::StoreError;
use serde_json::{Map, Value, json};

use super::Admin;
use crate::{
    applications::Created,
    config::{ClientSection, plain_http_of},
};

/// Random octets of an id: 128 bits.
const ID_OCTETS: usize = 16;
/// Random octets of a secret: 256 bits.
const SECRET_OCTETS: usize = 32;
/// Members that the gateway fills in.
const MADE_HERE: [&str; 3] = ["client_id", "client_secret_sha256", "client_secret"];

/// Creates an application: 201 with its id and, this once, its secret.
pub async fn create(State(admin): State<Admin>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_json(&headers) {
        return Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "request.media_type",
            "The body must be application/json",
        )
        .into_response();
    }
    let (section, secret) = match registration_of(&body, &*admin.entropy) {
        Ok(read) => read,
        Err(error) => return refused(format!("{error:#}")),
    };
    if let (false, Some(refusal)) = (admin.allows_plain_http, plain_http_of(&section).pop()) {
        return refused(refusal);
    }
    let created = match Created::new(section) {
        Ok(created) => created,
        Err(error) => return refused(format!("{error:#}")),
    };
    if let Err(error) = check_sector_list(&*admin.fetch, &created.client).await {
        return refused(error.to_string());
    }
    let at = admin.clock.now();
    let mut document = document(&created);
    document.insert("client_id_issued_at".to_owned(), at.as_seconds().into());
    if let Some(secret) = secret {
        document.insert("client_secret".to_owned(), secret.into());
        // OpenID Connect Registration §3.2: zero is never.
        document.insert("client_secret_expires_at".to_owned(), 0.into());
    }
    match admin.applications.create(created, at).await {
        Ok(true) => {
            let mut response = (StatusCode::CREATED, Json(document)).into_response();
            no_store(response.headers_mut());
            response
        }
        // 128 random bits do not meet; a broken source of randomness would show here.
        Ok(false) => Problem::internal().into_response(),
        Err(error) => unavailable(error),
    }
}

/// Lists the created applications, by id.
pub async fn list(State(admin): State<Admin>) -> Json<Vec<Map<String, Value>>> {
    Json(admin.applications.created().await.iter().map(|created| document(created)).collect())
}

/// One created application.
pub async fn get(State(admin): State<Admin>, Path(id): Path<String>) -> Response {
    let Ok(id) = ClientId::new(&id) else { return unknown() };
    match admin.applications.find_created(&id).await {
        Some(created) => Json(document(&created)).into_response(),
        None => unknown(),
    }
}

/// Removes a created application and ends its tokens: 204.
pub async fn remove(State(admin): State<Admin>, Path(id): Path<String>) -> Response {
    let Ok(id) = ClientId::new(&id) else { return unknown() };
    match admin.applications.remove(&id, admin.clock.now()).await {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => unknown(),
        Err(error) => unavailable(error),
    }
}

/// The registration with a new id, and a new secret for a client that authenticates by one.
fn registration_of(
    body: &[u8],
    entropy: &dyn Entropy,
) -> anyhow::Result<(ClientSection, Option<String>)> {
    let mut said: Map<String, Value> = fiador_jose::strict_json::from_slice(body)?;
    for name in MADE_HERE {
        anyhow::ensure!(!said.contains_key(name), "`{name}` is made by the gateway; leave it out");
    }
    dynamic_registration(&mut said)?;
    // A key set is an object here and a text in the configuration file.
    if let Some(jwks) = said.get_mut("jwks").filter(|jwks| jwks.is_object()) {
        *jwks = jwks.to_string().into();
    }
    let method = said.entry("token_endpoint_auth_method").or_insert("client_secret_basic".into());
    let by_secret = method.as_str().is_some_and(|method| method.starts_with("client_secret_"));
    let secret = by_secret.then(|| token_text(entropy, SECRET_OCTETS));
    let digests: Vec<_> = secret.iter().map(|secret| Digest::of(secret).to_hex()).collect();
    said.insert("client_id".to_owned(), token_text(entropy, ID_OCTETS).into());
    said.insert("client_secret_sha256".to_owned(), json!(digests));
    Ok((serde_json::from_value(Value::Object(said))?, secret))
}

/// Takes out what clients of Dynamic Registration say and `[[clients]]` has another word for, or
/// none (OpenID Connect Registration §2). What it would change here is refused, not overheard.
fn dynamic_registration(said: &mut Map<String, Value>) -> anyhow::Result<()> {
    if let Some(client_name) = said.remove("client_name") {
        let name = said.entry("name").or_insert_with(|| client_name.clone());
        anyhow::ensure!(*name == client_name, "`name` and `client_name` differ; keep one of them");
    }
    if let Some(types) = said.remove("response_types") {
        anyhow::ensure!(types == json!(["code"]), "`response_types` can be [\"code\"] alone");
    }
    // One rule for redirect URIs serves both.
    if let Some(kind) = said.remove("application_type") {
        let is_known = kind == "web" || kind == "native";
        anyhow::ensure!(is_known, "`application_type` can be \"web\" or \"native\" alone");
    }
    Ok(())
}

/// What is told of an application: its registration, as it was given, without digests.
fn document(created: &Created) -> Map<String, Value> {
    // Texts, lists and switches always serialise.
    let section = serde_json::to_value(&created.section).unwrap_or_default();
    let Value::Object(mut members) = section else { return Map::new() };
    members.remove("client_secret_sha256");
    members.retain(|_, value| !value.is_null());
    if let Some(jwks) = members.get_mut("jwks")
        && let Some(parsed) = jwks.as_str().and_then(|text| serde_json::from_str(text).ok())
    {
        *jwks = parsed;
    }
    members.insert("sector".to_owned(), created.client.sector.as_str().into());
    members
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = given.unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// Says what is wrong, in words that may quote the registration: whoever reads them wrote it, and
/// holds the token of the operator.
fn refused(detail: String) -> Response {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "application.invalid", "Not a registration")
        .detail(detail)
        .into_response()
}

fn unknown() -> Response {
    Problem::new(StatusCode::NOT_FOUND, "application.unknown", "No such application")
        .detail("only applications that were created here can be read or removed here")
        .into_response()
}

fn unavailable(error: StoreError) -> Response {
    tracing::error!(%error, "an application was not stored");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store.unavailable", "Not stored")
        .detail(error.to_string())
        .into_response()
}
