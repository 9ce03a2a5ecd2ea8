//! An answer of the AuthServer, with what tests ask of it.

use std::collections::BTreeMap;

use axum::response::Response;
use fiador_wire_oauth::parameters::Parameters;
use http::{
    HeaderMap, StatusCode,
    header::{LOCATION, SET_COOKIE},
};
use http_body_util::BodyExt;

use super::ISSUER;

/// Status, headers, body.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        let body = String::from_utf8(body).unwrap();
        Self { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.headers.get(LOCATION).expect("a redirect").to_str().unwrap()
    }

    /// The path of the journey's page that the answer leads to.
    pub(crate) fn page(&self) -> String {
        let path = self.location().strip_prefix(ISSUER).expect("a redirect to ourselves");
        assert!(path.starts_with("/journey/"), "{path}");
        path.to_owned()
    }

    pub(crate) fn leads_to_a_page(&self) -> bool {
        let location = self.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        location.is_some_and(|location| location.starts_with(&format!("{ISSUER}/journey/")))
    }

    /// The authorization response in the redirect, which must go to `redirect_uri` and nowhere
    /// else.
    pub(crate) fn response_to(&self, redirect_uri: &str) -> BTreeMap<String, String> {
        let added = self.location().strip_prefix(redirect_uri).expect("a redirect to the client");
        let separator = if redirect_uri.contains('?') { '&' } else { '?' };
        let query = added.strip_prefix(separator).expect("parameters");
        let parameters = Parameters::parse_query(query.as_bytes()).unwrap();
        assert_eq!(parameters.repeated().count(), 0);
        parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// `error` and `error_description` of the redirect.
    pub(crate) fn error_to(&self, redirect_uri: &str) -> (String, String) {
        let response = self.response_to(redirect_uri);
        (response["error"].clone(), response["error_description"].clone())
    }

    pub(crate) fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }
}
