//! Why a request about routing is refused (RFC 9457).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use fiador_http_kit::Problem;
use fiador_ports::StoreError;

/// What can be wrong.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The policy cannot be used. The words may quote it: whoever reads them wrote it.
    #[error("{0}")]
    Policy(String),
    /// The body is not such a request.
    #[error("{0}")]
    Request(String),
    /// Nobody replaces a policy that they have not seen.
    #[error("send If-Match with the ETag of the policy in force, such as \"3\"")]
    IfMatchMissing,
    /// `If-Match` is there and no revision.
    #[error("send If-Match with the ETag of the policy in force, such as \"3\"")]
    IfMatchMalformed,
    /// Somebody else was first.
    #[error("read the policy in force, bring the change into it, and send its number")]
    Changed,
    /// No such revision.
    #[error("revisions are listed at /admin/v1/routing/policy/versions")]
    RevisionUnknown,
    /// No such decision.
    #[error("a journey has a decision once its number is known; it is kept for a while")]
    JourneyUnknown,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, title) = match &self {
            Self::Policy(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "routing.policy", "Not a usable policy")
            }
            Self::Request(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "routing.request", "Not a usable request")
            }
            Self::IfMatchMissing => {
                (StatusCode::PRECONDITION_REQUIRED, "routing.if_match", "If-Match is missing")
            }
            Self::IfMatchMalformed => {
                (StatusCode::BAD_REQUEST, "routing.if_match", "If-Match is not a revision")
            }
            Self::Changed => (
                StatusCode::PRECONDITION_FAILED,
                "routing.policy_changed",
                "Another revision is in force",
            ),
            Self::RevisionUnknown => {
                (StatusCode::NOT_FOUND, "routing.policy_unknown", "No such revision")
            }
            Self::JourneyUnknown => {
                (StatusCode::NOT_FOUND, "routing.journey_unknown", "No such decision")
            }
            Self::Store(error) => {
                tracing::error!(%error, "routing was not looked up or stored");
                let title = "Not stored or looked up";
                (StatusCode::SERVICE_UNAVAILABLE, "store.unavailable", title)
            }
        };
        Problem::new(status, code, title).detail(self.to_string()).into_response()
    }
}
