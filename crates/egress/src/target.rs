//! What a URL asks for, read once and never again as text.

use fiador_ports::FetchError;
use url::{Host, Url};

/// Longest URL, in bytes.
const MAX_URL: usize = 2048;

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Over TLS.
    pub(crate) https: bool,
    /// Who is asked. A number in any notation that URLs allow is an address here, not a name.
    pub(crate) host: Host<String>,
    /// Where it listens.
    pub(crate) port: u16,
    /// The `Host` header: host, and port unless it is the scheme's own.
    pub(crate) authority: String,
    /// Path and query.
    pub(crate) path: String,
}

impl Target {
    /// Reads an absolute http(s) URL (WHATWG URL, which is how every other client reads it).
    pub(crate) fn parse(text: &str) -> Result<Self, FetchError> {
        if text.len() > MAX_URL {
            return Err(FetchError::InvalidUrl);
        }
        let url = Url::parse(text).map_err(|_| FetchError::InvalidUrl)?;
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(FetchError::InvalidUrl),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::InvalidUrl);
        }
        let host = url.host().ok_or(FetchError::InvalidUrl)?.to_owned();
        let port = url.port_or_known_default().ok_or(FetchError::InvalidUrl)?;
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Ok(Self { https, host, port, authority, path })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let target = Target::parse("https://Keys.Example:8443/a/../jwks?x=1#part").unwrap();
        assert_eq!(target.host, Host::Domain("keys.example".to_owned()));
        assert_eq!((target.https, target.port), (true, 8443));
        assert_eq!(target.authority, "keys.example:8443");
        assert_eq!(target.path, "/jwks?x=1");
    }

    #[test]
    fn numbers_are_addresses_in_every_notation() {
        // T-081: what another parser would read as a name must not slip past the check of addresses.
        for host in ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "%31%32%37.0.0.1"]
        {
            let target = Target::parse(&format!("https://{host}/")).unwrap();
            assert_eq!(target.host.to_string(), "127.0.0.1", "{host}");
            assert!(matches!(target.host, Host::Ipv4(_)), "{host}");
        }
    }

    #[test]
    fn other_schemes_credentials_and_relative_urls_are_refused() {
        let long = format!("https://a.example/{}", "x".repeat(MAX_URL));
        for url in [
            "",
            "/jwks",
            "//a.example/jwks",
            "ftp://a.example/",
            "file:///etc/passwd",
            "gopher://a.example/",
            "data:application/json,{}",
            "https://user@a.example/",
            "https://user:word@a.example/",
            "https://:word@a.example/",
            "https://",
            "https://a b/",
            "https://a.example:70000/",
            &long,
        ] {
            assert_eq!(Target::parse(url), Err(FetchError::InvalidUrl), "{url}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_a_target_fits_into_a_request(text in ".{0,60}", rest in "[ -~]{0,60}") {
            for url in [text, format!("https://a.example/{rest}")] {
                if let Ok(target) = Target::parse(&url) {
                    prop_assert!(target.path.starts_with('/'));
                    prop_assert!(target.path.bytes().all(|b| b.is_ascii_graphic()));
                    prop_assert!(target.authority.bytes().all(|b| b.is_ascii_graphic()));
                }
            }
        }
    }
}
