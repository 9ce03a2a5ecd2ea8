//! What a request says about itself before its parameters are read.

use axum::{body::Body, extract::Request};
use fiador_domain::journey::Origin;
use fiador_http_kit::{BROWSER_COOKIE, ClientAddress, ClientCountry, prefers_html};
use fiador_kernel::Digest;
use http::{
    HeaderMap, Method, Uri,
    header::{ACCEPT, USER_AGENT},
};

use crate::Settings;

/// Opens a login session; the value is a secret of 256 random bits.
pub(crate) const SESSION_COOKIE: &str = "fiador_session";

/// Method, address, headers and origin of one request.
pub(crate) struct Arrival {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// Where it comes from, for budgets and policy.
    pub(crate) origin: Origin,
}

impl Arrival {
    /// Takes the request apart.
    pub(crate) fn of(request: Request, address: ClientAddress) -> (Self, Body) {
        let (parts, body) = request.into_parts();
        let origin = Origin {
            network: address.network_prefix().to_string(),
            country: ClientCountry::of(&parts.extensions),
            on_handset: is_on_handset(&parts.headers),
        };
        (Self { method: parts.method, uri: parts.uri, headers: parts.headers, origin }, body)
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

/// Whether the browser says that it runs on a handset: by the client hint, where it sends one, else by
/// the words that browsers of phones have in common. In doubt it does not.
fn is_on_handset(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-ch-ua-mobile") {
        Some(hint) => hint.trim() == "?1",
        None => text(USER_AGENT.as_str()).is_some_and(|agent| {
            agent.contains("iPhone") || (agent.contains("Android") && agent.contains("Mobile"))
        }),
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
            Arrival { method, uri, headers, origin: Origin::default() }.accepts_pages()
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
            Arrival { method, uri, headers, origin: Origin::default() }.prefers_html()
        };
        assert!(prefers_html(Some("text/html,application/xhtml+xml,*/*;q=0.8")));
        assert!(prefers_html(Some("application/json;q=0.5, text/html;q=0.9")));
        assert!(!prefers_html(Some("text/html;q=0.1, application/json")));
        assert!(!prefers_html(Some("text/html;q=0")));
        assert!(!prefers_html(Some("*/*")));
        assert!(!prefers_html(None));
    }

    #[test]
    fn a_handset_is_one_that_says_so() {
        let on_handset = |name: &'static str, value: &'static str| {
            is_on_handset(&HeaderMap::from_iter([(
                http::HeaderName::from_static(name),
                http::HeaderValue::from_static(value),
            )]))
        };
        assert!(on_handset("sec-ch-ua-mobile", "?1"));
        assert!(!on_handset("sec-ch-ua-mobile", "?0"));
        assert!(on_handset("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"));
        assert!(on_handset(
            "user-agent",
            "Mozilla/5.0 (Linux; Android 10; K) Mobile Safari/537.36"
        ));
        assert!(!on_handset("user-agent", "Mozilla/5.0 (Linux; Android 10; K) Safari/537.36"));
        assert!(!on_handset("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"));
        assert!(!is_on_handset(&HeaderMap::new()));
    }
}
