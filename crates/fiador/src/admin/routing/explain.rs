//! What would be decided.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use fiador_domain::routing::{Candidate, Facts, decide};
use fiador_http_kit::Problem;
use fiador_ports::Clients as _;
use serde::{Deserialize, Serialize};

use super::{DecisionBody, Hypothesis, read};
use crate::admin::Admin;

/// A question. Either `request` or `facts` is there.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExplainBody {
    /// A request in the words of policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Hypothesis>,
    /// Facts as a decision has told them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<Facts>,
    /// Authenticators in place of those that there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<Candidate>>,
    /// The text of a policy in place of the one in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

/// Decides and tells why; nothing is kept.
pub async fn explain(State(admin): State<Admin>, body: Bytes) -> Response {
    answer(&admin, &body).map_or_else(|refused| refused, |told| Json(told).into_response())
}

fn answer(admin: &Admin, body: &[u8]) -> Result<DecisionBody, Response> {
    let asked: ExplainBody = read(body)?;
    let candidates = asked.candidates.unwrap_or_else(|| admin.routing.router.candidates());
    let facts = match (asked.request, asked.facts) {
        (Some(request), None) => {
            let client = admin.applications.find(&request.client);
            let profile = client.map(|client| client.profile);
            request.facts(profile, &candidates, admin.clock.now()).map_err(refused)?
        }
        (None, Some(facts)) => facts,
        _ => return Err(refused("send either `request` or `facts`".to_owned())),
    };
    let policy = match asked.policy {
        Some(text) => admin.policy_of(&text)?.into(),
        None => admin.routing.in_force.in_force(),
    };
    let decision = decide(&policy, &facts, &candidates);
    Ok(DecisionBody::of(None, facts, candidates, decision))
}

fn refused(detail: String) -> Response {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "routing.request", "Not a usable request")
        .detail(detail)
        .into_response()
}
