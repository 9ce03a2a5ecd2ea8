//! What a request says about itself before its parameters are read.

use axum::{body::Body, extract::Request};
use fiador_http_kit::{ClientAddress, prefers_html};
use fiador_kernel::Digest;
use http::{HeaderMap, Method, Uri, header::ACCEPT};

use crate::Settings;

/// Binds a browser to its journeys; the value is a secret of 256 random bits.
pub(crate) const BROWSER_COOKIE: &str = "fiador_browser";
/// Opens a login session; the value is a secret of 256 random bits.
pub(crate) const SESSION_COOKIE: &str = "fiador_session";

/// Method, address, headers and origin of one request.
pub(crate) struct Arrival {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// The browser's network (`/24`, `/56`), for budgets.
    pub(crate) network: String,
}

impl Arrival {
    /// Takes the request apart.
    pub(crate) fn of(request: Request, address: ClientAddress) -> (Self, Body) {
        let (parts, body) = request.into_parts();
        let network = address.network_prefix().to_string();
        (Self { method: parts.method, uri: parts.uri, headers: parts.headers, network }, body)
    }

    /// Whether a page suits the sender better than JSON.
    pub(crate) fn prefers_html(&self) -> bool {
        prefers_html(&self.headers)
    }

    /// Whether the sender can do anything with a page: it takes HTML, or does not say what it takes.
    pub(crate) fn accepts_pages(&self) -> bool {
        let mut values = self.headers.get_all(ACCEPT).iter().peekable();
        values.peek().is_none()
            || values.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).any(
                |range| {
                    let name = range.split(';').next().unwrap_or_default().trim();
                    ["text/html", "application/xhtml+xml", "text/*", "*/*"]
                        .iter()
                        .any(|page| name.eq_ignore_ascii_case(page))
                },
            )
    }

    /// The browser's binding secret, if it has one in our form: 43 characters of base64url.
    pub(crate) fn browser_secret(&self, settings: &Settings) -> Option<&str> {
        let is_ours = |secret: &&str| {
            secret.len() == 43
                && secret.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        settings.cookies.read(&self.headers, BROWSER_COOKIE).filter(is_ours)
    }

    /// The hash under which the browser's login session is stored, if it says to have one.
    pub(crate) fn session(&self, settings: &Settings) -> Option<Digest> {
        self.session_secret(settings).map(Digest::of)
    }

    /// The cookie value of the browser's login session.
    pub(crate) fn session_secret(&self, settings: &Settings) -> Option<&str> {
        settings.cookies.read(&self.headers, SESSION_COOKIE).filter(|secret| !secret.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_says_to_take_no_html_cannot_use_a_page() {
        let accepts_pages = |accept: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, accept.parse().unwrap());
            }
            let (method, uri) = (Method::GET, Uri::default());
            Arrival { method, uri, headers, network: String::new() }.accepts_pages()
        };
        for accept in [None, Some("*/*"), Some("application/json, text/*;q=0.1"), Some("TEXT/HTML")]
        {
            assert!(accepts_pages(accept), "{accept:?}");
        }
        assert!(!accepts_pages(Some("application/json")));
        assert!(!accepts_pages(Some("application/json, text/plain")));
    }

    #[test]
    fn browsers_get_pages_and_programs_json() {
        let prefers_html = |accept: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, accept.parse().unwrap());
            }
            let (method, uri) = (Method::GET, Uri::default());
            Arrival { method, uri, headers, network: String::new() }.prefers_html()
        };
        assert!(prefers_html(Some("text/html,application/xhtml+xml,*/*;q=0.8")));
        assert!(prefers_html(Some("application/json;q=0.5, text/html;q=0.9")));
        assert!(!prefers_html(Some("text/html;q=0.1, application/json")));
        assert!(!prefers_html(Some("text/html;q=0")));
        assert!(!prefers_html(Some("*/*")));
        assert!(!prefers_html(None));
    }
}
