//! When the gateway itself cannot go on: one place that says so to people and programs.

use axum::response::{IntoResponse, Response};
use fiador_http_kit::{FormRejection, PageFrame, no_store};
use fiador_ports::{JourneyStoreError, StoreError};
use fiador_wire_oauth::error::{ErrorBody, ErrorCode};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};

use crate::{AuthServer, arrival::Arrival};

/// Why no answer of the protocol can be given.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// No such journey, or not of this browser: not told apart (T-034, T-129).
    #[error("there is no such journey for this browser")]
    NoJourney,
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bound on journeys is reached (T-260).
    #[error("too many logins are under way; raise `database.journey_capacity` or add a node")]
    Full,
    /// The bound on streams of events is reached, of this node or of the journey (T-260).
    #[error("too many browsers follow their logins at once; raise the bound or add a node")]
    Crowded,
    /// The body is no form, or did not arrive whole.
    #[error(transparent)]
    Form(#[from] FormRejection),
    /// The form of one of our own pages came back damaged.
    #[error("a form cannot be read")]
    DamagedForm,
    /// Something that only a mistake of ours or a missing key explains.
    #[error("{0}")]
    Internal(&'static str),
}

impl From<JourneyStoreError> for Trouble {
    fn from(error: JourneyStoreError) -> Self {
        match error {
            JourneyStoreError::Full => Self::Full,
            JourneyStoreError::Store(error) => Self::Store(error),
        }
    }
}

impl Trouble {
    /// Says it to the operator, unless only the sender is to blame.
    pub(crate) fn report(&self) {
        match self {
            Self::NoJourney | Self::Form(_) | Self::DamagedForm => {}
            Self::Store(_) | Self::Full | Self::Crowded => {
                tracing::warn!(error = %self, "a login could not go on");
            }
            Self::Internal(_) => tracing::error!(error = %self, "a login could not go on"),
        }
    }

    /// The status, the protocol's words for programs, and the words for people.
    fn told(&self) -> (StatusCode, ErrorBody, [&'static str; 2]) {
        let malformed = |status| {
            let text = "POST request Invalid serialization";
            let body = ErrorBody::new(ErrorCode::InvalidRequest, text);
            (status, body, ["page-error-title", "page-error-text"])
        };
        let unavailable = || ErrorBody::new(ErrorCode::TemporarilyUnavailable, INTERNAL);
        match self {
            Self::NoJourney => (
                StatusCode::NOT_FOUND,
                ErrorBody::new(ErrorCode::InvalidRequest, "There is no such login under way"),
                ["authserver-again-title", "authserver-again-text"],
            ),
            Self::Store(_) | Self::Full | Self::Crowded => (
                StatusCode::SERVICE_UNAVAILABLE,
                unavailable(),
                ["page-busy-title", "page-busy-text"],
            ),
            Self::Form(rejection) => malformed(rejection.status()),
            Self::DamagedForm => malformed(StatusCode::BAD_REQUEST),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                ErrorBody::new(ErrorCode::ServerError, INTERNAL),
                ["page-error-title", "page-error-text"],
            ),
        }
    }
}

const INTERNAL: &str = "Internal Server Error";

impl AuthServer {
    /// Says that something is wrong, in the form that suits the sender.
    pub(crate) fn apologise(&self, arrival: &Arrival, trouble: &Trouble) -> Response {
        trouble.report();
        let (status, body, words) = trouble.told();
        let mut response = self.tell(arrival, status, &body, words);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }

    /// An answer that goes nowhere else: a page for people (title and text of `words`), JSON for
    /// programs.
    pub(crate) fn tell(
        &self,
        arrival: &Arrival,
        status: StatusCode,
        body: &ErrorBody,
        words: [&str; 2],
    ) -> Response {
        if arrival.prefers_html() {
            let language = self.language(arrival, None);
            let t = self.pages.translator(language);
            let [title, text] = words.map(|key| t.text(key));
            return self.pages.notice(&PageFrame::new(language, title).status(status), &text, None);
        }
        // A body of fixed texts always serialises.
        let json = serde_json::to_vec(body).unwrap_or_default();
        let mut response = (status, [(CONTENT_TYPE, "application/json")], json).into_response();
        no_store(response.headers_mut());
        response
    }
}
