//! Why a request is refused, and how that looks on the wire: the one place that maps reasons to
//! OAuth errors (RFC 6749 §5.2, mobile-connect §2.7).

use std::{borrow::Cow, time::Duration};

use axum::response::Response;
use fiador_http_kit::FormRejection;
use fiador_ports::{ClientAuthenticationError, SignError, StoreError};
use fiador_wire_oauth::error::{ErrorBody, ErrorCode, words, www_authenticate_basic};
use http::{
    HeaderValue, StatusCode,
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
};

use crate::answer;

/// One variant for each reason. `Display` is for the operator; what the client may know is
/// [`Refusal::respond`].
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(transparent)]
    Unreadable(#[from] FormRejection),
    #[error("the request has parameters in its query")]
    ParametersInQuery,
    #[error("a parameter is repeated")]
    RepeatedParameter,
    #[error("the parameter {0} is missing")]
    MissingParameter(&'static str),
    #[error("the correlation_id is empty, too long or has control characters")]
    InvalidCorrelationId,
    #[error("the client did not prove itself")]
    ClientAuthentication,
    #[error("the request uses more than one method of client authentication")]
    SeveralMethods,
    #[error("the client's key set cannot be had now")]
    KeysUnavailable,
    #[error("the client is not registered for this grant type")]
    GrantNotRegistered,
    #[error("the grant type is not supported")]
    UnsupportedGrantType,
    #[error("the code was not made here")]
    UnknownCode,
    #[error("the code belongs to another client")]
    ForeignCode,
    #[error("the redirect_uri is not the one of the authorization request")]
    WrongRedirectUri,
    #[error("the code_verifier is missing, malformed or answers another challenge")]
    WrongVerifier,
    #[error("the code has no challenge that a verifier could answer")]
    MissingChallenge,
    #[error("the code has expired")]
    ExpiredCode,
    #[error("the code was spent before; what it gave has been ended")]
    SpentCode,
    #[error(
        "the subscriber, the client, the login session or the grant was ended after the code was made"
    )]
    EndedGrant,
    #[error("the refresh token is unknown, ended, expired or another client's")]
    UnknownRefreshToken,
    #[error("a refresh token that had been replaced was presented; its grant has been ended")]
    ReusedRefreshToken,
    #[error("what the refresh token stands for was ended: subscriber, client, consent or grant")]
    EndedFamily,
    #[error("wrong answers have locked the subscription for {} s", .0.as_secs())]
    LockedSubscription(Duration),
    #[error("a scope is malformed or was not granted")]
    InvalidScope,
    #[error("an ID Token cannot be revoked")]
    NotRevocable,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sign(#[from] SignError),
    #[error("no token could be sealed; run `fiador keys list` and look for earlier messages")]
    Seal,
    #[error("a value could not be written as JSON")]
    Encoding,
}

impl Refusal {
    /// The answer. Codes that are unknown, foreign, expired, spent or ended are not told apart.
    pub(crate) fn respond(&self, endpoint: &'static str, correlation_id: Option<&str>) -> Response {
        let (status, code, description) = self.on_the_wire();
        answer::count(endpoint, code.as_str());
        let body = ErrorBody::new(code, description)
            .with_correlation_id(correlation_id.map(str::to_owned));
        let mut response = answer::json(status, &body);
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED
            && let Ok(challenge) = HeaderValue::try_from(www_authenticate_basic("fiador"))
        {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from(self.retry_after()));
        }
        response
    }

    /// Seconds.
    fn retry_after(&self) -> u64 {
        match self {
            Self::LockedSubscription(remaining) => remaining.as_secs() + 1,
            _ => 1,
        }
    }

    fn on_the_wire(&self) -> (StatusCode, ErrorCode, Cow<'static, str>) {
        use ErrorCode as E;
        let (status, code, description) = match self {
            Self::Unreadable(rejection) => return unreadable(rejection),
            Self::MissingParameter(name) => {
                let text = format!("Mandatory parameter {name} is missing (or) invalid");
                return (StatusCode::BAD_REQUEST, E::InvalidRequest, text.into());
            }
            Self::ParametersInQuery => (400, E::InvalidRequest, words::PARAMETERS_IN_QUERY),
            Self::RepeatedParameter => {
                (400, E::InvalidRequest, "Malformed request, duplicate parameter entries")
            }
            Self::InvalidCorrelationId => (400, E::InvalidRequest, "Invalid correlation_id value."),
            Self::ClientAuthentication => (401, E::InvalidClient, words::UNPROVEN_CLIENT),
            Self::SeveralMethods => (400, E::InvalidRequest, words::SEVERAL_METHODS),
            Self::GrantNotRegistered => {
                (400, E::UnauthorizedClient, "The client is not authorized to use this grant_type")
            }
            Self::UnknownRefreshToken | Self::ReusedRefreshToken | Self::EndedFamily => {
                (400, E::InvalidGrant, "The refresh_token is invalid, expired or already used")
            }
            Self::InvalidScope => (400, E::InvalidScope, "The scope value is invalid"),
            Self::NotRevocable => {
                (400, E::UnsupportedTokenType, "Tokens of this type cannot be revoked")
            }
            Self::UnsupportedGrantType => {
                (400, E::UnsupportedGrantType, "The grant_type is not supported")
            }
            Self::UnknownCode
            | Self::ForeignCode
            | Self::ExpiredCode
            | Self::SpentCode
            | Self::EndedGrant => {
                (400, E::InvalidGrant, "The code is invalid, expired or already used")
            }
            Self::WrongRedirectUri => (
                400,
                E::InvalidGrant,
                "The redirect_uri is not the one of the authorization request",
            ),
            Self::WrongVerifier | Self::MissingChallenge => {
                (400, E::InvalidGrant, "The code_verifier does not answer the code_challenge")
            }
            Self::Store(_) | Self::KeysUnavailable | Self::LockedSubscription(_) => {
                (503, E::TemporarilyUnavailable, "The service is temporarily unavailable")
            }
            Self::Sign(_) | Self::Seal | Self::Encoding => {
                (500, E::ServerError, "Internal Server Error")
            }
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, code, description.into())
    }
}

impl From<ClientAuthenticationError> for Refusal {
    fn from(error: ClientAuthenticationError) -> Self {
        match error {
            ClientAuthenticationError::Unproven => Self::ClientAuthentication,
            ClientAuthenticationError::SeveralMethods => Self::SeveralMethods,
            ClientAuthenticationError::KeysUnavailable => Self::KeysUnavailable,
            ClientAuthenticationError::Store(error) => Self::Store(error),
        }
    }
}

/// RFC 6749 §5.2 gives every malformed request 400; a body that is too large or too slow keeps the
/// status of HTTP, which tells the client what to change.
fn unreadable(rejection: &FormRejection) -> (StatusCode, ErrorCode, Cow<'static, str>) {
    let (status, text) = match rejection {
        FormRejection::WrongMediaType => {
            (StatusCode::BAD_REQUEST, "The body must be application/x-www-form-urlencoded")
        }
        FormRejection::Malformed(_) => {
            (StatusCode::BAD_REQUEST, "POST request Invalid serialization")
        }
        FormRejection::Body(body) => (body.status(), body.description()),
    };
    (status, ErrorCode::InvalidRequest, text.into())
}
