//! What an issuer may look like.

use url::Url;

/// First segments of paths that the gateway serves at the root of its host, whatever the issuer.
const TAKEN: [&str; 3] = ["assets", "v1", "v2"];

/// Why a text is no issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// Not an absolute URL with a host, or plain http.
    #[error("is not https; use an https URL, or set development.plain_http")]
    Scheme,
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
    /// The path is one of the gateway's own.
    #[error("has a path that begins with /assets, /v1 or /v2, which the gateway uses itself")]
    Taken,
}

/// Whether endpoints can be derived from this issuer. `plain_http` allows http.
pub fn check_issuer(issuer: &str, plain_http: bool) -> Result<(), IssuerError> {
    let url = Url::parse(issuer).map_err(|_| IssuerError::Scheme)?;
    let scheme_is_good = url.scheme() == "https" || plain_http && url.scheme() == "http";
    if !scheme_is_good || url.host_str().is_none_or(str::is_empty) {
        return Err(IssuerError::Scheme);
    }
    if issuer.contains(['?', '#']) {
        return Err(IssuerError::QueryOrFragment);
    }
    if issuer.contains('@') {
        return Err(IssuerError::UserInformation);
    }
    if issuer.ends_with('/') {
        return Err(IssuerError::TrailingSlash);
    }
    if !url.path().split('/').skip(1).all(is_segment) && url.path() != "/" {
        return Err(IssuerError::Path);
    }
    if url.as_str().trim_end_matches('/') != issuer {
        return Err(IssuerError::Spelling);
    }
    let first = url.path().split('/').nth(1).unwrap_or_default();
    if TAKEN.contains(&first) { Err(IssuerError::Taken) } else { Ok(()) }
}

fn is_segment(segment: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    !segment.is_empty() && segment.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_an_https_url_and_may_have_a_path() {
        for issuer in [
            "https://id.operator.example",
            "https://id.operator.example:8443",
            "https://operator.example/mobile-connect",
            "https://operator.example/id/v1",
            "https://[2001:db8::1]:8443",
        ] {
            assert_eq!(check_issuer(issuer, false), Ok(()), "{issuer}");
        }
        assert_eq!(check_issuer("http://localhost:8080", true), Ok(()));
    }

    #[test]
    fn everything_else_is_refused_for_its_reason() {
        use IssuerError as E;
        for (issuer, reason) in [
            ("", E::Scheme),
            ("id.operator.example", E::Scheme),
            ("http://id.operator.example", E::Scheme),
            ("ftp://id.operator.example", E::Scheme),
            ("https:///id", E::Spelling),
            ("https://id.operator.example?x=1", E::QueryOrFragment),
            ("https://id.operator.example#x", E::QueryOrFragment),
            ("https://user@id.operator.example", E::UserInformation),
            ("https://id.operator.example/", E::TrailingSlash),
            ("https://id.operator.example/id/", E::TrailingSlash),
            ("https://ID.operator.example", E::Spelling),
            ("https://id.operator.example:443", E::Spelling),
            ("https://id.operator.example/a/../b", E::Spelling),
            ("https://id.operator.example//id", E::Path),
            ("https://id.operator.example/{id}", E::Path),
            ("https://id.operator.example/*id", E::Path),
            ("https://id.operator.example/a%20b", E::Path),
            ("https://id.operator.example/assets", E::Taken),
            ("https://id.operator.example/v1", E::Taken),
            ("https://id.operator.example/v2/discovery", E::Taken),
        ] {
            assert_eq!(check_issuer(issuer, false), Err(reason), "{issuer}");
        }
    }
}
