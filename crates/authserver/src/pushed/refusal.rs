//! Why a request is not kept, and how that looks on the wire (RFC 9126 §2.3).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use fiador_http_kit::no_store;
use fiador_ports::{ClientAuthenticationError, JourneyStoreError};
use fiador_wire_oauth::{
    error::{ErrorBody, ErrorCode, words, www_authenticate_basic},
    parameters::ParametersError,
};
use http::{
    HeaderValue, StatusCode,
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
};

use crate::{
    authorize::Stop,
    check::{Failure, Unaddressed},
    trouble::Trouble,
};

/// One variant for each reason.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the request has parameters in its query")]
    ParametersInQuery,
    #[error("a parameter is repeated")]
    RepeatedParameter,
    #[error("a pushed request cannot itself be a reference")]
    RequestUri,
    #[error("the client_id is not that of the client that proved itself")]
    OtherClient,
    #[error("the request is longer than what is kept")]
    TooLong,
    #[error("the request uses more than one method of client authentication")]
    SeveralMethods,
    #[error(transparent)]
    Client(#[from] ClientAuthenticationError),
    #[error(transparent)]
    Parameters(#[from] ParametersError),
    #[error("the request cannot be answered: {0:?}")]
    Unaddressed(Unaddressed),
    #[error("the request fails a check: {0:?}")]
    Request(Failure),
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl Refusal {
    /// The answer.
    pub(super) fn respond(&self) -> Response {
        if let Self::Trouble(trouble) = self {
            trouble.report();
        }
        let (status, code, description) = self.on_the_wire();
        let mut response = (status, Json(ErrorBody::new(code, description))).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED
            && let Ok(challenge) = HeaderValue::try_from(www_authenticate_basic("fiador"))
        {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        no_store(headers);
        response
    }

    fn on_the_wire(&self) -> (StatusCode, ErrorCode, &'static str) {
        use ErrorCode as E;
        let bad = |description| (StatusCode::BAD_REQUEST, E::InvalidRequest, description);
        match self {
            Self::ParametersInQuery => bad(words::PARAMETERS_IN_QUERY),
            Self::RepeatedParameter => bad(Failure::RepeatedParameter.row().1),
            Self::RequestUri => bad("The request_uri parameter is not allowed here"),
            Self::OtherClient => bad("client_id is not the authenticated client"),
            Self::TooLong => (
                StatusCode::PAYLOAD_TOO_LARGE,
                E::InvalidRequest,
                "The authorization request is too long",
            ),
            Self::SeveralMethods | Self::Client(ClientAuthenticationError::SeveralMethods) => {
                bad(words::SEVERAL_METHODS)
            }
            Self::Client(ClientAuthenticationError::Unproven) => {
                (StatusCode::UNAUTHORIZED, E::InvalidClient, words::UNPROVEN_CLIENT)
            }
            Self::Parameters(_) => bad(Failure::MultipleProblems.row().1),
            Self::Unaddressed(unaddressed) => bad(unaddressed.description()),
            Self::Request(failure) => of_check(*failure),
            Self::Client(
                ClientAuthenticationError::KeysUnavailable | ClientAuthenticationError::Store(_),
            )
            | Self::Trouble(Trouble::Store(_) | Trouble::Full | Trouble::Crowded) => {
                of_check(Failure::Unavailable)
            }
            Self::Trouble(Trouble::Form(rejection)) => {
                (rejection.status(), E::InvalidRequest, Failure::PostSerialization.row().1)
            }
            Self::Trouble(Trouble::NoJourney | Trouble::DamagedForm) => {
                bad(Failure::PostSerialization.row().1)
            }
            Self::Trouble(Trouble::Internal(_)) => of_check(Failure::Internal),
        }
    }
}

/// The words that would travel back through the browser.
const fn of_check(failure: Failure) -> (StatusCode, ErrorCode, &'static str) {
    let (code, description) = failure.row();
    let status = match code {
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, code, description)
}

impl From<Stop> for Refusal {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Here(unaddressed) => Self::Unaddressed(unaddressed),
            Stop::Back(_, failure) => Self::Request(failure),
            Stop::Trouble(trouble) => Self::Trouble(trouble),
        }
    }
}

impl From<JourneyStoreError> for Refusal {
    fn from(error: JourneyStoreError) -> Self {
        Self::Trouble(error.into())
    }
}
