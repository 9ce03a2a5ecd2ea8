//! Errors of Discovery, put on the wire in one place (mobile-connect §1.5).

use std::{borrow::Cow, time::Duration};

use axum::response::{IntoResponse, Response};
use fiador_http_kit::FormRejection;
use fiador_kernel::CorrelationId;
use fiador_wire_oauth::{
    discovery::{DiscoveryError, DiscoveryErrorCode as Code},
    error::www_authenticate_basic,
};
use http::{
    HeaderValue, StatusCode,
    header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE},
};

use crate::{Dialect, json::json};

/// Why a request is not answered. Texts are fixed; nothing of the request is echoed but its
/// `correlation_id` (T-011).
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The parameters cannot be read at all.
    Unreadable(FormRejection),
    /// A parameter is there twice.
    Repeated,
    /// The `Authorization` header is missing, there twice, or not `Basic`.
    Authorization,
    /// No application has this discovery `client_id`.
    UnknownApplication,
    /// The secret is wrong or has expired.
    WrongSecret,
    /// The application's client at our own operator is disabled or gone: credentials that no
    /// request could be made with are not handed out.
    InactiveApplication,
    /// The redirect parameter is missing; its name differs by version.
    RedirectUrlMissing(Dialect),
    /// `Redirect_URL` is not registered for the application.
    RedirectUrlUnknown,
    /// The parameter of this name is malformed, or one of a pair is missing.
    Malformed(&'static str),
    /// The selected operator does not exist.
    UnknownOperator,
    /// v1 names an API that operators do not have here.
    UnknownApi,
    /// The application or its network asks too often; it may again after this long (T-173).
    TooMany(Duration),
    /// Neither GET nor POST.
    Method,
    /// Something broke here, or took too long.
    Unexpected,
}

/// A refusal with what is echoed.
pub(crate) struct Refused {
    pub(crate) refusal: Refusal,
    pub(crate) correlation_id: Option<CorrelationId>,
}

impl From<FormRejection> for Refusal {
    fn from(error: FormRejection) -> Self {
        Self::Unreadable(error)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, correlation_id: None }
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable(error) => error.status(),
            Self::Repeated
            | Self::Authorization
            | Self::RedirectUrlMissing(_)
            | Self::RedirectUrlUnknown
            | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::WrongSecret => StatusCode::UNAUTHORIZED,
            Self::UnknownApplication
            | Self::InactiveApplication
            | Self::UnknownOperator
            | Self::UnknownApi => StatusCode::NOT_FOUND,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unexpected => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::Unreadable(_)
            | Self::Repeated
            | Self::Authorization
            | Self::RedirectUrlMissing(_)
            | Self::RedirectUrlUnknown
            | Self::Malformed(_)
            | Self::Method => Code::InvalidRequest,
            Self::WrongSecret => Code::InvalidClient,
            Self::UnknownApplication => Code::ApplicationNotFound,
            Self::InactiveApplication => Code::InvalidApplication,
            Self::UnknownOperator | Self::UnknownApi => Code::NotFoundEntity,
            Self::TooMany(_) => Code::TemporarilyUnavailable,
            Self::Unexpected => Code::UnexpectedError,
        }
    }

    fn description(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Unreadable(_) => "The request parameters could not be read",
            Self::Repeated => "A parameter is repeated",
            Self::Authorization => "Authorization header with Basic credentials is required",
            Self::UnknownApplication => "Application Not Found",
            Self::InactiveApplication => "Application is not active",
            Self::WrongSecret => "Client authentication failed",
            Self::RedirectUrlMissing(dialect) => {
                return Cow::Owned(format!("{} is required", dialect.redirect_name()));
            }
            Self::RedirectUrlUnknown => "The redirect URL is not registered for the application",
            Self::UnknownApi => "API Not Found",
            Self::Malformed(name) => return Cow::Owned(format!("{name} is missing or malformed")),
            Self::UnknownOperator => "Operator Not Found",
            Self::TooMany(_) => "Too many requests",
            Self::Method => "The method must be GET or POST",
            Self::Unexpected => "Internal Server Error",
        })
    }

    /// Headers that go with the status.
    fn decorate(&self, response: &mut Response) {
        let headers = response.headers_mut();
        match self {
            Self::WrongSecret => {
                if let Ok(value) = HeaderValue::try_from(www_authenticate_basic("discovery")) {
                    headers.insert(WWW_AUTHENTICATE, value);
                }
            }
            Self::TooMany(wait) => {
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                headers.insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
            }
            Self::Method => {
                headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
            }
            _ => {}
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self { refusal, correlation_id } = self;
        tracing::info!(
            error = refusal.code().as_str(),
            correlation_id = correlation_id.as_ref().map(CorrelationId::as_str),
            reason = &*refusal.description(),
            "discovery refused"
        );
        metrics::counter!(
            "fiador_discovery_refusals_total",
            "status" => refusal.status().as_u16().to_string()
        )
        .increment(1);
        let body = DiscoveryError::new(
            refusal.code(),
            refusal.description(),
            correlation_id.map(String::from),
        );
        let mut response = json(refusal.status(), &body);
        refusal.decorate(&mut response);
        response
    }
}
