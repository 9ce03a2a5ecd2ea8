//! Telling Keycloak what became of its request.

use std::time::Duration;

use fiador_ports::{Fetch, FetchError, FetchRequest};
use tokio::time::sleep;

/// Pauses before the tries: a network may fail for a moment.
const PAUSES: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];

/// What Keycloak understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The person agreed.
    Succeed,
    /// There will be no authentication.
    Unauthorized,
    /// The person said no.
    Cancelled,
}

/// Why Keycloak does not know the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotTold {
    /// It did not answer.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It refuses.
    #[error("the callback answers with status {0}")]
    Status(u16),
}

impl Outcome {
    /// The word at the callback.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Succeed => "SUCCEED",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// Posts the outcome with the token of the request. A refusal is final: Keycloak waits no more.
pub(crate) async fn tell(
    fetch: &dyn Fetch,
    callback: &str,
    token: &str,
    outcome: Outcome,
) -> Result<(), NotTold> {
    let mut last = NotTold::Status(0);
    for pause in PAUSES {
        sleep(pause).await;
        let body = serde_json::json!({ "status": outcome.as_str() }).to_string().into_bytes();
        let request = FetchRequest::post(callback, "application/json", body)
            .header("authorization", format!("Bearer {token}"));
        last = match fetch.fetch(request).await {
            Ok(answer) if (200..300).contains(&answer.status) => return Ok(()),
            Ok(answer) if answer.status < 500 => return Err(NotTold::Status(answer.status)),
            Ok(answer) => NotTold::Status(answer.status),
            Err(error) => NotTold::Fetch(error),
        };
    }
    Err(last)
}
