//! The control API: what tests in any language drive the phones with (docs/reference/sandbox.md).

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Inboxes, Message, Phone, phones};

/// `GET /api/phones`, `GET /api/phones/{msisdn}/messages`, `GET /api/phones/{msisdn}/prompts`,
/// `POST /api/phones/{msisdn}/prompts/{id}`.
pub fn control_api(inboxes: Inboxes) -> Router {
    Router::new()
        .route("/api/phones", get(list))
        .route("/api/phones/{msisdn}/messages", get(messages))
        .route("/api/phones/{msisdn}/prompts", get(prompts))
        .route("/api/phones/{msisdn}/prompts/{id}", post(answer))
        .with_state(Arc::new(inboxes))
}

async fn list() -> Json<&'static [Phone]> {
    Json(phones())
}

async fn messages(
    State(inboxes): State<Arc<Inboxes>>,
    Path(msisdn): Path<String>,
) -> Result<Json<Vec<Message>>, Response> {
    inboxes.messages(&msisdn).map(Json).ok_or_else(|| missing("no phone has this number"))
}

/// Prompts of the SIM, of USSD and of passkeys: none of the phones' authenticators prompts yet, so
/// the list is empty for every phone there is.
async fn prompts(Path(msisdn): Path<String>) -> Result<Json<Vec<Value>>, Response> {
    if known(&msisdn) { Ok(Json(Vec::new())) } else { Err(missing("no phone has this number")) }
}

#[derive(Deserialize)]
#[serde(tag = "answer", rename_all = "lowercase")]
#[expect(dead_code, reason = "parsed for its form; no prompt can be waiting yet")]
enum PromptAnswer {
    Ok,
    Cancel,
    Pin { pin: String },
    Number { number: String },
}

async fn answer(
    Path((msisdn, _id)): Path<(String, String)>,
    Json(_answer): Json<PromptAnswer>,
) -> Response {
    missing(if known(&msisdn) {
        "no such prompt is waiting on this phone"
    } else {
        "no phone has this number"
    })
}

fn known(msisdn: &str) -> bool {
    phones().iter().any(|phone| phone.msisdn == msisdn)
}

/// An RFC 9457 problem.
fn missing(detail: &str) -> Response {
    let body =
        json!({ "type": "about:blank", "title": "Not Found", "status": 404, "detail": detail });
    let headers = [("content-type", "application/problem+json")];
    (StatusCode::NOT_FOUND, headers, body.to_string()).into_response()
}
