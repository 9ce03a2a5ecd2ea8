//! Why attributes are refused, and how that looks on the wire (RFC 6750 §3.1, mobile-connect §2.9).

use std::time::Duration;

use fiador_http_kit::FormRejection;
use fiador_ports::{ClientKeyError, DataError, OperatorKeyError, SignError, StoreError};
use fiador_wire_oauth::{error::ErrorCode, number_claim::NumberClaimError};
use http::StatusCode;

use crate::limit::whole_seconds;

/// One variant for each reason. `Display` is for the operator.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(transparent)]
    Unreadable(#[from] FormRejection),
    #[error("the access token is in the query")]
    TokenInQuery,
    #[error("the request carries more than one access token")]
    SeveralTokens,
    #[error("the request carries no access token")]
    MissingToken,
    #[error("the access token is not active")]
    InvalidToken,
    #[error("the access token does not open this resource")]
    InsufficientScope,
    #[error("the user has not agreed to share these attributes, or no longer does")]
    NoConsent,
    #[error("the user was not authenticated by the mobile network")]
    NotByNetwork,
    #[error(transparent)]
    NumberClaim(#[from] NumberClaimError),
    #[error("User-ID-Type or User-ID is missing, repeated or not a number")]
    UserIdInvalid,
    #[error("correlation_id is empty, too long or not visible ASCII")]
    CorrelationIdInvalid,
    #[error("nothing is known about the user, or it may not be told")]
    NoData,
    #[error("the request limit is used up")]
    TooManyRequests { retry_after: Duration },
    #[error(
        "what was asked at the login cannot be opened; check that every node has the right root key"
    )]
    Damaged,
    #[error(transparent)]
    Sign(#[from] SignError),
    #[error("the answer could not be encrypted to the client: {0}")]
    ClientKey(#[from] ClientKeyError),
    #[error(transparent)]
    OperatorKey(#[from] OperatorKeyError),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    /// Status, `error` and `error_description`. The texts are fixed and free of quotes.
    pub(crate) fn on_the_wire(&self) -> (StatusCode, ErrorCode, &'static str) {
        use ErrorCode as E;
        match self {
            Self::Unreadable(rejection) => {
                let (status, text) = unreadable(rejection);
                (status, E::InvalidRequest, text)
            }
            Self::TokenInQuery => (
                StatusCode::BAD_REQUEST,
                E::InvalidRequest,
                "The access token must not be in the query",
            ),
            Self::SeveralTokens => (
                StatusCode::BAD_REQUEST,
                E::InvalidRequest,
                "The request must carry exactly one access token",
            ),
            Self::MissingToken => {
                (StatusCode::UNAUTHORIZED, E::InvalidRequest, "access_token does not exist")
            }
            Self::InvalidToken | Self::Data(DataError::UnknownSubscriber) => {
                (StatusCode::UNAUTHORIZED, E::InvalidToken, "access_token is invalid or expired")
            }
            Self::InsufficientScope => {
                (StatusCode::FORBIDDEN, E::InsufficientScope, "Insufficient scope")
            }
            Self::NoConsent => (
                StatusCode::FORBIDDEN,
                E::AccessDenied,
                "The user has not agreed to share these attributes",
            ),
            Self::NotByNetwork => (
                StatusCode::FORBIDDEN,
                E::AccessDenied,
                "The user was not authenticated by the mobile network",
            ),
            Self::NumberClaim(_) => {
                (StatusCode::BAD_REQUEST, E::InvalidRequest, "mc_claims is missing or invalid")
            }
            Self::UserIdInvalid => (
                StatusCode::BAD_REQUEST,
                E::InvalidRequest,
                "User-ID-Type or User-ID is missing or invalid",
            ),
            Self::CorrelationIdInvalid => {
                (StatusCode::BAD_REQUEST, E::InvalidRequest, "Invalid correlation_id value.")
            }
            Self::NoData => (
                StatusCode::FORBIDDEN,
                E::AccessDenied,
                "The request cannot be answered for this user",
            ),
            Self::TooManyRequests { .. } => (
                StatusCode::TOO_MANY_REQUESTS,
                E::TemporarilyUnavailable,
                "The request limit of the client is used up",
            ),
            Self::Data(DataError::Expired | DataError::Unavailable | DataError::Store(_))
            | Self::Damaged
            | Self::Sign(_)
            | Self::ClientKey(_)
            | Self::OperatorKey(_)
            | Self::Store(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                E::TemporarilyUnavailable,
                "The service is temporarily unavailable",
            ),
        }
    }

    /// Seconds after which trying again makes sense.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyRequests { retry_after } => Some(whole_seconds(*retry_after)),
            _ => (self.on_the_wire().0 == StatusCode::SERVICE_UNAVAILABLE).then_some(1),
        }
    }

    /// The reason in one word, for counters.
    pub(crate) const fn outcome(&self) -> &'static str {
        match self {
            Self::Unreadable(_)
            | Self::TokenInQuery
            | Self::SeveralTokens
            | Self::NumberClaim(_)
            | Self::UserIdInvalid
            | Self::CorrelationIdInvalid => "malformed",
            Self::NotByNetwork => "not_by_network",
            Self::NoData => "no_data",
            Self::MissingToken => "no_token",
            Self::InvalidToken | Self::Data(DataError::UnknownSubscriber) => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::NoConsent => "no_consent",
            Self::TooManyRequests { .. } => "limited",
            Self::Data(DataError::Expired | DataError::Unavailable | DataError::Store(_))
            | Self::Damaged
            | Self::Sign(_)
            | Self::ClientKey(_)
            | Self::OperatorKey(_)
            | Self::Store(_) => "unavailable",
        }
    }
}

fn unreadable(rejection: &FormRejection) -> (StatusCode, &'static str) {
    match rejection {
        FormRejection::WrongMediaType | FormRejection::Malformed(_) => {
            (StatusCode::BAD_REQUEST, "Malformed request, invalid url encoding")
        }
        FormRejection::Body(body) => (body.status(), body.description()),
    }
}
