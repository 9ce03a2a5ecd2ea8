//! The issuer: the address by which everybody knows the gateway.

use std::fmt;

use url::Url;

/// Longest issuer, in characters. It is in every token and begins every address.
const LONGEST: usize = 256;

/// The issuer identifier (OpenID Connect Core §1.2): an https URL in its usual spelling, without
/// user information, query, fragment and trailing slash, 256 characters at most. Its path is empty
/// or made of segments of letters, digits, `-`, `.` and `_`.
///
/// It is compared byte for byte, so there is one spelling alone; whatever is built from it begins
/// with [`as_str`](Self::as_str).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    /// Scheme, `://`, host and port.
    origin: usize,
    /// As the origin has it.
    host: String,
}

/// Why a text is no issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// Not an absolute URL with a host, or plain http.
    #[error("is not an https URL; write https:// and the host")]
    Scheme,
    /// Longer than 256 characters.
    #[error("is longer than {LONGEST} characters; shorten it")]
    Length,
    /// It has a query or a fragment (OpenID Connect Discovery §3).
    #[error("has a query or a fragment; an issuer has neither")]
    QueryOrFragment,
    /// It has a user name or a password.
    #[error("has user information; remove what stands before `@`")]
    UserInformation,
    /// It ends with a slash, so that `/.well-known/…` would follow two.
    #[error("ends with a slash; remove it")]
    TrailingSlash,
    /// Clients compare issuers byte for byte, and would not find this spelling in their own tools.
    #[error("is not in its usual spelling; write the host in lower case and no default port")]
    Spelling,
    /// The path is not made of plain segments.
    #[error("has a path with something else than letters, digits, `-`, `.`, `_` and single `/`")]
    Path,
}

impl Issuer {
    /// Reads an issuer. `plain_http` allows http too: for development, by a flag of that name.
    pub fn new(text: &str, plain_http: bool) -> Result<Self, IssuerError> {
        if text.len() > LONGEST {
            return Err(IssuerError::Length);
        }
        let url = Url::parse(text).map_err(|_| IssuerError::Scheme)?;
        let scheme_is_good = url.scheme() == "https" || plain_http && url.scheme() == "http";
        let host = url.host_str().filter(|host| scheme_is_good && !host.is_empty());
        let host = host.ok_or(IssuerError::Scheme)?;
        if text.contains(['?', '#']) {
            return Err(IssuerError::QueryOrFragment);
        }
        if text.contains('@') {
            return Err(IssuerError::UserInformation);
        }
        if text.ends_with('/') {
            return Err(IssuerError::TrailingSlash);
        }
        if !url.path().split('/').skip(1).all(is_segment) && url.path() != "/" {
            return Err(IssuerError::Path);
        }
        if url.as_str().trim_end_matches('/') != text {
            return Err(IssuerError::Spelling);
        }
        let path = url.path().trim_end_matches('/');
        Ok(Self { text: text.to_owned(), origin: text.len() - path.len(), host: host.to_owned() })
    }

    /// The whole of it, as tokens carry it in `iss`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port, without slash: `https://id.operator.example:8443`.
    pub fn origin(&self) -> &str {
        &self.text[..self.origin]
    }

    /// The host without port; an IPv6 address in its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What follows the origin, where endpoints are nested: empty, or `/` and more without a slash
    /// at the end.
    pub fn path(&self) -> &str {
        &self.text[self.origin..]
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_segment(segment: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    !segment.is_empty() && segment.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_issuer_is_cut_into_origin_host_and_path() {
        for (text, origin, host, path) in [
            ("https://id.example", "https://id.example", "id.example", ""),
            ("https://id.example:8443", "https://id.example:8443", "id.example", ""),
            ("https://id.example/mc", "https://id.example", "id.example", "/mc"),
            ("https://id.example:8443/id/v1", "https://id.example:8443", "id.example", "/id/v1"),
            ("https://192.0.2.1/mc", "https://192.0.2.1", "192.0.2.1", "/mc"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]", "[2001:db8::1]", ""),
            ("https://[2001:db8::1]:8443/mc", "https://[2001:db8::1]:8443", "[2001:db8::1]", "/mc"),
        ] {
            let issuer = Issuer::new(text, false).unwrap();
            assert_eq!((issuer.origin(), issuer.host(), issuer.path()), (origin, host, path));
            assert_eq!((issuer.as_str(), issuer.to_string().as_str()), (text, text));
        }
    }

    #[test]
    fn plain_http_is_for_development_alone() {
        let text = "http://localhost:8480";
        assert_eq!(Issuer::new(text, false), Err(IssuerError::Scheme));
        let issuer = Issuer::new(text, true).unwrap();
        assert_eq!((issuer.origin(), issuer.host(), issuer.path()), (text, "localhost", ""));
        assert_eq!(Issuer::new("ftp://localhost", true), Err(IssuerError::Scheme));
    }

    #[test]
    fn everything_else_is_refused_for_its_reason() {
        use IssuerError as E;
        let long = format!("https://id.operator.example/{}", "a".repeat(229));
        for (text, reason) in [
            ("", E::Scheme),
            ("id.operator.example", E::Scheme),
            ("ftp://id.operator.example", E::Scheme),
            (long.as_str(), E::Length),
            ("https:///id", E::Spelling),
            ("https://id.operator.example?x=1", E::QueryOrFragment),
            ("https://id.operator.example#x", E::QueryOrFragment),
            ("https://user@id.operator.example", E::UserInformation),
            ("https://id.operator.example/", E::TrailingSlash),
            ("https://id.operator.example/id/", E::TrailingSlash),
            ("https://ID.operator.example", E::Spelling),
            ("https://id.operator.example:443", E::Spelling),
            ("https://[2001:DB8::1]", E::Spelling),
            ("https://id.operator.example/a/../b", E::Spelling),
            ("https://id.operator.example//id", E::Path),
            ("https://id.operator.example/{id}", E::Path),
            ("https://id.operator.example/*id", E::Path),
            ("https://id.operator.example/a%20b", E::Path),
        ] {
            assert_eq!(Issuer::new(text, false), Err(reason), "{text}");
        }
        assert!(Issuer::new(&long[..256], false).is_ok());
    }

    proptest! {
        #[test]
        fn origin_and_path_are_the_whole(text in "https?://[a-z0-9.:/@?#\\[\\]-]{0,24}") {
            if let Ok(issuer) = Issuer::new(&text, true) {
                prop_assert_eq!(format!("{}{}", issuer.origin(), issuer.path()), text);
                prop_assert!(issuer.origin().contains(issuer.host()));
                prop_assert!(!issuer.origin()[8..].contains('/'));
            }
        }
    }
}
