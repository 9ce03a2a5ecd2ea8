//! Which web pages may read an answer (T-041).
//!
//! The HTML5 SDK asks from the page itself (mobile-connect §6.2, row 5), so a browser stands between
//! and wants to be told that the page may. It may when it is a page of the application: one with the
//! origin of a registered redirect URL. Cookies take no part in it.

use axum::response::{IntoResponse, Response};
use fiador_domain::client::DiscoveryApplication;
use fiador_ports::Clients;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_MAX_AGE, ORIGIN, VARY,
    },
};

use crate::application;

/// What SDKs send besides what needs no leave (mobile-connect §1.2).
const HEADERS: &str = "authorization, content-type, x-source-ip, x-redirect, sdk-version, \
                       client-side-version, server-side-version";

/// Lets a browser send the request that it asks about. It does so without credentials, so nobody
/// knows yet whose page it is: every page may send, and the answer says who may read.
pub(crate) async fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

/// The origin of the page that asks, if it is one of the application that the credentials name.
/// They need not be right for it: a refusal tells nothing, and the page wants to know why.
pub(crate) fn reader(clients: &dyn Clients, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    let named = application::named(clients, headers);
    named.iter().any(|application| is_page_of(application, origin)).then(|| origin.clone())
}

/// Lets the page with this origin read the answer.
pub(crate) fn let_read(response: &mut Response, reader: Option<HeaderValue>) {
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = reader {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
}

fn is_page_of(application: &DiscoveryApplication, origin: &HeaderValue) -> bool {
    application.redirect_urls.iter().any(|url| origin_of(url).is_some_and(|own| *origin == *own))
}

/// Scheme, host and port of a registered URL, as browsers write them: without the port that the
/// scheme has anyway (RFC 6454 §6.2). `None` for what is no address of a web page.
fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let default_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.strip_suffix(default_port).unwrap_or(authority);
    Some(format!("{scheme}://{}", host.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (url, origin) in [
            ("https://sp.example/discovered?from=fiador", Some("https://sp.example")),
            ("https://SP.example:443", Some("https://sp.example")),
            ("https://sp.example:8443/a", Some("https://sp.example:8443")),
            ("http://127.0.0.1/callback", Some("http://127.0.0.1")),
            ("http://[::1]:80/callback", Some("http://[::1]")),
            ("com.example.app://callback", None),
            ("com.example.app:/callback", None),
        ] {
            assert_eq!(origin_of(url).as_deref(), origin, "{url}");
        }
    }
}
