//! The parameters of an OAuth endpoint, from a query or a form body.

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use fiador_wire_oauth::parameters::{Parameters, ParametersError};
use http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE};

use crate::{BODY_LIMIT, BodyRejection, Problem, read_body};

/// The request carries no readable parameter list. Every protocol has its own words for these, so
/// the caller maps them; [`IntoResponse`] is for interfaces that speak problem details.
#[derive(Debug, thiserror::Error)]
pub enum FormRejection {
    /// A body that is not `application/x-www-form-urlencoded` (RFC 6749 §4.1.3): 415.
    #[error("the body must be application/x-www-form-urlencoded")]
    WrongMediaType,
    /// The body could not be read: 413, 408 or 400.
    #[error(transparent)]
    Body(#[from] BodyRejection),
    /// The encoding is malformed or over a limit of T-002: 400.
    #[error(transparent)]
    Malformed(#[from] ParametersError),
}

impl FormRejection {
    /// The status that fits where the protocol names none.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::WrongMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Body(rejection) => rejection.status(),
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for FormRejection {
    fn into_response(self) -> Response {
        let status = self.status();
        match self {
            Self::Body(rejection) => rejection.into_response(),
            Self::WrongMediaType => Problem::new(
                status,
                "request.media_type",
                "The body must be application/x-www-form-urlencoded",
            )
            .into_response(),
            Self::Malformed(_) => Problem::new(
                status,
                "request.parameters_malformed",
                "The parameters of the request could not be read",
            )
            .into_response(),
        }
    }
}

/// The parameters of `request`: the query of a GET or HEAD, the form body of anything else.
///
/// The query of a POST is not looked at: RFC 6749 §3.2 wants parameters in the body, and two places
/// for one parameter are one too many (T-007). An empty body needs no content type.
pub async fn read_form(request: Request) -> Result<Parameters, FormRejection> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        let query = request.uri().query().unwrap_or_default();
        return Ok(Parameters::parse_query(query.as_bytes())?);
    }
    let is_form = says_form(request.headers());
    let body = read_body(request.into_body(), BODY_LIMIT).await?;
    if !is_form && !body.is_empty() {
        return Err(FormRejection::WrongMediaType);
    }
    Ok(Parameters::parse(&body)?)
}

/// Whether the media type is the form's; its parameters (`charset`) carry no meaning.
fn says_form(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(CONTENT_TYPE).map(http::HeaderValue::to_str) else {
        return false;
    };
    let media_type = value.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn post(content_type: Option<&str>, body: &'static str) -> Request {
        let mut request = Request::post("/token?grant_type=from_query");
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        request.body(Body::from(body)).unwrap()
    }

    #[tokio::test]
    async fn a_post_is_read_from_its_body_alone() {
        let request = post(Some("Application/X-WWW-Form-Urlencoded; charset=UTF-8"), "a=1");
        let form = read_form(request).await.unwrap();
        assert_eq!(form.get("a"), Some("1"));
        assert_eq!(form.get("grant_type"), None);
    }

    #[tokio::test]
    async fn another_media_type_is_415() {
        for content_type in [
            None,
            Some("application/json"),
            Some("text/plain; a=application/x-www-form-urlencoded"),
        ] {
            let rejection = read_form(post(content_type, "a=1")).await.unwrap_err();
            assert_eq!(rejection.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
    }

    #[tokio::test]
    async fn a_get_is_read_from_its_query() {
        let request = Request::get("/authorize?scope=openid%20phone").body(Body::empty()).unwrap();
        let form = read_form(request).await.unwrap();
        assert_eq!(form.get("scope"), Some("openid phone"));
    }

    #[tokio::test]
    async fn bad_utf_8_is_400() {
        let rejection =
            read_form(post(Some("application/x-www-form-urlencoded"), "a=%ff")).await.unwrap_err();
        assert_eq!(rejection.status(), StatusCode::BAD_REQUEST);
    }
}
