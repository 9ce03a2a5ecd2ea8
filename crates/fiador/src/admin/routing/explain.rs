//! What would be decided.

use axum::{Json, body::Bytes, extract::State};
use fiador_domain::routing::{Candidate, Facts, decide};
use fiador_ports::Clients as _;
use serde::{Deserialize, Serialize};

use super::{DecisionBody, Hypothesis, Refusal, read};
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
pub async fn explain(
    State(admin): State<Admin>,
    body: Bytes,
) -> Result<Json<DecisionBody>, Refusal> {
    let asked: ExplainBody = read(&body)?;
    let candidates = asked.candidates.unwrap_or_else(|| admin.routing.router.candidates());
    let facts = match (asked.request, asked.facts) {
        (Some(request), None) => {
            let client = admin.applications.find(&request.client);
            let profile = client.map(|client| client.profile);
            let now = admin.clock.now();
            request.facts(profile, &candidates, now).map_err(Refusal::Request)?
        }
        (None, Some(facts)) => facts,
        _ => return Err(Refusal::Request("send either `request` or `facts`".to_owned())),
    };
    let policy = match asked.policy {
        Some(text) => admin.policy_of(&text)?.into(),
        None => admin.routing.in_force.in_force(),
    };
    let decision = decide(&policy, &facts, &candidates);
    Ok(Json(DecisionBody::of(None, facts, candidates, decision)))
}
