//! A request with its access token (RFC 6750 §2), and what came with it.

use axum::{body::Bytes, extract::Request};
use fiador_http_kit::{BODY_LIMIT, FormRejection, read_body, read_form};
use fiador_wire_oauth::{
    authorization_header::{AuthorizationHeader, AuthorizationHeaderError},
    parameters::Parameters,
};
use http::{
    HeaderMap, Method,
    header::{AUTHORIZATION, CONTENT_TYPE},
};

use crate::refusal::Refusal;

const PARAMETER: &str = "access_token";

/// What a request presents.
pub(crate) struct Presented {
    /// The access token, whatever it is.
    pub(crate) token: String,
    /// All header fields.
    pub(crate) headers: HeaderMap,
    /// The body of a POST, if it is JSON; not parsed yet.
    pub(crate) document: Option<Bytes>,
    /// `correlation_id` from the query or the form.
    pub(crate) correlation_id: Option<String>,
}

impl Presented {
    /// Takes the token from the `Authorization` header or, in a POST, from the form; never from the
    /// query, which ends in logs (RFC 9700 §4.3.2). Exactly one place may have it.
    pub(crate) async fn read(request: Request) -> Result<Self, Refusal> {
        let query = request.uri().query().unwrap_or_default();
        let query = Parameters::parse_query(query.as_bytes()).map_err(FormRejection::from)?;
        if query.get(PARAMETER).is_some() {
            return Err(Refusal::TokenInQuery);
        }
        let headers = request.headers().clone();
        let in_header = in_header(&headers)?;
        let body = Content::read(request).await?;
        let token = match (in_header, body.token()?) {
            (Some(token), None) | (None, Some(token)) => token,
            (None, None) => return Err(Refusal::MissingToken),
            (Some(_), Some(_)) => return Err(Refusal::SeveralTokens),
        };
        let correlation_id = query.get("correlation_id").or_else(|| body.get("correlation_id"));
        let correlation_id = correlation_id.map(str::to_owned);
        let document = match body {
            Content::Json(document) => Some(document),
            Content::Form(_) | Content::Other => None,
        };
        Ok(Self { token, headers, document, correlation_id })
    }
}

/// The body of a request.
enum Content {
    Form(Parameters),
    Json(Bytes),
    /// None, or of a media type that carries nothing of ours: not looked at.
    Other,
}

impl Content {
    async fn read(request: Request) -> Result<Self, Refusal> {
        if request.method() != Method::POST {
            return Ok(Self::Other);
        }
        if is_json(request.headers()) {
            let body = read_body(request.into_body(), BODY_LIMIT).await;
            return Ok(Self::Json(body.map_err(FormRejection::from)?));
        }
        match read_form(request).await {
            Ok(form) => Ok(Self::Form(form)),
            Err(FormRejection::WrongMediaType) => Ok(Self::Other),
            Err(rejection) => Err(rejection.into()),
        }
    }

    /// RFC 6750 §2.2.
    fn token(&self) -> Result<Option<String>, Refusal> {
        let Self::Form(form) = self else { return Ok(None) };
        if form.repeated().any(|name| name == PARAMETER) {
            return Err(Refusal::SeveralTokens);
        }
        Ok(form.get_non_empty(PARAMETER).map(str::to_owned))
    }

    fn get(&self, name: &str) -> Option<&str> {
        match self {
            Self::Form(form) => form.get(name),
            Self::Json(_) | Self::Other => None,
        }
    }
}

/// `application/json`, with or without parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|media_type| {
        let essence = media_type.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case("application/json")
    })
}

/// Another scheme than `Bearer` is no token at all; a `Bearer` that cannot be one is a bad token.
fn in_header(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Refusal::SeveralTokens);
    }
    match AuthorizationHeader::parse(value.as_bytes()) {
        Ok(AuthorizationHeader::Bearer(token)) => Ok(Some(token.as_str().to_owned())),
        Ok(AuthorizationHeader::Basic(_))
        | Err(
            AuthorizationHeaderError::UnsupportedScheme | AuthorizationHeaderError::InvalidBasic,
        ) => Ok(None),
        Err(AuthorizationHeaderError::InvalidBearer | AuthorizationHeaderError::TooLong) => {
            Err(Refusal::InvalidToken)
        }
    }
}
