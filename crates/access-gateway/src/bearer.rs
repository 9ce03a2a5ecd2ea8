//! Where the access token is in a request (RFC 6750 §2).

use axum::extract::Request;
use fiador_http_kit::{FormRejection, read_form};
use fiador_wire_oauth::{
    authorization_header::{AuthorizationHeader, AuthorizationHeaderError},
    parameters::Parameters,
};
use http::{HeaderMap, Method, Uri, header::AUTHORIZATION};

use crate::refusal::Refusal;

const PARAMETER: &str = "access_token";

/// The token from the `Authorization` header or, in a POST, from the form; never from the query,
/// which ends in logs (RFC 9700 §4.3.2). Exactly one place may have it.
pub(crate) async fn token(request: Request) -> Result<String, Refusal> {
    refuse_in_query(request.uri())?;
    let in_header = in_header(request.headers())?;
    let in_form = in_form(request).await?;
    match (in_header, in_form) {
        (Some(token), None) | (None, Some(token)) => Ok(token),
        (None, None) => Err(Refusal::MissingToken),
        (Some(_), Some(_)) => Err(Refusal::SeveralTokens),
    }
}

fn refuse_in_query(uri: &Uri) -> Result<(), Refusal> {
    let Some(query) = uri.query() else {
        return Ok(());
    };
    let parameters = Parameters::parse_query(query.as_bytes()).map_err(FormRejection::from)?;
    match parameters.get(PARAMETER) {
        None => Ok(()),
        Some(_) => Err(Refusal::TokenInQuery),
    }
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

/// RFC 6750 §2.2. A body of another media type carries no token and is not looked at: clients of
/// PremiumInfo post JSON.
async fn in_form(request: Request) -> Result<Option<String>, Refusal> {
    if request.method() != Method::POST {
        return Ok(None);
    }
    let form = match read_form(request).await {
        Ok(form) => form,
        Err(FormRejection::WrongMediaType) => return Ok(None),
        Err(rejection) => return Err(rejection.into()),
    };
    if form.repeated().any(|name| name == PARAMETER) {
        return Err(Refusal::SeveralTokens);
    }
    Ok(form.get_non_empty(PARAMETER).map(str::to_owned))
}
