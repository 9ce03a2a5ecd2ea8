//! Telling Keycloak what became of its request.

use std::time::Duration;

use fiador_ports::{Fetch, FetchError, FetchRequest};
use tokio::time::sleep;

/// Pauses before further tries: a network may fail for a moment.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

/// What Keycloak understands (`status` of the callback).
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

impl NotTold {
    /// Whether Keycloak has certainly not seen it. It takes a second callback for a request that it
    /// has an outcome for as a reason to drop the request, so nothing that may have arrived is repeated.
    const fn may_be_repeated(self) -> bool {
        match self {
            Self::Fetch(error) => !error.may_have_been_sent(),
            Self::Status(status) => matches!(status, 429 | 503),
        }
    }
}

/// Posts the outcome with the token of the request.
pub(crate) async fn tell(
    fetch: &dyn Fetch,
    callback: &str,
    token: &str,
    outcome: Outcome,
) -> Result<(), NotTold> {
    let mut pauses = PAUSES.into_iter();
    loop {
        let not_told = match post(fetch, callback, token, outcome).await {
            Ok(()) => return Ok(()),
            Err(not_told) => not_told,
        };
        match pauses.next() {
            Some(pause) if not_told.may_be_repeated() => sleep(pause).await,
            _ => return Err(not_told),
        }
    }
}

async fn post(
    fetch: &dyn Fetch,
    callback: &str,
    token: &str,
    outcome: Outcome,
) -> Result<(), NotTold> {
    let body = serde_json::json!({ "status": outcome.as_str() }).to_string().into_bytes();
    let request = FetchRequest::post(callback, "application/json", body)
        .header("authorization", format!("Bearer {token}"));
    match fetch.fetch(request).await?.status {
        200..=299 => Ok(()),
        status => Err(NotTold::Status(status)),
    }
}
